package catalog_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// An operation that got lost would be a service the provider cannot sell.
func TestImportTakesEveryOperation(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store := open()
		s := newService(t, store, "")
		list, real := documents(t)
		report := imported(t, s, catalog.ImportInput{Documents: list, Prices: []byte("scopes: {\"*:*/*\": {prices: {request: 0.01}}}")})
		sum := report.Totals()
		t.Logf("%d documents: %d operations, %d scopes, %d repairs, %d left out; answers: %d examples, %d generated, %d empty",
			len(list), sum.Operations, sum.Scopes, len(sum.Repairs), len(sum.LeftOut), sum.Examples, sum.Generated, sum.Empty)
		if real && (sum.Operations != 155 || len(sum.LeftOut) != 0 || structural(sum.Repairs) != 3) {
			t.Errorf("operations %d, left out %v, documents with repairs of their structure %d", sum.Operations, sum.LeftOut, structural(sum.Repairs))
		}
		all := rows(t, store)
		if len(all.Operations) != sum.Operations || len(all.Scopes) != sum.Scopes || sum.Sellable != sum.Scopes {
			t.Errorf("rows %d operations, %d scopes; report %+v", len(all.Operations), len(all.Scopes), sum)
		}
		everyOperationMatches(t, s, all)
	})
}

// structural counts the documents with a repair that is not about an example.
func structural(repairs []catalog.Repair) int {
	seen := map[string]bool{}
	for _, r := range repairs {
		if !strings.Contains(r.Pointer, "/example") {
			seen[r.Document] = true
		}
	}
	return len(seen)
}

// everyOperationMatches asks for each operation by its own path and wants it back.
func everyOperationMatches(t *testing.T, s *catalog.Service, all *pontage.Catalog) {
	t.Helper()
	hosts := map[pontage.APIID]string{}
	for _, a := range all.APIs {
		hosts[a.ID] = a.Host
	}
	for _, o := range all.Operations {
		path := strings.NewReplacer("{", "", "}", "").Replace(o.Path)
		m, err := s.Match(o.Method, hosts[o.APIID], path)
		if err != nil || m.Operation.ID != o.ID || m.Scope.ID != o.ScopeID || m.Path != path {
			t.Errorf("%s %s%s: %+v, %v", o.Method, hosts[o.APIID], path, m, err)
		}
	}
}

// Ids are in tokens, subscriptions and books: an import must never change them, and must switch off what is gone.
func TestImportAgainKeepsIDsAndDisablesWhatIsGone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store := open()
		s := library(t, store, "")
		before := ids(rows(t, store))
		changed := strings.ReplaceAll(string(read(t, "testdata/library.json")), `"/books/latest"`, `"/news"`)
		report := imported(t, s, catalog.ImportInput{Documents: []catalog.Document{{Name: "library.json", Data: []byte(changed)}}})
		d := report.Documents[0]
		if d.Outcome != "updated" || d.DisabledOperations != 1 || d.DisabledScopes != 0 {
			t.Errorf("report %+v", d)
		}
		after := ids(rows(t, store))
		for name, id := range before {
			if after[name] != id {
				t.Errorf("%s had %s, has %s", name, id, after[name])
			}
		}
		if m, err := s.Match("GET", "library.example.com", "/books/latest"); err != nil || m.Operation.Path != "/books/{isbn}" {
			t.Errorf("a disabled operation answers: %+v, %v", m, err)
		}
		sc := scope(t, s, "GET:library.example.com/books")
		if *sc.Price != 50_000 {
			t.Errorf("an import without prices changed one: %v", *sc.Price)
		}
		if sc := scope(t, s, "GET:library.example.com/news"); sc.Price != nil {
			t.Errorf("a new scope has a price nobody wrote: %v", *sc.Price)
		}
	})
}

// ids names every row of the catalogue.
func ids(all *pontage.Catalog) map[string]string {
	names := map[string]string{}
	for _, a := range all.APIs {
		names[a.Host] = string(a.ID)
	}
	for _, sc := range all.Scopes {
		names[sc.Name] = string(sc.ID)
	}
	for _, o := range all.Operations {
		names[string(o.APIID)+o.Method+o.Path] = string(o.ID)
	}
	return names
}

func scope(t testing.TB, s *catalog.Service, name string) *pontage.Scope {
	t.Helper()
	found, err := s.ScopeIDs([]string{name})
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v, %v", name, found, err)
	}
	sc, _ := s.ScopeByID(found[0])
	return sc
}

// A nightly import of unchanged files must not make every instance read the catalogue again.
func TestAnEqualImportChangesNothing(t *testing.T) {
	store := sqlite(t)
	s := library(t, store, "")
	before := rows(t, store)
	in := catalog.ImportInput{Documents: own(t), Prices: read(t, "testdata/prices.yaml")}
	for _, in := range []catalog.ImportInput{in, {Documents: own(t)}} {
		report := imported(t, s, in)
		for _, d := range report.Documents {
			if d.Outcome != "unchanged" {
				t.Errorf("%s: %s", d.Document, d.Outcome)
			}
		}
	}
	if diff := cmp.Diff(before, rows(t, store)); diff != "" {
		t.Errorf("the catalogue changed: %s", diff)
	}
}

