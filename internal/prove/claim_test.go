package prove_test

import (
	"sync/atomic"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// claim is something that runs out, and the tokens that draw on it.
type claim struct {
	name   string
	scope  int
	tokens []pontage.Lineage
	// limit is how many calls it pays in all; it may grow.
	limit atomic.Int64
	// demand bounds how many are asked for, where that is less than the limit; 0 does not bound.
	demand int64
	// keep says one in how many calls is kept while the bank is open; all others are given back. 0 keeps none.
	keep int
	// final says that a call that is given back stays counted.
	final bool

	asked, taken, back atomic.Int64
}

// accepted is what stays used.
func (c *claim) accepted() int64 {
	if c.final {
		return c.taken.Load()
	}
	return c.taken.Load() - c.back.Load()
}

// due is what must have been accepted: the smaller of limit and demand.
func (c *claim) due() int64 {
	if c.demand > 0 {
		return c.demand - c.back.Load()
	}
	return c.limit.Load()
}

// mayAsk takes one of a bounded demand.
func (c *claim) mayAsk() bool {
	if c.asked.Add(1) <= c.demand || c.demand == 0 {
		return true
	}
	c.asked.Add(-1)
	return false
}

// exceeded says that more was accepted than may be.
func (c *claim) exceeded() bool { return c.demand == 0 && c.accepted() > c.limit.Load() }

// The scopes of a bank, by their place.
const (
	plainScope = iota
	freeScope
	mixedScope
)

// How many calls of a scope are free in all.
const (
	freeCalls  = 600
	mixedCalls = 100
)

// some is a number of calls, less where the bank is smaller.
func (b *bank) some(calls int64) int64 { return calls / b.size.divisor }

// offer makes everything that can run out.
func (b *bank) offer() {
	none, n := pontage.Limits{}, b.some
	b.add("wallet, three tokens", plainScope, n(2000), 2, b.account(n(2000)), none, none, none)
	b.add("wallet of eight calls, always on its edge", plainScope, 8, 0, b.account(8), none, none)
	b.topped = b.add("wallet that is topped up", plainScope, 10, 2, b.account(10), none, none)
	rich := b.account(1_000_000)
	b.add("token's wallet amount", plainScope, n(500), 2, rich, pontage.Limits{WalletAmount: ptr(pontage.Money(n(500)) * price)})
	b.add("token's wallet requests", plainScope, n(700), 2, rich, pontage.Limits{WalletRequests: ptr(n(700))})
	b.add("token's total requests", plainScope, n(900), 2, rich, pontage.Limits{TotalRequests: ptr(n(900))}).final = true
	b.add("nothing: less is asked for", plainScope, 0, 2, rich, none).demand = n(240)
	subscribed := b.account(2)
	b.subscribe(subscribed, plainScope, n(300))
	b.subscribe(subscribed, plainScope, n(500))
	b.add("two subscriptions, two tokens", plainScope, n(300)+n(500), 2, subscribed, none, none)
	limited := b.account(1)
	b.subscribe(limited, plainScope, n(5000))
	b.add("token's subscription requests", plainScope, n(400), 2, limited, pontage.Limits{SubscriptionRequests: ptr(n(400))})
	b.add("allowance", freeScope, n(freeCalls), 2, b.account(0), none)
	mixed := b.account(1 + n(300))
	b.subscribe(mixed, mixedScope, n(200))
	b.add("allowance, then subscription, then wallet", mixedScope, n(mixedCalls)+n(200)+n(300), 2, mixed, none, none)
}

// add makes a claim with a token for each of the limits.
func (b *bank) add(name string, scope int, limit int64, keep int, account pontage.AccountID, limits ...pontage.Limits) *claim {
	b.t.Helper()
	c := &claim{name: name, scope: scope, keep: keep}
	c.limit.Store(limit)
	for _, l := range limits {
		c.tokens = append(c.tokens, b.token(account, l))
	}
	b.claims = append(b.claims, c)
	return c
}

// account opens one whose wallet pays so many calls.
func (b *bank) account(calls int64) pontage.AccountID {
	b.t.Helper()
	ctx, now := b.t.Context(), time.Now()
	id := pontage.NewAccountID(now)
	b.must(b.stores[0].Write(ctx, func(tx pontage.Tx) error {
		return tx.InsertAccount(ctx, pontage.Account{ID: id, Email: string(id) + "@example.com", CreatedAt: now})
	}))
	b.accounts = append(b.accounts, &customer{id: id})
	if calls > 0 {
		b.must(b.credit(b.meters[0], b.accounts[len(b.accounts)-1], pontage.Money(calls)*price))
	}
	return id
}

func (b *bank) token(account pontage.AccountID, limits pontage.Limits) pontage.Lineage {
	b.t.Helper()
	ctx, now := b.t.Context(), pontage.Clock(time.Now).Now()
	l := pontage.Lineage{
		ID: pontage.NewLineageID(now), AccountID: account, TokenID: pontage.NewTokenID(now), Version: 1, ScopeSetID: b.scopeSet,
		Limits: limits, TTL: time.Hour, CreatedAt: now, UpdatedAt: now, ExpiresAt: now.Add(time.Hour),
	}
	b.must(b.stores[0].Write(ctx, func(tx pontage.Tx) error {
		if err := tx.InsertLineage(ctx, l); err != nil {
			return err
		}
		return tx.InsertToken(ctx, pontage.Token{ID: l.TokenID, LineageID: l.ID, KeyID: "k", Hash: []byte(l.ID), CreatedAt: now})
	}))
	return l
}

// subscribe sells a subscription for the price of one call.
func (b *bank) subscribe(account pontage.AccountID, scope int, calls int64) {
	b.t.Helper()
	_, err := b.meters[0].CreateSubscription(b.t.Context(), pontage.Operator(), meter.SubscriptionInput{
		AccountID: account, ScopeID: b.scopes[scope].ID, Term: pontage.Monthly, Price: price, TotalRequests: calls,
	})
	b.must(err)
}

func ptr[T any](v T) *T { return &v }
