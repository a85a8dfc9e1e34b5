package catalog_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// shop is a document whose two operations share a schema; the tests change parts of it.
const shop = `{"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"}, "servers": [{"url": "https://shop.example.com"}], "paths": {
 "/items": {"get": {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/List"}}}}}}},
 "/items/{id}": {"delete": {"responses": {"204": {"description": "gone"}}}}},
 "components": {"schemas": {"List": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}, "Item": {"type": "object"}}}}`

// Partners plan by the list of changes: what a new document, or a new price, does to each operation must stand there, also where only
// something it refers to changed; and an import that changes nothing leaves nothing.
func TestRevisionsTellWhatAnImportChanged(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store := open()
		s := newService(t, store, "test.")
		prices := func(amount string) []byte { return []byte("scopes: {\"*:*/*\": {prices: {request: " + amount + "}}}") }
		change := func(document string, price string) {
			imported(t, s, catalog.ImportInput{Documents: []catalog.Document{{Name: "shop", Data: []byte(document)}}, Prices: prices(price)})
		}
		replace := func(in, old, new string) string {
			return string(bytes.Replace([]byte(in), []byte(old), []byte(new), 1))
		}
		change(shop, "0.01")
		change(shop, "0.01")
		deeper := replace(shop, `"Item": {"type": "object"}`, `"Item": {"type": "object", "title": "An item"}`)
		change(deeper, "0.01")
		change(deeper, "0.02")
		other := replace(replace(deeper, `"/items/{id}": {"delete"`, `"/items/{id}/parts": {"post"`), `"version": "1"`, `"version": "2"`)
		change(other, "0.02")

		offer, ok := s.Offer("shop.example.com")
		if !ok {
			t.Fatal("no offer")
		}
		all, err := store.APIRevisions(t.Context(), offer.API.ID, pontage.Keyset{Limit: 10, OldestFirst: true})
		if err != nil {
			t.Fatal(err)
		}
		var got [][]pontage.OperationChange
		for _, r := range all {
			got = append(got, r.Changes)
		}
		want := [][]pontage.OperationChange{
			nil,
			{{Kind: pontage.OperationChanged, Method: "GET", Path: "/items"}},
			{{Kind: pontage.OperationRepriced, Method: "GET", Path: "/items", From: "0.01", To: "0.02"},
				{Kind: pontage.OperationRepriced, Method: "DELETE", Path: "/items/{id}", From: "0.01", To: "0.02"}},
			{{Kind: pontage.OperationRemoved, Method: "DELETE", Path: "/items/{id}"}, {Kind: pontage.OperationAdded, Method: "POST", Path: "/items/{id}/parts"}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("revisions (-want +got):\n%s", diff)
		}
		if all[len(all)-1].Version != "2" {
			t.Errorf("version %q", all[len(all)-1].Version)
		}
		wantSource(t, store, offer.API.ID, other)
	})
}

// wantSource looks for the document as it came.
func wantSource(t *testing.T, store *storage.Store, api pontage.APIID, want string) {
	t.Helper()
	kept, err := store.APIDocument(t.Context(), api, pontage.SourceDocument)
	if err != nil {
		t.Fatal(err)
	}
	source, err := catalog.Source(kept.Data)
	if err != nil || string(source) != want {
		t.Errorf("kept %s: %v", source, err)
	}
}

// An offer is what the documents show as sold: the operations of one API alone, without those that are gone, in a fixed order.
func TestAnOfferHasTheEnabledOperationsOfItsAPI(t *testing.T) {
	s := library(t, sqlite(t), "test.")
	offer, ok := s.Offer("LIBRARY.example.com")
	if !ok || offer.API.Host != "test.library.example.com" || !offer.Serves("library.example.com") || offer.Serves("test.library.example.com") {
		t.Fatalf("%v %+v", ok, offer.API)
	}
	var paths []string
	for _, o := range offer.Operations {
		if o.Scope.APIID != offer.API.ID || o.Operation.ScopeID != o.Scope.ID {
			t.Errorf("%s has scope %s", o.Operation.Path, o.Scope.Name)
		}
		if found, ok := offer.Find(o.Operation.Method, o.Operation.Path); !ok || found != o {
			t.Errorf("%s %s is not found", o.Operation.Method, o.Operation.Path)
		}
		paths = append(paths, o.Operation.Path)
	}
	if len(paths) == 0 || !slices.IsSorted(paths) {
		t.Errorf("paths %v", paths)
	}
	if _, ok := s.Offer("nobody.example.com"); ok {
		t.Error("an offer of nobody")
	}
}
