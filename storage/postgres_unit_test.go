package storage

import (
	"context"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
)

// A unit that only adds rows must be one round trip, else tokens are issued at a third of the rate; and whole or not at all.
func TestAUnitOfInsertsIsOneTextAndWhole(t *testing.T) {
	s, ctx := mustOpen(t, pgtest.URL(t)), t.Context()
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	token := func(id string) func(ctx context.Context, u tx) error {
		return func(ctx context.Context, u tx) error {
			l := pontage.Lineage{ID: pontage.LineageID("lin_" + id), AccountID: "acc_1", ScopeSetID: "set_1", CreatedAt: at, UpdatedAt: at}
			if err := u.InsertLineage(ctx, l); err != nil {
				return err
			}
			if err := u.InsertToken(ctx, pontage.Token{ID: pontage.TokenID(id), LineageID: l.ID, CreatedAt: at}); err != nil {
				return err
			}
			return u.InsertRefreshToken(ctx, pontage.RefreshToken{ID: pontage.RefreshTokenID("ref_" + id), LineageID: l.ID, TokenID: pontage.TokenID(id), CreatedAt: at})
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.unit(ctx, func(ctx context.Context, u tx) error {
		must(u.InsertAccount(ctx, pontage.Account{ID: "acc_1", Email: "a", CreatedAt: at}))
		return u.InsertScopeSet(ctx, pontage.ScopeSet{ID: "set_1", Digest: []byte{1}})
	}))
	must(s.unit(ctx, func(ctx context.Context, u tx) error {
		must(token("one")(ctx, u))
		if unit := u.db.(*lazily); unit.begun || len(unit.later) == 0 {
			t.Error("something was sent before the commit")
		}
		return nil
	}))
	must(s.unit(ctx, func(ctx context.Context, u tx) error {
		must(token("two")(ctx, u))
		if _, err := u.Lineage(ctx, "lin_two"); err != nil {
			t.Errorf("a unit does not see its own writes: %v", err)
		}
		return token("three")(ctx, u)
	}))
	// The refresh token is taken: nothing of the unit may stay, whether it was begun or not.
	for _, begun := range []bool{false, true} {
		err := s.unit(ctx, func(ctx context.Context, u tx) error {
			if begun {
				_, err := u.Account(ctx, "acc_1")
				must(err)
			}
			must(token("four")(ctx, u))
			return u.InsertRefreshToken(ctx, pontage.RefreshToken{ID: "ref_one", LineageID: "lin_four", TokenID: "four", CreatedAt: at})
		})
		if pontage.CodeOf(err) != pontage.Conflict {
			t.Errorf("begun %v: %v", begun, err)
		}
	}
	for id, there := range map[pontage.LineageID]bool{"lin_one": true, "lin_two": true, "lin_three": true, "lin_four": false} {
		if _, err := s.Lineage(ctx, id); (err == nil) != there {
			t.Errorf("%s: %v", id, err)
		}
	}
}

// A unit whose error got lost must not look committed.
func TestALostErrorIsNoCommit(t *testing.T) {
	s, ctx := mustOpen(t, pgtest.URL(t)), t.Context()
	for range 3 { // the connection must be good afterwards
		err := s.unit(ctx, func(ctx context.Context, u tx) error {
			if err := addAccount("acc_1")(ctx, u); err != nil {
				return err
			}
			_, _ = u.db.ExecContext(ctx, "SELECT 1/0")
			return nil
		})
		if err == nil {
			t.Fatal("it was called a success")
		}
		wantAccounts(t, s)
	}
}
