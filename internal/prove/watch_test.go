package prove_test

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// watch looks at all books again and again, at every instance in turn.
func (b *bank) watch(over <-chan struct{}) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for turn := 0; ; turn++ {
		b.look(b.stores[turn%len(b.stores)])
		select {
		case <-over:
			return
		case <-tick.C:
		}
	}
}

// look reads every account in one snapshot and checks that nothing is negative, nothing over its limit, and nothing appeared or
// disappeared.
func (b *bank) look(store pontage.Store) {
	ctx := context.Background()
	before := make([]int64, len(b.accounts))
	for i, customer := range b.accounts {
		before[i] = customer.done.Load()
	}
	totals := make([]pontage.Money, len(b.accounts))
	err := store.Read(ctx, func(r pontage.Reader) (err error) {
		for i, customer := range b.accounts {
			if totals[i], err = b.total(ctx, r, customer.id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.problem("the books cannot be read: %v", err)
		return
	}
	for i, customer := range b.accounts {
		if low, high := pontage.Money(before[i]), pontage.Money(customer.begun.Load()); totals[i] < low || totals[i] > high {
			b.problem("credit and spending of an account are %s, %s was paid in", totals[i], low)
		}
	}
	b.mu.Lock()
	b.looks++
	b.mu.Unlock()
}

// total is what an account can still spend and what it has spent, held amounts included.
func (b *bank) total(ctx context.Context, r pontage.Reader, account pontage.AccountID) (pontage.Money, error) {
	wallet, err := r.Wallet(ctx, account)
	if err != nil {
		return 0, err
	}
	if wallet.Held < 0 || wallet.Credit() < 0 {
		b.problem("a wallet is overdrawn: %s with %s held", wallet.Balance, wallet.Held)
	}
	b.mu.Lock()
	b.smallest = min(b.smallest, wallet.Credit())
	b.mu.Unlock()
	sum := wallet.Credit()
	lineages, err := r.Lineages(ctx, account, time.Time{}, pontage.Page{Limit: 100})
	for _, l := range lineages {
		b.withinLimits(l)
		sum += l.Usage.WalletAmount
	}
	if err != nil {
		return 0, err
	}
	subscriptions, err := r.Subscriptions(ctx, pontage.SubscriptionQuery{AccountID: account, Page: pontage.Page{Limit: 100}})
	for _, s := range subscriptions {
		if s.UsedRequests < 0 || s.UsedRequests > s.TotalRequests {
			b.problem("a subscription of %d calls has %d used", s.TotalRequests, s.UsedRequests)
		}
		sum += s.Price
	}
	return sum, err
}

func (b *bank) withinLimits(l pontage.Lineage) {
	for _, count := range []struct {
		used  int64
		limit *int64
	}{
		{l.Usage.TotalRequests, l.Limits.TotalRequests},
		{l.Usage.WalletRequests, l.Limits.WalletRequests},
		{l.Usage.SubscriptionRequests, l.Limits.SubscriptionRequests},
		{int64(l.Usage.WalletAmount), (*int64)(l.Limits.WalletAmount)},
	} {
		if count.used < 0 {
			b.problem("a token counts %d", count.used)
		}
		if count.limit != nil && count.used > *count.limit {
			b.problem("a token counts %d under a limit of %d", count.used, *count.limit)
		}
	}
}
