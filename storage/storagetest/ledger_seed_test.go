package storagetest_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// tenant is an account with a funded wallet and one token.
type tenant struct {
	account pontage.AccountID
	lineage pontage.LineageID
	token   pontage.TokenID
}

const host = "company.example.com"

var (
	start = storagetest.Start
	home  = netip.MustParseAddr("192.0.2.1")
	scope = pontage.ScopeID("sco_it_start")
)

// newTenant seeds an account whose wallet holds credit.
func newTenant(t testing.TB, store *storage.Store, credit pontage.Money) tenant {
	t.Helper()
	who := tenant{pontage.NewAccountID(start), pontage.NewLineageID(start), pontage.NewTokenID(start)}
	digest := sha256.Sum256([]byte(who.account))
	set := pontage.ScopeSet{ID: pontage.NewScopeSetID(start), Digest: digest[:], Scopes: []pontage.ScopeID{scope}}
	write(t, store, func(tx pontage.Tx) error {
		return first(
			tx.InsertAccount(t.Context(), pontage.Account{ID: who.account, Email: string(who.account) + "@example.com", CreatedAt: start}),
			tx.InsertScopeSet(t.Context(), set),
			tx.InsertLineage(t.Context(), pontage.Lineage{
				ID: who.lineage, AccountID: who.account, TokenID: who.token, Version: 1, ScopeSetID: set.ID, Name: "shop",
				TTL: time.Hour, CreatedAt: start, UpdatedAt: start, ExpiresAt: start.Add(time.Hour),
			}))
	})
	if credit > 0 {
		topUp(t, store, who.account, credit)
	}
	return who
}

func topUp(t testing.TB, store *storage.Store, account pontage.AccountID, amount pontage.Money) {
	t.Helper()
	write(t, store, func(tx pontage.Tx) error {
		w, err := tx.LockWallet(t.Context(), account)
		if err != nil {
			return err
		}
		w.Balance += amount
		return first(tx.UpdateWallet(t.Context(), *w), tx.InsertTransfers(t.Context(), []pontage.Transfer{funding(account, amount, start)}))
	})
}

func funding(account pontage.AccountID, amount pontage.Money, at time.Time) pontage.Transfer {
	return pontage.Transfer{
		ID: pontage.NewTransferID(at), Kind: pontage.TransferTopUp, Debit: pontage.LedgerFunding, Credit: pontage.LedgerWallet(account),
		Amount: amount, AccountID: account, Description: "Top-up", CreatedAt: at,
	}
}

func write(t testing.TB, store *storage.Store, do func(pontage.Tx) error) {
	t.Helper()
	if err := store.Write(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// first gives the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// call is a reserved call of who that costs price, decided at at.
func (who tenant) call(price pontage.Money, at time.Time) pontage.Call {
	return pontage.Call{
		ID: pontage.NewCallID(at), AccountID: who.account, LineageID: who.lineage, TokenID: who.token, ScopeID: scope,
		OperationID: "opr_start", Method: "GET", Host: host, Address: home, State: pontage.CallReserved, Payer: pontage.PayerWallet,
		Price: price, DecidedAt: at, ExpiresAt: at.Add(time.Minute),
	}
}

func (who tenant) keys(calls ...pontage.CallID) pontage.BatchKeys {
	return pontage.BatchKeys{
		Lineages: []pontage.LineageID{who.lineage}, Wallets: []pontage.AccountID{who.account}, Calls: calls, Now: start,
	}
}

// reserve takes the price of c from the wallet where it covers it; it says whether it did.
func reserve(ctx context.Context, store *storage.Store, who tenant, c pontage.Call) (admitted bool, err error) {
	err = storagetest.Batch(ctx, store, who.keys(), func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
		w, l := state.Wallets[who.account], state.Lineages[who.lineage]
		if admitted = w.Credit() >= c.Price; !admitted {
			return &pontage.BatchChanges{}, nil
		}
		w.Held += c.Price
		l.Usage.TotalRequests++
		l.Usage.WalletRequests++
		l.Usage.WalletAmount += c.Price
		return who.changes(c), nil
	})
	return admitted && err == nil, err
}

func (who tenant) changes(calls ...pontage.Call) *pontage.BatchChanges {
	return &pontage.BatchChanges{
		Calls: calls, Lineages: []pontage.LineageID{who.lineage}, Wallets: []pontage.AccountID{who.account},
	}
}

// end settles or releases c unless it has ended; it says whether it did.
func end(ctx context.Context, store *storage.Store, who tenant, c pontage.Call, kind pontage.OutcomeKind, status int) (ended bool, err error) {
	err = storagetest.Batch(ctx, store, who.keys(c.ID), func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
		if ended = len(state.Ended[c.ID]) == 0; !ended {
			return nil, nil
		}
		if state.Calls[c.ID] == nil {
			return nil, fmt.Errorf("the call %s was not found", c.ID)
		}
		changes := who.changes()
		changes.Outcomes = []pontage.Outcome{endOf(c, state, kind, status, changes)}
		return changes, nil
	})
	return ended && err == nil, err
}

func endOf(c pontage.Call, state *pontage.BatchState, kind pontage.OutcomeKind, status int, changes *pontage.BatchChanges) pontage.Outcome {
	o := pontage.Outcome{CallID: c.ID, Kind: kind, Status: status, At: c.DecidedAt.Add(time.Second), Elapsed: 1500 * time.Microsecond}
	w, l := state.Wallets[c.AccountID], state.Lineages[c.LineageID]
	w.Held -= c.Price
	if kind == pontage.OutcomeSettled {
		w.Balance -= c.Price
		usage := usageTransfer(c.AccountID, c.Price, c.DecidedAt)
		o.TransferID, changes.Transfers = usage.ID, append(changes.Transfers, usage)
	} else {
		l.Usage.WalletRequests--
		l.Usage.WalletAmount -= c.Price
	}
	if kind == pontage.OutcomeReleased || status >= 400 {
		l.Usage.ErrorRequests++
	}
	return o
}

func usageTransfer(account pontage.AccountID, amount pontage.Money, at time.Time) pontage.Transfer {
	return pontage.Transfer{
		ID: pontage.NewTransferID(at), Kind: pontage.TransferUsage, Debit: pontage.LedgerWallet(account), Credit: pontage.LedgerRevenue,
		Amount: amount, AccountID: account, CreatedAt: at,
	}
}

// mustEqual fails unless the books are proved.
func mustEqual(t testing.TB, store *storage.Store) {
	t.Helper()
	found, err := store.Differences(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		t.Errorf("%s of %s: stored %s, computed %s", d.What, d.Key, d.Stored, d.Computed)
	}
}

func each(t *testing.T, test func(t *testing.T, store *storage.Store)) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) { test(t, open()) })
}
