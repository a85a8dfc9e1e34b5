package storage

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
)

// Two units that lock the same rows in opposite order must both get through: one of them is run again.
func TestDeadlockedUnitsAreRepeated(t *testing.T) {
	s := mustOpen(t, pgtest.URL(t))
	for _, id := range []pontage.AccountID{"acc_1", "acc_2"} {
		if err := s.unit(t.Context(), addAccount(id)); err != nil {
			t.Fatal(err)
		}
	}
	rename := func(ctx context.Context, t tx, id string) error {
		_, err := t.db.NewRaw("UPDATE accounts SET name = name || 'x' WHERE id = ?", id).Exec(ctx)
		return translate(err, "account")
	}
	var both, done sync.WaitGroup
	both.Add(2)
	errs := make([]error, 2)
	for i, order := range [][2]string{{"acc_1", "acc_2"}, {"acc_2", "acc_1"}} {
		done.Go(func() {
			first := sync.OnceFunc(func() { both.Done(); both.Wait() })
			errs[i] = s.unit(t.Context(), func(ctx context.Context, u tx) error {
				if err := rename(ctx, u, order[0]); err != nil {
					return err
				}
				first()
				return rename(ctx, u, order[1])
			})
		})
	}
	done.Wait()
	if errs[0] != nil || errs[1] != nil {
		t.Fatal(errs)
	}
	var names []string
	if err := s.db.NewRaw("SELECT name FROM accounts ORDER BY id").Scan(t.Context(), &names); err != nil {
		t.Fatal(err)
	}
	if strings.Join(names, " ") != "xx xx" {
		t.Fatalf("names %q: a unit ran half or twice", names)
	}
}

// A rule that goes on after an error which ended the transaction must not be told that it was written.
func TestAnErrorThatIsIgnoredStillFailsTheUnit(t *testing.T) {
	s := mustOpen(t, pgtest.URL(t))
	err := s.unit(t.Context(), func(ctx context.Context, u tx) error {
		if err := addAccount("acc_1")(ctx, u); err != nil {
			return err
		}
		_, _ = u.db.ExecContext(ctx, "SELECT nonsense")
		return nil
	})
	if err == nil {
		t.Fatal("committed")
	}
	wantAccounts(t, s)
}

// A rule that panics must leave no transaction and no connection behind.
func TestAPanicRollsBackAndGivesTheConnectionBack(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s, err := Open(t.Context(), url, Options{Clock: atNoon, Migrate: true, MaxReaders: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		for range 3 {
			err := s.unit(t.Context(), func(ctx context.Context, u tx) error {
				_ = addAccount("acc_1")(ctx, u)
				panic("lost")
			})
			if err == nil || !strings.Contains(err.Error(), "panic") {
				t.Fatalf("got %v", err)
			}
		}
		wantAccounts(t, s)
	})
}

// A password in a URL that cannot be read must not end up in a log.
func TestABadURLIsRefusedWithoutItsPassword(t *testing.T) {
	_, err := Open(t.Context(), "postgres://user:secret@[::1/x", Options{Clock: atNoon})
	wantCode(t, err, pontage.InvalidInput)
	if strings.Contains(err.Error(), "secret") {
		t.Fatal(err)
	}
}

// A database server that is restarted costs the units that ran, not the instance.
func TestABrokenConnectionIsUnavailableAndReplaced(t *testing.T) {
	s := mustOpen(t, pgtest.URL(t))
	err := s.unit(t.Context(), func(ctx context.Context, u tx) error {
		if err := addAccount("acc_1")(ctx, u); err != nil {
			return err
		}
		_, err := u.db.ExecContext(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
		return translate(err, "account")
	})
	wantCode(t, err, pontage.Unavailable)
	if err := s.unit(t.Context(), addAccount("acc_2")); err != nil {
		t.Fatal(err)
	}
	wantAccounts(t, s, "acc_2")
}

// A server that falls silent in the middle of a unit is given up soon after the caller's deadline, and the next unit goes on.
func TestASilentServerIsGivenUp(t *testing.T) {
	s := mustOpen(t, pgtest.URL(t))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begun := time.Now()
	err := s.unit(ctx, func(ctx context.Context, u tx) error {
		if err := addAccount("acc_1")(ctx, u); err != nil {
			return err
		}
		_, err := u.db.ExecContext(ctx, "SELECT pg_sleep(60)")
		return translate(err, "account")
	})
	wantCode(t, err, pontage.Unavailable)
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
	if err := s.unit(t.Context(), addAccount("acc_2")); err != nil {
		t.Fatal(err)
	}
	wantAccounts(t, s, "acc_2")
}

// Readiness must not wait for an import.
func TestPingDoesNotWaitForAnImport(t *testing.T) {
	s := mustOpen(t, pgtest.URL(t))
	err := s.unit(t.Context(), func(ctx context.Context, u tx) error {
		if err := u.BumpCatalogVersion(ctx); err != nil {
			return err
		}
		return s.Ping(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
}
