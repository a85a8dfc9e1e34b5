package docs_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi/docs"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// sourceless keeps no document of any API.
type sourceless struct{ *storage.Store }

func (sourceless) APIDocument(context.Context, pontage.APIID, string) (*pontage.APIDocument, error) {
	return nil, pontage.E(pontage.NotFound, "There is no such document.")
}

func TestOnlyWhatWasMadeIsToldNotEachReaderOfWhatCannotBe(t *testing.T) {
	w, told := newWorld(t, storagetest.Open(t, storagetest.SQLite(t))), 0
	for _, c := range []struct {
		store docs.Store
		want  int
	}{{sourceless{w.store}, 0}, {w.store, 1}} {
		told = 0
		var err error
		w.library, err = docs.NewLibrary(docs.Config{Store: c.store, Catalog: w.catalog, Instance: "Sandbox", PublicURL: publicURL,
			PlatformHost: "test.oauth.example.test", Terms: docs.Terms{Currency: "EUR", RatePerMinute: 1000}, Made: func() { told++ }})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if a := w.get("/docs/apis/test.oauth.example.test/openapi.json"); (a.Code == http.StatusOK) != (c.want > 0) {
				t.Fatalf("%d %s", a.Code, a.Body)
			}
		}
		if told != c.want {
			t.Errorf("told %d times, want %d", told, c.want)
		}
	}
}
