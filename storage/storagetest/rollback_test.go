package storagetest_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// Whatever breaks between two writes of one unit, nothing of it may be left: a token without its refresh token, an account without
// its wallet, half a catalogue.
func TestAFailureAtAnyStepLeavesNothingHalfDone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		seedTokens(t, store)
		before := everything(t, store)
		steps := 0
		for n := 1; ; n++ {
			failing := storagetest.FailAt(store, n)
			err := failing.Write(ctx, func(tx pontage.Tx) error { return writeEverything(t, tx) })
			if !failing.Reached() {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			steps = n
			if !errors.Is(err, storagetest.ErrInjected) || pontage.CodeOf(err) != pontage.Unavailable {
				t.Fatalf("step %d: %v", n, err)
			}
			if diff := cmp.Diff(before, everything(t, store), equalNets); diff != "" {
				t.Fatalf("step %d left something behind:\n%s", n, diff)
			}
		}
		if steps != 15 {
			t.Errorf("%d steps failed, the unit has 15", steps)
		}
		if cmp.Equal(before, everything(t, store), equalNets) {
			t.Error("the last run wrote nothing")
		}
	})
}

// writeEverything has 14 steps and its commit.
func writeEverything(t *testing.T, tx pontage.Tx) error {
	ctx, all := t.Context(), catalog()
	lineage := emptyLineage()
	lineage.AccountID = "acc_2"
	renamed := lineage
	renamed.Name, renamed.Version = "new", 1
	account := pontage.Account{ID: "acc_2", Email: "b", CreatedAt: start}
	for _, step := range []func() error{
		func() error { return tx.InsertAccount(ctx, account) },
		func() error { account.Name = "b"; return tx.UpdateAccount(ctx, account) },
		func() error { return tx.InsertAPIKey(ctx, pontage.APIKey{ID: "key_2", AccountID: "acc_2"}) },
		func() error { return tx.InsertClient(ctx, pontage.Client{ID: "cli_2", AccountID: "acc_2"}) },
		func() error { return putCatalog(t, tx, all) }, // four: two APIs, scopes, operations
		func() error {
			return tx.SetAccountAccess(ctx, "acc_2", pontage.AccountAccess{Scopes: []pontage.ScopeID{"sco_1"}, Requirements: []string{"kyc"}})
		},
		func() error { return tx.BumpCatalogVersion(ctx) },
		func() error { return tx.InsertLineage(ctx, lineage) },
		func() error { return tx.UpdateLineage(ctx, renamed) },
		func() error { return tx.InsertToken(ctx, pontage.Token{ID: "t2", LineageID: lineage.ID}) },
		func() error {
			return tx.InsertRefreshToken(ctx, pontage.RefreshToken{ID: "ref_2", LineageID: lineage.ID, TokenID: "t2"})
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// everything is what the unit above may touch, as far as it is there.
func everything(t *testing.T, store *storage.Store) []any {
	t.Helper()
	ctx := t.Context()
	var seen []any
	keep := func(value any, err error) {
		if err != nil && pontage.CodeOf(err) != pontage.NotFound {
			t.Fatal(err)
		}
		seen = append(seen, value)
	}
	all, err := store.Catalog(ctx)
	keep(all, err)
	accounts, err := store.Accounts(ctx, pontage.Page{Limit: 10})
	keep(accounts, err)
	wallet, err := store.Wallet(ctx, "acc_2")
	keep(wallet, err)
	access, err := store.AccountAccess(ctx, "acc_2")
	keep(access, err)
	keys, err := store.APIKeys(ctx, "acc_2")
	keep(keys, err)
	clients, err := store.Clients(ctx, "acc_2", pontage.Page{Limit: 10})
	keep(clients, err)
	lineage, err := store.Lineage(ctx, "lin_2")
	keep(lineage, err)
	token, _, err := store.Token(ctx, "t2")
	keep(token, err)
	refresh, err := store.RefreshToken(ctx, "ref_2")
	keep(refresh, err)
	return seen
}

// A rule's own error comes back as it is, and takes its writes with it.
func TestARulesErrorRollsBackAndComesBack(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		refused := pontage.E(pontage.Forbidden, "no")
		err := store.Write(ctx, func(tx pontage.Tx) error {
			if err := tx.InsertAccount(ctx, pontage.Account{ID: "acc_1", Email: "a"}); err != nil {
				return err
			}
			if _, err := tx.Account(ctx, "acc_1"); err != nil {
				t.Errorf("own write is not seen: %v", err)
			}
			if _, err := store.Account(ctx, "acc_1"); pontage.CodeOf(err) != pontage.NotFound {
				t.Errorf("others see it before the commit: %v", err)
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatalf("got %v", err)
		}
		if _, err := store.Account(ctx, "acc_1"); pontage.CodeOf(err) != pontage.NotFound {
			t.Fatalf("it was kept: %v", err)
		}
	})
}
