package catalog_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// newService makes a service over store whose ids grow.
func newService(t testing.TB, store catalog.Store, prefix string) *catalog.Service {
	t.Helper()
	keys, err := pontage.NewKeyRing(pontage.NewKey("k1"))
	if err != nil {
		t.Fatal(err)
	}
	var ticks atomic.Int64
	clock := func() time.Time { return storagetest.Start.Add(time.Duration(ticks.Add(1)) * time.Millisecond) }
	s := catalog.New(catalog.Config{Store: store, Clock: clock, HostPrefix: prefix, Keys: keys})
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// own gives the repository's own documents.
func own(t testing.TB) []catalog.Document {
	return []catalog.Document{
		{Name: "library.json", Data: read(t, "testdata/library.json")},
		{Name: "weather.yaml", Data: read(t, "testdata/weather.yaml")},
	}
}

// documents gives the ones in the folder PONTAGE_APIS names, or the repository's own; real says which.
func documents(t testing.TB) (list []catalog.Document, real bool) {
	folder := os.Getenv("PONTAGE_APIS")
	if folder == "" {
		return own(t), false
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("PONTAGE_APIS=%s has no documents: %v", folder, err)
	}
	for _, f := range files {
		list = append(list, catalog.Document{Name: filepath.Base(f), Data: read(t, f)})
	}
	return list, true
}

// imported imports and expects every document to be taken.
func imported(t testing.TB, s *catalog.Service, in catalog.ImportInput) *catalog.Report {
	t.Helper()
	report, err := s.Import(t.Context(), pontage.Operator(), in)
	if err != nil {
		t.Fatal(err)
	}
	if report.Rejected() != 0 {
		t.Fatalf("rejected:\n%s", report)
	}
	return report
}

// library gives a service with the repository's own documents and prices.
func library(t testing.TB, store *storage.Store, prefix string) *catalog.Service {
	t.Helper()
	s := newService(t, store, prefix)
	imported(t, s, catalog.ImportInput{Documents: own(t), Prices: read(t, "testdata/prices.yaml"),
		Upstream: catalog.UpstreamMap{Default: "http://{host}.internal:8080/in"}})
	return s
}

// platform is a small document of the platform's own API.
func platform(host string) catalog.Document {
	return catalog.Document{Name: "platform", Platform: true, Data: []byte(strings.ReplaceAll(`
openapi: 3.0.3
info: {title: Platform, version: "1"}
servers: [{url: "https://HOST"}]
paths:
  /scopes: {get: {responses: {"200": {description: ok}}}}
  /tokens:
    get: {responses: {"200": {description: ok}}}
    post: {responses: {"200": {description: ok}}}
  /tokens/{token}:
    patch: {responses: {"200": {description: ok}}}
    delete: {responses: {"200": {description: ok}}}
`, "HOST", host))}
}

// account makes an account and gives its id.
func account(t testing.TB, store *storage.Store, email string) pontage.AccountID {
	t.Helper()
	id := pontage.NewAccountID(storagetest.Start)
	err := store.Write(t.Context(), func(tx pontage.Tx) error {
		return tx.InsertAccount(t.Context(), pontage.Account{ID: id, Email: email, Name: email, CreatedAt: storagetest.Start})
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// sqlite opens a database of its own for tests that are not about storage.
func sqlite(t testing.TB) *storage.Store { return storagetest.Open(t, storagetest.SQLite(t)) }

// wantCode fails where err has another code or field.
func wantCode(t *testing.T, err error, code pontage.Code, field string) {
	t.Helper()
	if err == nil || pontage.CodeOf(err) != code || pontage.Public(err).Field != field {
		t.Errorf("error %v, want %s at %q", err, code, field)
	}
}

// rows reads the whole catalogue.
func rows(t testing.TB, store *storage.Store) *pontage.Catalog {
	t.Helper()
	all, err := store.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}
