package storagetest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// changesBesideBatches are all the ways in which what a batch reads is changed by something else.
var changesBesideBatches = map[string]func(ctx context.Context, tx pontage.Tx, who tenant, client pontage.ClientID) error{
	"limits": func(ctx context.Context, tx pontage.Tx, who tenant, _ pontage.ClientID) error {
		l, err := tx.Lineage(ctx, who.lineage)
		if err != nil {
			return err
		}
		l.Version, l.Limits.TotalRequests = l.Version+1, new(int64(7))
		return tx.UpdateLineage(ctx, *l)
	},
	"revocation": func(ctx context.Context, tx pontage.Tx, who tenant, _ pontage.ClientID) error {
		_, err := tx.RevokeLineage(ctx, who.lineage, start)
		return err
	},
	"credit": func(ctx context.Context, tx pontage.Tx, who tenant, _ pontage.ClientID) error {
		w, err := tx.LockWallet(ctx, who.account)
		if err != nil {
			return err
		}
		w.Balance += 3
		return first(tx.UpdateWallet(ctx, *w), tx.InsertTransfers(ctx, []pontage.Transfer{funding(who.account, 3, start)}))
	},
	"plan": func(ctx context.Context, tx pontage.Tx, who tenant, _ pontage.ClientID) error {
		return tx.PutPlan(ctx, pontage.Plan{AccountID: who.account, Kind: pontage.PlanBasic, Since: start, UpdatedAt: start})
	},
	"account": func(ctx context.Context, tx pontage.Tx, who tenant, _ pontage.ClientID) error {
		a, err := tx.Account(ctx, who.account)
		if err != nil {
			return err
		}
		a.DisabledAt = start
		return tx.UpdateAccount(ctx, *a)
	},
	"client": func(ctx context.Context, tx pontage.Tx, _ tenant, client pontage.ClientID) error {
		c, err := tx.Client(ctx, client)
		if err != nil {
			return err
		}
		c.DisabledAt = start
		return tx.UpdateClient(ctx, *c)
	},
	"client deleted": func(ctx context.Context, tx pontage.Tx, _ tenant, client pontage.ClientID) error {
		return tx.DeleteClient(ctx, client, start)
	},
	"subscription": func(ctx context.Context, tx pontage.Tx, who tenant, _ pontage.ClientID) error {
		return tx.InsertSubscription(ctx, pontage.Subscription{
			ID: pontage.NewSubscriptionID(start), AccountID: who.account, ScopeID: scope, Term: pontage.Monthly, TotalRequests: 5,
			StartsAt: start, ExpiresAt: start.Add(time.Hour), CreatedAt: start, UpdatedAt: start,
		})
	},
}

// A partner whose token is revoked, whose credit grows or who is shut out must find that in the very next call, whether this instance
// or another process changed it; and what was undone must never be found.
func TestTheNextBatchSeesWhateverElseWasWritten(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		mine, other := open(), open()
		for name, change := range changesBesideBatches {
			for from, writer := range map[string]*storage.Store{"here": mine, "elsewhere": other} {
				t.Run(name+" "+from, func(t *testing.T) {
					who := newTenant(t, mine, 10)
					client := ownClient(t, mine, &who)
					before := decided(t, mine, who)
					undone := errors.New("undone")
					err := writer.Write(t.Context(), func(tx pontage.Tx) error {
						return first(change(t.Context(), tx, who, client), undone)
					})
					if !errors.Is(err, undone) {
						t.Fatal(err)
					}
					if diff := cmp.Diff(before, decided(t, mine, who)); diff != "" {
						t.Errorf("what was undone is seen: %s", diff)
					}
					write(t, writer, func(tx pontage.Tx) error { return change(t.Context(), tx, who, client) })
					after := decided(t, mine, who)
					if cmp.Equal(before, after) {
						t.Error("the change is not seen")
					}
					if diff := cmp.Diff(decided(t, other, who), after); diff != "" {
						t.Errorf("the instances differ: %s", diff)
					}
				})
			}
		}
	})
}

// ownClient makes a client and gives the tenant a token of it.
func ownClient(t *testing.T, store *storage.Store, who *tenant) pontage.ClientID {
	t.Helper()
	client := pontage.NewClientID(start)
	write(t, store, func(tx pontage.Tx) error {
		l, err := tx.Lineage(t.Context(), who.lineage)
		if err != nil {
			return err
		}
		l.ID, l.TokenID, l.ClientID = pontage.NewLineageID(start), pontage.NewTokenID(start), client
		who.lineage, who.token = l.ID, l.TokenID
		return first(tx.InsertClient(t.Context(), pontage.Client{ID: client, AccountID: who.account, Name: "shop", CreatedAt: start}), tx.InsertLineage(t.Context(), *l))
	})
	return client
}

// decided is what a batch about the tenant reads.
func decided(t *testing.T, store *storage.Store, who tenant) (got pontage.BatchState) {
	t.Helper()
	keys := who.keys()
	keys.Allowances = []pontage.AllowanceKey{{AccountID: who.account, ScopeID: scope}}
	keys.Subscribed = keys.Allowances
	err := storagetest.Batch(t.Context(), store, keys, func(s *pontage.BatchState) (*pontage.BatchChanges, error) {
		got = *s
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}
