package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// withPlatform gives the library with the platform's own API beside it.
func withPlatform(t testing.TB, store *storage.Store, prefix string) *catalog.Service {
	t.Helper()
	s := library(t, store, prefix)
	imported(t, s, catalog.ImportInput{Documents: []catalog.Document{platform("oauth.example.com")}})
	return s
}

// A token gets what its patterns say, no more: a scope too many is a right nobody gave.
func TestExpandGivesWhatPatternsMean(t *testing.T) {
	store := sqlite(t)
	s := withPlatform(t, store, "test.")
	who := account(t, store, "a@example.com")
	every := []string{"GET:test.eu.weather.example.com/alerts", "GET:test.eu.weather.example.com/now", "GET:test.library.example.com/books",
		"GET:test.library.example.com/root", "GET:test.oauth.example.com/scopes", "GET:test.oauth.example.com/tokens",
		"POST:test.eu.weather.example.com/alerts", "POST:test.library.example.com/books"}
	for _, c := range []struct {
		patterns []string
		platform bool
		want     []string
	}{
		{[]string{"*:*/*"}, true, every},
		{[]string{"*:*.example.com/*"}, true, every},
		{[]string{"*:*/*", "GET:library.example.com/books"}, false, remove(every, "oauth")},
		{[]string{"GET:library.example.com/books"}, false, []string{"GET:test.library.example.com/books"}},
		{[]string{"GET:test.library.example.com/books"}, false, []string{"GET:test.library.example.com/books"}},
		{[]string{"GET:LIBRARY.example.com/books"}, false, []string{"GET:test.library.example.com/books"}},
		{[]string{"*:library.example.com/*"}, false, []string{"GET:test.library.example.com/books", "GET:test.library.example.com/root", "POST:test.library.example.com/books"}},
		{[]string{"*:*.weather.example.com/now"}, false, []string{"GET:test.eu.weather.example.com/now"}},
		{[]string{"POST:oauth.example.com/tokens"}, true, []string{"POST:test.oauth.example.com/tokens"}},
		{[]string{"*:oauth.example.com/tokens"}, true, []string{"GET:test.oauth.example.com/tokens"}},
	} {
		got, err := s.Expand(t.Context(), who, c.patterns, c.platform)
		if err != nil || !slices.IsSorted(got) || !slices.Equal(s.ScopeNames(got), c.want) {
			t.Errorf("%v gives %v, %v; want %v", c.patterns, s.ScopeNames(got), err, c.want)
		}
	}
}

func remove(names []string, part string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return strings.Contains(n, part) })
}

// The caller must learn which of its scopes is wrong, and whether it is the form or the right.
func TestExpandNamesTheWrongScope(t *testing.T) {
	store := sqlite(t)
	s := withPlatform(t, store, "")
	who := account(t, store, "a@example.com")
	for _, c := range []struct {
		pattern string
		code    pontage.Code
	}{
		{"", pontage.InvalidInput}, {"*", pontage.InvalidInput}, {"GET", pontage.InvalidInput}, {"get:library.example.com/books", pontage.InvalidInput},
		{"GET:library.example.com", pontage.InvalidInput}, {"GET:library.example.com/", pontage.InvalidInput}, {"GET:/books", pontage.InvalidInput},
		{"GET:library.example.com/books/1", pontage.InvalidInput}, {"GET:lib*.example.com/books", pontage.InvalidInput},
		{"GET:*example.com/books", pontage.InvalidInput}, {"GET:library.example.com/bo*", pontage.InvalidInput},
		{"G*:library.example.com/books", pontage.InvalidInput}, {"GET:library.example.com/a b", pontage.InvalidInput},
		{"GET:*./books", pontage.InvalidInput}, {"GET:" + strings.Repeat("a", 600) + "/x", pontage.InvalidInput},
		{"GET:library.example.com/nothing", pontage.Unprocessable}, {"GET:*.other.com/*", pontage.Unprocessable},
		{"GET:*.library.example.com/books", pontage.Unprocessable},  // a leading part, not none
		{"PUT:library.example.com/root", pontage.Unprocessable},     // no price
		{"DELETE:library.example.com/books", pontage.Unprocessable}, // restricted
		{"POST:*/tokens", pontage.Unprocessable},                    // a star never writes tokens
		{"POST:oauth.example.com/*", pontage.Unprocessable},
	} {
		_, err := s.Expand(t.Context(), who, []string{"GET:library.example.com/books", c.pattern}, true)
		wantCode(t, err, c.code, "/scopes/1")
	}
	_, err := s.Expand(t.Context(), who, nil, true)
	wantCode(t, err, pontage.InvalidInput, "/scopes")
	_, err = s.Expand(t.Context(), who, slices.Repeat([]string{"*:*/*"}, 2001), true)
	wantCode(t, err, pontage.InvalidInput, "/scopes")
	_, err = s.Expand(t.Context(), who, []string{"GET:oauth.example.com/scopes"}, false)
	wantCode(t, err, pontage.Unprocessable, "/scopes/0")
}

