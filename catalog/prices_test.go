package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

func int64p(n int64) *int64 { return &n }

// What the file says is what partners pay.
func TestPricesReachTheScopes(t *testing.T) {
	s := library(t, sqlite(t), "test.")
	books := scope(t, s, "GET:library.example.com/books")
	if *books.Price != 50_000 || books.RatePerMinute != 100 || !cmp.Equal(books.Offers, map[string]pontage.Money{"monthly": 10_000_000}) ||
		!cmp.Equal(books.Allowance, pontage.Allowance{Day: int64p(2), Total: int64p(100)}) || books.Restricted || len(books.Requirements) != 0 {
		t.Errorf("books %+v", books)
	}
	if want := []pontage.SubscriptionOffer{{Term: pontage.Monthly, Requests: 1000, Price: 10_000_000}, {Term: pontage.Annual, Requests: 12_000, Price: 99_500_000}}; !slices.Equal(books.Subscriptions, want) {
		t.Errorf("for sale: %+v", books.Subscriptions)
	}
	gone := scope(t, s, "DELETE:library.example.com/books")
	if *gone.Price != 10_000 || !gone.Restricted || !slices.Equal(gone.Requirements, []string{"contract-signed"}) || !gone.Allowance.None() {
		t.Errorf("delete %+v", gone)
	}
	if shelf := scope(t, s, "PUT:library.example.com/root"); shelf.Price != nil {
		t.Errorf("not for sale, but costs %v", *shelf.Price)
	}
	for _, a := range s.APIs() {
		want := []int{401, 404}
		if strings.Contains(a.Host, "weather") {
			want = nil
		}
		if !slices.Equal(a.FreeStatuses, want) {
			t.Errorf("%s: free %v, want %v", a.Host, a.FreeStatuses, want)
		}
	}
}

// A file without a price for a scope takes it off the market; no price is never "free".
func TestNoPriceIsNotForSale(t *testing.T) {
	store := sqlite(t)
	s := library(t, store, "")
	imported(t, s, catalog.ImportInput{Documents: own(t), Prices: []byte(`scopes: {"GET:library.example.com/books": {prices: {monthly: 3}}, "GET:library.example.com/root": {prices: {request: 0}}}`)})
	list, err := s.Scopes(t.Context(), account(t, store, "a@example.com"))
	if err != nil {
		t.Fatal(err)
	}
	for _, as := range list {
		if free := as.Scope.Name == "GET:library.example.com/root"; as.Enabled != free || (as.Scope.Price != nil) != free {
			t.Errorf("%s: enabled %v, price %v", as.Scope.Name, as.Enabled, as.Scope.Price)
		}
	}
}

