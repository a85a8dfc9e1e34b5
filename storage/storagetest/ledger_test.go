package storagetest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func subscription(who tenant, at time.Time) pontage.Subscription {
	return pontage.Subscription{
		ID: pontage.NewSubscriptionID(at), AccountID: who.account, ScopeID: scope, Term: pontage.Monthly, Price: 5_000_000,
		TotalRequests: 100, StartsAt: at, ExpiresAt: at.Add(pontage.Monthly.Length()), CreatedAt: at, UpdatedAt: at,
	}
}

// The wallet is the partner's money: what is written must be there, and the database must refuse what cannot be.
func TestTheWalletRefusesToBeOverdrawn(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 10)
		for _, w := range []pontage.Wallet{
			{AccountID: who.account, Balance: 5, Held: 6, UpdatedAt: start},
			{AccountID: who.account, Balance: -1, UpdatedAt: start},
			{AccountID: who.account, Balance: 5, Held: -1, UpdatedAt: start},
		} {
			err := store.Write(t.Context(), func(tx pontage.Tx) error { return tx.UpdateWallet(t.Context(), w) })
			if pontage.CodeOf(err) != pontage.InsufficientCredit {
				t.Errorf("%+v gave %v", w, err)
			}
		}
		got, err := store.Wallet(t.Context(), who.account)
		want := &pontage.Wallet{AccountID: who.account, Balance: 10, CreatedAt: start, UpdatedAt: start}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
		_, err = store.Wallet(t.Context(), "acc_none")
		missing := store.Write(t.Context(), func(tx pontage.Tx) error {
			return tx.UpdateWallet(t.Context(), pontage.Wallet{AccountID: "acc_none", UpdatedAt: start})
		})
		if pontage.CodeOf(err) != pontage.NotFound || pontage.CodeOf(missing) != pontage.NotFound {
			t.Errorf("an unknown wallet gave %v and %v", err, missing)
		}
	})
}

// A taken transfer id is the sign of a repeat: it must be told apart and must not spoil the rest of the unit of work.
func TestATakenTransferIsConflictAndTheUnitGoesOn(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 10)
		transfer := funding(who.account, 5, start)
		write(t, store, func(tx pontage.Tx) error {
			if err := tx.InsertTransfers(t.Context(), []pontage.Transfer{transfer}); err != nil {
				return err
			}
			if err := tx.InsertTransfers(t.Context(), []pontage.Transfer{transfer}); pontage.CodeOf(err) != pontage.Conflict {
				t.Errorf("got %v", err)
			}
			return tx.InsertTransfers(t.Context(), []pontage.Transfer{funding(who.account, 1, start)})
		})
		lines, err := store.Transactions(t.Context(), pontage.TransactionQuery{AccountID: who.account, Page: pontage.Page{Limit: 10}})
		if len(lines) != 3 || err != nil {
			t.Errorf("%d lines, %v", len(lines), err)
		}
	})
}

// Lists are read page by page; entries of the same moment must neither repeat nor get lost between pages.
func TestTransactionsPageThroughTies(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who, other := newTenant(t, store, 0), newTenant(t, store, 5)
		var transfers []pontage.Transfer
		for i := range 7 {
			transfers = append(transfers, funding(who.account, pontage.Money(i+1), start))
		}
		spent := pontage.Transfer{
			ID: pontage.NewTransferID(start), Kind: pontage.TransferSubscription, Debit: pontage.LedgerWallet(who.account),
			Credit: pontage.LedgerRevenue, Amount: 9, AccountID: who.account, Description: "Subscription", CreatedAt: start.Add(time.Second),
		}
		transfers = append(transfers, spent, usageTransfer(who.account, 3, start))
		write(t, store, func(tx pontage.Tx) error { return tx.InsertTransfers(t.Context(), transfers) })
		foldDays(t, store, who,
			pontage.UsageDay{Day: "2026-11-20", Host: "a.example.com", Amount: 3, Requests: 1, FirstAt: start},
			pontage.UsageDay{Day: "2026-11-20", Host: "b.example.com", Amount: 8, Requests: 12, FirstAt: start},
			pontage.UsageDay{Day: "2026-11-20", Host: "released.example.com", FirstAt: start})
		all, err := store.Transactions(t.Context(), pontage.TransactionQuery{AccountID: who.account, Page: pontage.Page{Limit: 100}})
		if err != nil || len(all) != 10 {
			t.Fatalf("%d lines, %v", len(all), err)
		}
		var paged []pontage.TransactionLine
		for skip := 0; skip < 12; skip += 3 {
			lines, err := store.Transactions(t.Context(), pontage.TransactionQuery{AccountID: who.account, Page: pontage.Page{Skip: skip, Limit: 3}})
			if err != nil {
				t.Fatal(err)
			}
			paged = append(paged, lines...)
		}
		if diff := cmp.Diff(all, paged); diff != "" {
			t.Error(diff)
		}
		want := []pontage.TransactionLine{
			{ID: string(spent.ID), Kind: pontage.TransferSubscription, Amount: -9, CreatedAt: spent.CreatedAt, Description: "Subscription"},
			{ID: "use_2026-11-20_b.example.com", Kind: pontage.TransferUsage, Amount: -8, CreatedAt: start, Description: "b.example.com, 12 calls on 2026-11-20"},
			{ID: "use_2026-11-20_a.example.com", Kind: pontage.TransferUsage, Amount: -3, CreatedAt: start, Description: "a.example.com, 1 call on 2026-11-20"},
		}
		if diff := cmp.Diff(want, all[:3]); diff != "" {
			t.Error(diff)
		}
		if lines, err := store.Transactions(t.Context(), pontage.TransactionQuery{AccountID: other.account, Page: pontage.Page{Limit: 100}}); len(lines) != 1 || err != nil {
			t.Errorf("another account sees %d lines, %v", len(lines), err)
		}
		if _, err := store.Transactions(t.Context(), pontage.TransactionQuery{AccountID: who.account, Page: pontage.Page{}}); pontage.CodeOf(err) != pontage.InvalidInput {
			t.Errorf("a page without a limit gave %v", err)
		}
	})
}