// A token may hold 2,000 scopes; the star of a larger catalogue is an error, not a part of it.
func TestExpandStopsAtTwoThousand(t *testing.T) {
	var doc strings.Builder
	doc.WriteString("openapi: 3.0.3\ninfo: {title: Large, version: '1'}\nservers: [{url: 'https://large.example.com'}]\npaths:\n")
	for i := range 2001 {
		fmt.Fprintf(&doc, "  /p%d: {get: {responses: {'204': {description: ok}}}}\n", i)
	}
	store := sqlite(t)
	s := newService(t, store, "")
	who := account(t, store, "a@example.com")
	for _, c := range []struct {
		last string
		want pontage.Code
	}{{"false", ""}, {"{request: 0}", pontage.Unprocessable}} {
		prices := fmt.Sprintf("scopes: {\"*:*/*\": {prices: {request: 0}}, \"*:*/p2000\": {prices: %s}}", c.last)
		imported(t, s, catalog.ImportInput{Documents: []catalog.Document{{Name: "large", Data: []byte(doc.String())}}, Prices: []byte(prices)})
		got, err := s.Expand(t.Context(), who, []string{"*:*/*"}, true)
		if pontage.CodeOf(err) != c.want || err == nil && len(got) != 2000 {
			t.Errorf("last price %s: %d, %v", c.last, len(got), err)
		}
	}
}

// Filters of lists must find what was used once and is disabled today, and must not turn a typo into "everything".
func TestScopeIDsFindsDisabledScopes(t *testing.T) {
	s := library(t, sqlite(t), "test.")
	got, err := s.ScopeIDs([]string{"PUT:library.example.com/root", "*:library.example.com/books"})
	want := []string{"DELETE:test.library.example.com/books", "GET:test.library.example.com/books", "POST:test.library.example.com/books", "PUT:test.library.example.com/root"}
	if err != nil || !slices.Equal(s.ScopeNames(got), want) {
		t.Errorf("%v, %v", s.ScopeNames(got), err)
	}
	if none, err := s.ScopeIDs(nil); none == nil || len(none) != 0 || err != nil {
		t.Errorf("no names give %v, %v", none, err)
	}
	for _, name := range []string{"x", "GET:library.example.com/nothing"} {
		_, err := s.ScopeIDs([]string{name})
		wantCode(t, err, pontage.InvalidInput, "scopes")
	}
	if names := s.ScopeNames([]pontage.ScopeID{"sco_unknown"}); len(names) != 0 {
		t.Errorf("an unknown id has the name %v", names)
	}
}

// What is granted holds at once, here and on the other instance after it has looked, and for this account alone.
func TestGrantsHoldAtOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store := open()
		s := library(t, store, "")
		other := newService(t, open(), "")
		who, stranger := account(t, store, "a@example.com"), account(t, store, "b@example.com")
		sc := scope(t, s, "DELETE:library.example.com/books")
		wantScope(t, s, who, sc.ID, false, false)
		wantScope(t, other, who, sc.ID, false, false)
		if err := s.GrantScope(t.Context(), pontage.Operator(), who, sc.ID); err != nil {
			t.Fatal(err)
		}
		wantScope(t, s, who, sc.ID, true, false)
		if err := s.FulfilRequirement(t.Context(), pontage.Operator(), who, "contract-signed"); err != nil {
			t.Fatal(err)
		}
		if err := other.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, s := range []*catalog.Service{s, other} {
			wantScope(t, s, who, sc.ID, true, true)
			wantScope(t, s, stranger, sc.ID, false, false)
		}
		access, err := s.Access(t.Context(), who)
		if err != nil || !slices.Equal(access.Scopes, []pontage.ScopeID{sc.ID}) || !slices.Equal(access.Requirements, []string{"contract-signed"}) {
			t.Errorf("access %+v, %v", access, err)
		}
	})
}

