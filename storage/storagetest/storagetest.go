package storagetest

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/pontage/pontage/internal/pgtest"
	"github.com/pontage/pontage/storage"
)

// Start is where the clock of every store of this package stands.
var Start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// Clock always says Start.
func Clock() time.Time { return Start }

// Each runs a test on a fresh database of every engine. open opens the database and closes it at the end of the test; called
// again it gives another Store on the same database, as a second instance would have.
func Each(t *testing.T, test func(t *testing.T, open func() *storage.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, opener(t, SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, opener(t, Postgres(t))) })
}

// SQLite gives the URL of a database that does not exist yet.
func SQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "test.db") }

// Postgres gives the URL of a fresh database whose schema is up to date.
func Postgres(t testing.TB) string {
	t.Helper()
	return pgtest.Copy(t, storage.Schema(), func(url string) error {
		store, err := storage.Open(context.Background(), url, options())
		if err != nil {
			return err
		}
		return store.Close()
	})
}

func options() storage.Options { return storage.Options{Clock: Clock, Migrate: true} }

// Open opens the database at url with the clock of this package, brings its schema up to date, and closes it with the test.
func Open(t testing.TB, url string) *storage.Store {
	t.Helper()
	store, err := storage.Open(t.Context(), url, options())
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return store
}

func opener(t *testing.T, url string) func() *storage.Store {
	return func() *storage.Store { t.Helper(); return Open(t, url) }
}
