package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// A check that says something else than the import does would be worse than none; and it must leave the catalogue as it is.
func TestCheckSaysWhatImportDoes(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store := open()
		s := newService(t, store, "test.")
		text := string(read(t, "testdata/library.json"))
		document := func(name, text string) catalog.Document { return catalog.Document{Name: name, Data: []byte(text)} }
		prices := func(price string) []byte {
			return []byte(`scopes: {"GET:*/books": {prices: {request: ` + price + `}}}`)
		}
		for _, c := range []struct {
			name string
			in   catalog.ImportInput
		}{
			{"new", catalog.ImportInput{Documents: []catalog.Document{document("a", text)}, Prices: prices("0.05")}},
			{"the same", catalog.ImportInput{Documents: []catalog.Document{document("a", text)}, Prices: prices("0.05")}},
			{"twice", catalog.ImportInput{Documents: []catalog.Document{document("a", text), document("b", text)}}},
			{"dearer", catalog.ImportInput{Documents: []catalog.Document{document("a", text)}, Prices: prices("0.07")}},
			{"another path", catalog.ImportInput{Documents: []catalog.Document{document("a", strings.ReplaceAll(text, `"/books/latest"`, `"/news"`))}}},
			{"broken", catalog.ImportInput{Documents: []catalog.Document{document("a", "{")}}},
			{"gone", catalog.ImportInput{Complete: true, Documents: []catalog.Document{document("a", strings.ReplaceAll(text, "library.", "other."))}}},
			{"back again", catalog.ImportInput{Documents: []catalog.Document{document("a", text)}, Prices: prices("0.05")}},
		} {
			before := rows(t, store)
			said, err := s.Check(t.Context(), pontage.Operator(), c.in)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if diff := cmp.Diff(before, rows(t, store)); diff != "" {
				t.Errorf("%s: the check changed the catalogue: %s", c.name, diff)
			}
			done, err := s.Import(t.Context(), pontage.Operator(), c.in)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			wantDifference(t, c.name, said, before, rows(t, store))
			for i := range said.Documents {
				said.Documents[i].Difference = nil
				if said.Documents[i].API == "" {
					done.Documents[i].API = ""
				}
			}
			if diff := cmp.Diff(done, said); diff != "" {
				t.Errorf("%s: import and check (+) say: %s", c.name, diff)
			}
		}
	})
}

// wantDifference compares what a check said with the scopes before and after the import.
func wantDifference(t *testing.T, name string, said *catalog.Report, before, after *pontage.Catalog) {
	t.Helper()
	was, is := sold(before), sold(after)
	for _, d := range said.Documents {
		if d.Difference == nil {
			if d.Outcome != "rejected" {
				t.Errorf("%s: no difference is said of %s", name, d.Host)
			}
			continue
		}
		for _, scope := range d.Difference.Added {
			if _, there := was[scope]; there || is[scope] == "" {
				t.Errorf("%s: %s is not added", name, scope)
			}
			delete(is, scope)
		}
		for _, scope := range d.Difference.Removed {
			if _, there := is[scope]; there || was[scope] == "" {
				t.Errorf("%s: %s is not removed", name, scope)
			}
			delete(was, scope)
		}
		for _, c := range d.Difference.Changed {
			if was[c.Scope] == is[c.Scope] || len(c.What) != 1 || !strings.HasPrefix(c.What[0], "price "+was[c.Scope]+" -> "+is[c.Scope]) {
				t.Errorf("%s: %s: %q, it was %s and is %s", name, c.Scope, c.What, was[c.Scope], is[c.Scope])
			}
			delete(was, c.Scope)
			delete(is, c.Scope)
		}
	}
	for _, host := range said.Gone {
		for scope := range was {
			if strings.Contains(scope, ":"+host+"/") {
				delete(was, scope)
			}
		}
	}
	if diff := cmp.Diff(was, is); diff != "" {
		t.Errorf("%s: what the check did not say: %s", name, diff)
	}
}

// sold gives the prices of the scopes that are served.
func sold(all *pontage.Catalog) map[string]string {
	enabled, prices := map[pontage.APIID]bool{}, map[string]string{}
	for _, a := range all.APIs {
		enabled[a.ID] = a.Enabled
	}
	for _, sc := range all.Scopes {
		if !sc.Enabled || !enabled[sc.APIID] {
			continue
		}
		prices[sc.Name] = "none"
		if sc.Price != nil {
			prices[sc.Name] = sc.Price.String()
		}
	}
	return prices
}