// foldDays writes day lines by a fold whose count is given.
func foldDays(t *testing.T, store *storage.Store, who tenant, days ...pontage.UsageDay) {
	t.Helper()
	for i := range days {
		days[i].AccountID = who.account
	}
	fold(t, store, who, pontage.FoldChanges{Days: days})
}

// fold appends a refused call, so that there is something to fold, and folds it into changes.
func fold(t *testing.T, store *storage.Store, who tenant, changes pontage.FoldChanges) {
	t.Helper()
	c := who.call(0, start)
	c.State, c.ExpiresAt = pontage.CallRefused, time.Time{}
	err := storagetest.Batch(t.Context(), store, pontage.BatchKeys{Now: start}, func(*pontage.BatchState) (*pontage.BatchChanges, error) {
		return &pontage.BatchChanges{Calls: []pontage.Call{c}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	n, err := store.Fold(t.Context(), 100, func(pontage.Tail) pontage.FoldChanges { return changes })
	if n == 0 || err != nil {
		t.Fatalf("folded %d, %v", n, err)
	}
}

// A subscription is prepaid: reading, listing and renewing it must be exact.
func TestSubscriptionsAreListedAndRenewedOnce(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 0)
		old := subscription(who, start)
		old.AutoRenew, old.ExpiresAt = true, start.Add(time.Hour)
		other := subscription(who, start)
		other.ScopeID = "sco_other"
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.InsertSubscription(t.Context(), old), tx.InsertSubscription(t.Context(), other))
		})
		due := func(before time.Time) string { return dueIDs(t, store, before) }
		if due(old.ExpiresAt) != "[]" || due(old.ExpiresAt.Add(time.Microsecond)) != fmt.Sprint([]pontage.SubscriptionID{old.ID}) {
			t.Error("due at the wrong time")
		}
		next := subscription(who, old.ExpiresAt)
		next.Renews = old.ID
		again := next
		again.ID = pontage.NewSubscriptionID(start)
		write(t, store, func(tx pontage.Tx) error {
			if err := tx.InsertSubscription(t.Context(), next); err != nil {
				return err
			}
			if err := tx.InsertSubscription(t.Context(), again); pontage.CodeOf(err) != pontage.Conflict {
				t.Errorf("a second renewal gave %v", err)
			}
			return nil
		})
		if due(start.Add(2*time.Hour)) != "[]" {
			t.Error("due after its renewal")
		}
		got, err := store.Subscription(t.Context(), next.ID)
		if diff := cmp.Diff(&next, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
		for want, scopes := range map[int][]pontage.ScopeID{3: nil, 0: {}, 1: {"sco_other"}, 2: {scope, "sco_none"}} {
			list, err := store.Subscriptions(t.Context(), pontage.SubscriptionQuery{
				AccountID: who.account, Scopes: scopes, Page: pontage.Page{Limit: 10}})
			if err != nil || len(list) != want {
				t.Errorf("%v: %d, %v", scopes, len(list), err)
			}
		}
	})
}

func dueIDs(t *testing.T, store *storage.Store, before time.Time) string {
	t.Helper()
	list, err := store.DueSubscriptions(t.Context(), before, 10)
	if err != nil {
		t.Fatal(err)
	}
	ids := []pontage.SubscriptionID{}
	for _, s := range list {
		ids = append(ids, s.ID)
	}
	return fmt.Sprint(ids)
}

// Who edits a subscription must not undo what calls have used of it meanwhile.
func TestUpdatingASubscriptionKeepsItsUse(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 0)
		s := subscription(who, start)
		s.UsedRequests = 7
		write(t, store, func(tx pontage.Tx) error { return tx.InsertSubscription(t.Context(), s) })
		edited := s
		edited.UsedRequests, edited.AutoRenew, edited.Price, edited.UpdatedAt = 0, true, 6, start.Add(time.Second)
		edited.ExpiresAt = start.Add(24 * time.Hour)
		write(t, store, func(tx pontage.Tx) error { return tx.UpdateSubscription(t.Context(), edited) })
		edited.UsedRequests = 7
		got, err := store.Subscription(t.Context(), s.ID)
		if diff := cmp.Diff(&edited, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
		edited.TotalRequests = 6
		err = store.Write(t.Context(), func(tx pontage.Tx) error { return tx.UpdateSubscription(t.Context(), edited) })
		if pontage.CodeOf(err) != pontage.Conflict {
			t.Errorf("fewer requests than used gave %v", err)
		}
	})
}