// A slip in a price file must stop the import, and say where.
func TestPriceFilesAreReadStrictly(t *testing.T) {
	scopes := func(terms string) string { return "scopes:\n  \"GET:a.example/x\":\n    " + terms }
	for _, c := range []struct{ file, want string }{
		{"", "is empty"},
		{"# nothing", "is empty"},
		{"[]", "line 1: the file must be a mapping"},
		{"prices: {}", "line 1: prices is not a known key"},
		{"scopes: {}\nscopes: {}", "line 2: scopes stands twice"},
		{"scopes: {}\n---\nscopes: {}", "must hold one YAML document"},
		{"scopes: {\"GET a\": {}}", "is not of the form METHOD:host/path"},
		{"apis: {\"a b\": {}}", "a b is not a host"},
		{"apis: {a.example: {free: [500]}}", "must be a whole number from 400 to 499"},
		{"apis: {a.example: {free: 404}}", "must be a list"},
		{scopes("price: {}"), "line 3: scopes > GET:a.example/x > price is not a known key"},
		{scopes("prices: {request: \"0.1\"}"), "must be a number"},
		{scopes("prices: {request: 0.0000001}"), "more than 6 decimals"},
		{scopes("prices: {request: -1}"), "must not be negative"},
		{scopes("prices: {request: 0x10}"), "not a number"},
		{scopes("prices: {request: .5}"), "not a number"},
		{scopes("prices: {request: .nan}"), "not a number"},
		{scopes("prices: {request: 1e300}"), "out of range"},
		{scopes("prices: {request: null}"), "must be a number"},
		{scopes("prices: {request: true}"), "must be a number"},
		{scopes("prices: true"), "must be a mapping"},
		{scopes("prices: {request: 1, request: 2}"), "request stands twice"},
		{scopes("prices: {a b: 1}"), "is not a name"},
		{scopes("prices: {request: &p 1}\n  \"GET:b.example/x\": {prices: {request: *p}}"), "must be a number"},
		{scopes("allowance: {week: 1}"), "week is not a known key"},
		{scopes("allowance: {day: -1}"), "must be a whole number from 0"},
		{scopes("allowance: {day: true}"), "must be a whole number from 0"},
		{scopes("allowance: {day: 1.5}"), "must be a whole number from 0"},
		{scopes("rate: 100"), "must be a text"},
		{scopes("rate: 100/s"), "must be like 100/min"},
		{scopes("rate: 0/min"), "must be like 100/min"},
		{scopes("rate: 0100/min"), "must be like 100/min"},
		{scopes("rate: 100/minute"), "must be like 100/min"},
		{scopes("requirements: contract"), "must be a list"},
		{scopes("requirements: [a, a]"), "1 stands twice"},
		{scopes("requirements: [\"a b\"]"), "is not a name"},
		{scopes("restricted: 1"), "must be true or false"},
		{scopes("subscriptions: {monthly: 1}"), "must be a list"},
		{scopes("subscriptions: [{term: weekly, requests: 1, price: 1}]"), "must be monthly or annual"},
		{scopes("subscriptions: [{term: monthly, requests: 0, price: 1}]"), "must be a whole number from 1"},
		{scopes("subscriptions: [{term: monthly, requests: 1, price: -1}]"), "must not be negative"},
		{scopes("subscriptions: [{term: monthly, requests: 1}]"), "0 needs term, requests and price"},
		{scopes("subscriptions: [{term: monthly, requests: 1, price: 1, renew: true}]"), "renew is not a known key"},
		{scopes("subscriptions: [{term: monthly, requests: 1, price: 1}, {term: monthly, requests: 1, price: 2}]"), "1 stands twice"},
	} {
		_, err := catalog.ParsePrices([]byte(c.file))
		wantCode(t, err, pontage.InvalidInput, "prices")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.file, err, c.want)
		}
	}
	if _, err := catalog.ParsePrices(append([]byte("scopes: {} #"), make([]byte, 5<<20)...)); err == nil {
		t.Error("a file of 5 MiB was read")
	}
}

// A faulty price file must stop the import before anything changed.
func TestAFaultyPriceFileChangesNothing(t *testing.T) {
	store := sqlite(t)
	s := library(t, store, "")
	before := rows(t, store)
	_, err := s.Import(t.Context(), pontage.Operator(), catalog.ImportInput{Documents: append(own(t), platform("oauth.example.com")), Prices: []byte("x: 1")})
	wantCode(t, err, pontage.InvalidInput, "prices")
	if diff := cmp.Diff(before, rows(t, store)); diff != "" {
		t.Errorf("the catalogue changed: %s", diff)
	}
}

// Whatever is in the file, it is read or refused at "prices"; nothing panics and no price is negative.
func FuzzPrices(f *testing.F) {
	f.Add(read(f, "testdata/prices.yaml"))
	for _, text := range []string{"scopes: {\"*:*/*\": {prices: {request: 1e2}}}", "a: &a [*a]", "? [x]\n: 1", "scopes: {<<: {a: 1}}", "\x00"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := catalog.ParsePrices(data); err != nil {
			if e := pontage.Public(err); e.Code != pontage.InvalidInput || e.Field != "prices" {
				t.Fatalf("%q: %v", data, err)
			}
		}
	})
}
