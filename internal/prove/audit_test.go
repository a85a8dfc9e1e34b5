package prove_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
)

// audit compares what partners know with what the books say, and gives what does not fit. It may run while holds are open.
func (h *house) audit(r *record) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return h.auditSince(r, 0, 0)
}

// auditNew is audit for the answers since the last one.
func (h *house) auditNew(r *record) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	paid, free := r.auditedPaid, r.auditedFree
	r.auditedPaid, r.auditedFree = len(r.paid), len(r.free)
	return h.auditSince(r, paid, free)
}

func (h *house) auditSince(r *record, paid, free int) (problems []string) {
	problem := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	store := h.open()
	defer func() { h.must(store.Close()) }()
	for _, odd := range r.odd {
		problem("%s", odd)
	}
	seen := map[pontage.CallID]bool{}
	for _, id := range r.paid {
		if seen[id] {
			problem("the call %s was answered twice", id)
		}
		seen[id] = true
	}
	for id, what := range h.endings(store, r.paid[paid:]) {
		if what != "charged" {
			problem("the call %s was answered as charged, the books say %s", id, what)
		}
	}
	for id, what := range h.endings(store, r.free[free:]) {
		if what == "charged" {
			problem("the call %s was answered as free, the books say %s", id, what)
		}
	}
	h.auditTotals(store, r, problem)
	if err := h.try(nil, "verify"); err != nil {
		problem("%v", err)
	}
	return problems
}

// auditTotals bounds what was charged by what was answered, sent and served.
func (h *house) auditTotals(store *storage.Store, r *record, problem func(string, ...any)) {
	wallet, used := h.wallet(store)
	spent := funding - wallet.Balance
	settled, held := int64(spent/price), int64(wallet.Held/price)
	switch {
	case spent%price != 0 || wallet.Held%price != 0:
		problem("the wallet holds %s with %s held: no whole number of calls is missing", wallet.Balance, wallet.Held)
	case used.WalletAmount != spent+wallet.Held || used.WalletRequests != settled+held:
		problem("the token counts %d calls for %s, the wallet %d and %d held", used.WalletRequests, used.WalletAmount, settled, held)
	case settled < int64(len(r.paid)):
		problem("%d calls were answered as charged, the books know %d", len(r.paid), settled)
	case settled > int64(len(r.paid))+r.broken.Load():
		problem("%d calls were charged; %d were answered so and %d not at all", settled, len(r.paid), r.broken.Load())
	case settled > h.upstream.served.Load():
		problem("%d calls were charged, the API served %d", settled, h.upstream.served.Load())
	}
}

// wallet gives the account's wallet and its token's counters, of one moment.
func (h *house) wallet(store *storage.Store) (wallet pontage.Wallet, used pontage.Usage) {
	h.t.Helper()
	ctx := context.Background()
	h.must(store.Read(ctx, func(r pontage.Reader) error {
		w, err := r.Wallet(ctx, h.account)
		if err != nil {
			return err
		}
		wallet = *w
		lineages, err := r.Lineages(ctx, h.account, time.Time{}, pontage.Page{Limit: 1000})
		for _, l := range lineages {
			used.TotalRequests += l.Usage.TotalRequests
			used.WalletRequests += l.Usage.WalletRequests
			used.WalletAmount += l.Usage.WalletAmount
		}
		return err
	}))
	return wallet, used
}

// endings says of each call how it stands in the books, a few at a time.
func (h *house) endings(store *storage.Store, ids []pontage.CallID) map[pontage.CallID]string {
	var mu sync.Mutex
	var readers errgroup.Group
	readers.SetLimit(8)
	all := make(map[pontage.CallID]string, len(ids))
	for _, id := range ids {
		readers.Go(func() error {
			what, err := ending(store, id)
			mu.Lock()
			defer mu.Unlock()
			all[id] = what
			return err
		})
	}
	h.must(readers.Wait())
	return all
}

// ending says in a word how a call stands in the books.
func ending(store *storage.Store, id pontage.CallID) (string, error) {
	call, outcomes, err := store.Call(context.Background(), id)
	if pontage.CodeOf(err) == pontage.NotFound {
		return "nothing", nil
	}
	if err != nil {
		return "", err
	}
	settled, back := 0, 0
	for _, o := range outcomes {
		if o.Kind == pontage.OutcomeSettled && o.TransferID != "" {
			settled++
		} else {
			back++
		}
	}
	switch {
	case call.State == pontage.CallRefused:
		return "refused", nil
	case settled == 1 && back == 0 && call.Price == price && call.Payer == pontage.PayerWallet:
		return "charged", nil
	case settled > 1 || back > 1:
		return fmt.Sprintf("ended %d times", settled+back), nil
	case back == 1:
		return "given back", nil
	}
	return "open", nil
}

// heldBack waits until every hold that nobody ended has expired and been given back.
func (h *house) heldBack(within time.Duration) bool {
	store := h.open()
	defer func() { h.must(store.Close()) }()
	return eventually(within, func() bool { w, _ := h.wallet(store); return w.Held == 0 })
}
