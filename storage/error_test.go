package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// A rule decides by the code, whichever engine is below.
func TestDriverErrorsHaveTheSameCodeOnBothEngines(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := mustOpen(t, url)
		if err := s.unit(t.Context(), addAccount("acc_1")); err != nil {
			t.Fatal(err)
		}
		const insert = "INSERT INTO accounts (id, email, email_key, name, created_at) VALUES (%s, '', %s, '', '2026-01-01 00:00:00+00:00')"
		for _, c := range []struct {
			statement string
			want      pontage.Code
		}{
			{fmt.Sprintf(insert, "'acc_1'", "'x'"), pontage.Conflict},
			{fmt.Sprintf(insert, "'acc_2'", "'acc_1@example.com'"), pontage.Conflict},
			{fmt.Sprintf(insert, "'acc_2'", "NULL"), pontage.Internal},
			{"UPDATE wallets SET held = 1", pontage.InsufficientCredit},
			{"UPDATE wallets SET balance = -1", pontage.InsufficientCredit},
			{"INSERT INTO catalog_versions (id, version) VALUES (2, 0)", pontage.Conflict},
			{"SELECT nonsense", pontage.Internal},
		} {
			err := s.unit(t.Context(), func(ctx context.Context, u tx) error {
				_, err := u.db.ExecContext(ctx, c.statement)
				return translate(err, "row")
			})
			if got := pontage.CodeOf(err); got != c.want {
				t.Errorf("%s: code %s, want %s: %v", c.statement, got, c.want, err)
			}
		}
	})
}

// A name with a NUL cannot be kept by PostgreSQL; that is the caller's mistake, on both engines.
func TestTextThatCannotBeStoredIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := mustOpen(t, url)
		err := s.unit(t.Context(), func(ctx context.Context, u tx) error {
			return u.InsertAccount(ctx, pontage.Account{ID: "acc_1", Email: "a", Name: "a\x00b", CreatedAt: noon})
		})
		wantCode(t, err, pontage.InvalidInput)
		wantAccounts(t, s)
	})
}

func TestWhatIsNoDriversErrorPassesThrough(t *testing.T) {
	refused := pontage.E(pontage.Forbidden, "no")
	for _, err := range []error{nil, refused, context.Canceled, context.DeadlineExceeded} {
		if got := translate(err, "row"); !errors.Is(got, err) || (err == nil) != (got == nil) {
			t.Errorf("%v became %v", err, got)
		}
	}
	wantCode(t, translate(sql.ErrNoRows, "row"), pontage.NotFound)
	wantCode(t, translate(sql.ErrConnDone, "row"), pontage.Unavailable)
	other := errors.New("strange")
	if got := translate(other, "row"); !errors.Is(got, other) || pontage.CodeOf(got) != pontage.Internal {
		t.Errorf("got %v", got)
	}
}

// An operator who mistyped the database must be told what to look at; a partner, who can look at nothing, when to come back.
func TestADatabaseThatCannotBeReachedIsUnavailable(t *testing.T) {
	for _, url := range []string{
		filepath.Join(t.TempDir(), "no", "such", "folder", "x.db"),
		"postgres://nobody@127.0.0.1:1/none?sslmode=disable",
	} {
		_, err := Open(t.Context(), url, Options{Clock: atNoon, Migrate: true})
		wantCode(t, err, pontage.Unavailable)
		if public := pontage.Public(err); !strings.Contains(err.Error(), "check that it runs") ||
			strings.Contains(public.Message, "URL") || public.RetryAfter == 0 {
			t.Errorf("%v: message %q, retry after %s", err, public.Message, public.RetryAfter)
		}
	}
	for _, url := range []string{"", ":memory:", "sqlite:"} {
		if _, err := Open(t.Context(), url, Options{Clock: atNoon}); err == nil {
			t.Errorf("%q was opened", url)
		}
	}
	if _, err := Open(t.Context(), freshSQLite(t), Options{}); err == nil {
		t.Error("opened without a clock")
	}
}

// Every read and write of a closed store says so by its code.
func TestAClosedStoreIsUnavailable(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := mustOpen(t, url)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := s.Account(context.Background(), "acc_1")
		wantCode(t, err, pontage.Unavailable)
		wantCode(t, s.unit(context.Background(), addAccount("acc_1")), pontage.Unavailable)
		wantCode(t, s.engine.snapshot(context.Background(), func(reader) error { return nil }), pontage.Unavailable)
	})
}

// A caller who gives up on a long read gets their own reason back, not an internal error.
func TestACancelledReadSaysSo(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := mustOpen(t, url)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		const long = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT count(*) FROM n"
		var count int64
		err := translate(s.db.NewRaw(long).Scan(ctx, &count), "account")
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		if _, err := s.CatalogVersion(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