// A broken document must not take its API, or the others, down.
func TestARejectedDocumentLeavesTheOthers(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store := open()
		s := library(t, store, "")
		before := rows(t, store)
		broken := strings.ReplaceAll(string(read(t, "testdata/library.json")), `#/components/schemas/Book`, `#/components/schemas/Boat`)
		report, err := s.Import(t.Context(), pontage.Operator(), catalog.ImportInput{Complete: true, Documents: []catalog.Document{
			{Name: "library.json", Data: []byte(broken)}, platform("oauth.example.com")}})
		if err != nil {
			t.Fatal(err)
		}
		d := report.Documents[0]
		if d.Outcome != "rejected" || !strings.HasSuffix(d.Pointer, "/$ref") || report.Documents[1].Outcome != "created" {
			t.Errorf("report:\n%s", report)
		}
		after := rows(t, store)
		after.APIs = slices.DeleteFunc(after.APIs, func(a pontage.API) bool { return a.Platform })
		if diff := cmp.Diff(before.APIs, after.APIs); diff != "" {
			t.Errorf("APIs changed: %s", diff)
		}
	})
}

// What the provider takes off the market must stop answering, and come back with its ids.
func TestACompleteImportDisablesAPIsThatAreGone(t *testing.T) {
	store := sqlite(t)
	s := library(t, store, "")
	imported(t, s, catalog.ImportInput{Documents: []catalog.Document{platform("oauth.example.com")}})
	before := ids(rows(t, store))
	report := imported(t, s, catalog.ImportInput{Documents: own(t)[:1], Complete: true})
	if !slices.Equal(report.Gone, []string{"eu.weather.example.com"}) || s.HasHost("eu.weather.example.com") || !s.HasHost("oauth.example.com") {
		t.Errorf("gone %v", report.Gone)
	}
	imported(t, s, catalog.ImportInput{Documents: own(t), Complete: true})
	if !s.HasHost("eu.weather.example.com") {
		t.Error("the API did not come back")
	}
	if diff := cmp.Diff(before, ids(rows(t, store))); diff != "" {
		t.Errorf("ids changed: %s", diff)
	}
}

// The catalogue decides what partners pay: nobody but the operator may touch it, and nobody may pose as the platform.
func TestOnlyTheOperatorImports(t *testing.T) {
	store := sqlite(t)
	s := library(t, store, "")
	for _, kind := range []pontage.ActorKind{pontage.ActorAccount, pontage.ActorToken, pontage.ActorClient, pontage.ActorRefresh, ""} {
		_, err := s.Import(t.Context(), pontage.Actor{Kind: kind}, catalog.ImportInput{Documents: own(t)})
		wantCode(t, err, pontage.Forbidden, "")
	}
	taken := platform("library.example.com")
	report, err := s.Import(t.Context(), pontage.System(), catalog.ImportInput{Documents: []catalog.Document{taken}})
	if err != nil || report.Rejected() != 1 || report.Documents[0].Pointer != "/servers" {
		t.Errorf("a document took another's host: %v, %v", report, err)
	}
}

// Operators read the report, scripts parse it: both must say the same.
func TestTheReportIsTextAndJSON(t *testing.T) {
	s := newService(t, sqlite(t), "")
	report, err := s.Import(t.Context(), pontage.Operator(), catalog.ImportInput{
		Documents: append(own(t), catalog.Document{Name: "bad.yaml", Data: []byte("a: [")}),
		Prices:    []byte("scopes: {\"GET:nowhere.example.com/x\": {prices: {request: 1}}}")})
	if err != nil {
		t.Fatal(err)
	}
	text := report.String()
	for _, want := range []string{"library.example.com created, 9 operations, 5 scopes", "repaired /paths/:", "bad.yaml: rejected at",
		"left out /paths/~1books/options", "price entry GET:nowhere.example.com/x fits no imported API", "3 documents, 1 rejected: 12 operations"} {
		if !strings.Contains(text, want) {
			t.Errorf("text lacks %q:\n%s", want, text)
		}
	}
	data, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	var back catalog.Report
	if err := json.Unmarshal(data, &back); err != nil || !cmp.Equal(*report, back) {
		t.Errorf("JSON does not come back: %v %s", err, data)
	}
}

// Two operators at once must not mix their imports: one wins a host's rows after the other, none is lost.
func TestTwoImportsAtOnceLeaveOneCatalogue(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		first, second := newService(t, open(), ""), newService(t, open(), "")
		done := make(chan error)
		for _, s := range []*catalog.Service{first, second} {
			go func() {
				_, err := s.Import(t.Context(), pontage.Operator(), catalog.ImportInput{Documents: own(t)})
				done <- err
			}()
		}
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if err := first.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		scopes, err := first.Scopes(t.Context(), "")
		if err != nil || len(scopes) != 8 {
			t.Errorf("%d scopes, %v", len(scopes), err)
		}
	})
}

// Whatever step fails, each API is as it was or as it should be, and the next import puts it right.
func TestAnImportIsNeverHalfDone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store := open()
		for n := 1; ; n++ {
			failing := storagetest.FailAt(store, n)
			_, err := newService(t, failing, "").Import(t.Context(), pontage.Operator(), catalog.ImportInput{Documents: own(t)})
			if !failing.Reached() {
				if err != nil || n < 8 {
					t.Errorf("done after %d steps: %v", n, err)
				}
				break
			}
			if !errors.Is(err, storagetest.ErrInjected) {
				t.Fatalf("step %d: %v", n, err)
			}
			wholeAPIs(t, rows(t, store), n)
		}
	})
}

// wholeAPIs wants each API there is with all it has.
func wholeAPIs(t *testing.T, all *pontage.Catalog, step int) {
	t.Helper()
	scopes, operations := map[pontage.APIID]int{}, map[pontage.APIID]int{}
	for _, sc := range all.Scopes {
		scopes[sc.APIID]++
	}
	for _, o := range all.Operations {
		operations[o.APIID]++
	}
	want := map[string][2]int{"library.example.com": {5, 9}, "eu.weather.example.com": {3, 3}}
	for _, a := range all.APIs {
		if got := [2]int{scopes[a.ID], operations[a.ID]}; got != want[a.Host] {
			t.Errorf("step %d: %s has %v, want %v", step, a.Host, got, want[a.Host])
		}
	}
}