func wantScope(t *testing.T, s *catalog.Service, who pontage.AccountID, id pontage.ScopeID, enabled, fulfilled bool) {
	t.Helper()
	as, requirements, err := s.Scope(t.Context(), who, id)
	if err != nil || as.Enabled != enabled || len(requirements) != 1 || requirements["contract-signed"] != fulfilled {
		t.Errorf("%+v, %v, %v; want enabled %v, fulfilled %v", as, requirements, err, enabled, fulfilled)
	}
}

// Grants are the operator's, and go to what exists.
func TestGrantsAreRefused(t *testing.T) {
	store := sqlite(t)
	s := library(t, store, "")
	who := account(t, store, "a@example.com")
	id := scope(t, s, "GET:library.example.com/books").ID
	by := pontage.Actor{Kind: pontage.ActorAccount, AccountID: who}
	wantCode(t, s.GrantScope(t.Context(), by, who, id), pontage.Forbidden, "")
	wantCode(t, s.FulfilRequirement(t.Context(), by, who, "x"), pontage.Forbidden, "")
	wantCode(t, s.FulfilRequirement(t.Context(), pontage.Operator(), who, "a b"), pontage.InvalidInput, "/requirement")
	version := s.Version()
	if err := s.GrantScope(t.Context(), pontage.Operator(), "acc_unknown", id); pontage.CodeOf(err) != pontage.NotFound {
		t.Errorf("unknown account: %v", err)
	}
	if err := s.GrantScope(t.Context(), pontage.Operator(), who, "sco_unknown"); pontage.CodeOf(err) != pontage.NotFound {
		t.Errorf("unknown scope: %v", err)
	}
	if err := s.Refresh(t.Context()); err != nil || s.Version() != version {
		t.Errorf("a refused grant changed the catalogue: %d to %d, %v", version, s.Version(), err)
	}
	if _, _, err := s.Scope(t.Context(), who, "sco_unknown"); pontage.CodeOf(err) != pontage.NotFound {
		t.Errorf("unknown scope: %v", err)
	}
}

// The list shows the whole catalogue, so a partner sees what there would be, and what is for sale to it now.
func TestScopesListsWhatIsEnabled(t *testing.T) {
	store := sqlite(t)
	s := withPlatform(t, store, "")
	list, err := s.Scopes(t.Context(), account(t, store, "a@example.com"))
	if err != nil {
		t.Fatal(err)
	}
	disabled := []string{}
	for _, as := range list {
		if !as.Enabled {
			disabled = append(disabled, as.Scope.Name)
		}
	}
	if !slices.Equal(disabled, []string{"DELETE:library.example.com/books", "PUT:library.example.com/root"}) || len(list) != 13 {
		t.Errorf("%d scopes, disabled %v", len(list), disabled)
	}
}

// A pattern from a stranger never panics, and what it matches it matches by its parts.
func FuzzPattern(f *testing.F) {
	store := sqlite(f)
	s := withPlatform(f, store, "test.")
	who := account(f, store, "a@example.com")
	for _, text := range []string{"*:*/*", "GET:library.example.com/books", "*:*.example.com/root", "POST:oauth.example.com/tokens", "::/", "*:*.*/*"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := s.Expand(t.Context(), who, []string{text}, true)
		if err != nil {
			if e := pontage.Public(err); e.Field != "/scopes/0" || e.Code != pontage.InvalidInput && e.Code != pontage.Unprocessable {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		for _, name := range s.ScopeNames(got) {
			if strings.Contains(text, "*") && strings.Contains(name, "/tokens") && !strings.HasPrefix(name, "GET:") {
				t.Fatalf("%q gives %q", text, name)
			}
			if !strings.Contains(text, "*") && !strings.EqualFold(strings.Replace(name, "test.", "", 1), strings.Replace(text, "test.", "", 1)) {
				t.Fatalf("%q gives %q", text, name)
			}
		}
	})
}
