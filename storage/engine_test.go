package storage

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

// onEach runs a test on a fresh, empty database of both engines; url may be opened more than once.
func onEach(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, freshSQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.URL(t)) })
}

func freshSQLite(t testing.TB) string { return filepath.Join(t.TempDir(), "test.db") }

func mustOpen(t testing.TB, url string) *Store {
	t.Helper()
	s, err := Open(context.Background(), url, Options{Clock: atNoon, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// addAccount is a unit of work that leaves one row behind.
func addAccount(id pontage.AccountID) func(context.Context, tx) error {
	return func(ctx context.Context, t tx) error {
		return t.InsertAccount(ctx, pontage.Account{ID: id, Email: string(id) + "@example.com", CreatedAt: noon})
	}
}

// wantAccounts fails unless exactly these accounts are there, sorted by id.
func wantAccounts(t testing.TB, s *Store, want ...string) {
	t.Helper()
	var got []string
	if err := s.db.NewRaw("SELECT id FROM accounts ORDER BY id").Scan(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("accounts %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("accounts %v, want %v", got, want)
		}
	}
}

func wantCode(t testing.TB, err error, want pontage.Code) {
	t.Helper()
	if got := pontage.CodeOf(err); got != want {
		t.Fatalf("code %q, want %q: %v", got, want, err)
	}
}

// waitBatch runs one batch and returns once it is durable.
func waitBatch(ctx context.Context, s *Store, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error)) error {
	durable := make(chan error, 1)
	if err := s.Batch(ctx, keys, decide, func(err error) { durable <- err }); err != nil {
		return err
	}
	return <-durable
}
