package storage

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

// failingStatement lets the n-th statement from now on fail: it runs under a context that has ended.
type failingStatement struct{ left int }

func (f *failingStatement) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context {
	if f.left--; f.left == 0 {
		ended, cancel := context.WithCancel(ctx)
		cancel()
		return ended
	}
	return ctx
}

func (f *failingStatement) AfterQuery(context.Context, *bun.QueryEvent) {}

// Some writing methods take several statements; whichever fails, the unit must leave nothing.
func TestAFailureAtAnyStatementLeavesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := mustOpen(t, url)
		hook := new(failingStatement)
		switch engine := s.engine.(type) {
		case *sqliteEngine:
			engine.writer.close()
			w, err := newWriter(t.Context(), engine.write.WithQueryHook(hook), Options{Clock: atNoon, Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			engine.writer = w
		case *postgresEngine:
			engine.db = engine.db.WithQueryHook(hook)
		}
		write := func(n int) error {
			return s.unit(t.Context(), func(ctx context.Context, u tx) error {
				hook.left = n
				if err := addAccount("acc_1")(ctx, u); err != nil {
					return err
				}
				return u.SetAccountAccess(ctx, "acc_1", pontage.AccountAccess{Requirements: []string{"kyc"}})
			})
		}
		n := 1
		for ; ; n++ {
			err := write(n)
			if err == nil {
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("statement %d: %v", n, err)
			}
			wantAccounts(t, s)
		}
		if n != 6 { // account, wallet, two deletes, one insert
			t.Errorf("the unit has %d statements, want 5", n-1)
		}
		wantAccounts(t, s, "acc_1")
	})
}
