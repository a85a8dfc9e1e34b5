package meter

import (
	"context"
	"log/slog"
	"time"

	"github.com/pontage/pontage"
)

// toldThresholds is how many thresholds an instance remembers to have told, so that a limit which stays used up costs no write.
const toldThresholds = 10_000

// limitOf names one limit of one token.
type limitOf struct {
	lineage pontage.LineageID
	limit   string
}

// touched is what a stretch of the log was about: what may have reached a threshold by it.
type touched struct {
	accounts      set[pontage.AccountID]
	planned       set[pontage.AccountID]
	lineages      set[pontage.LineageID]
	subscriptions set[pontage.SubscriptionID]
	allowances    set[pontage.AllowanceKey]
	// used is when tokens were last used.
	used map[pontage.LineageID]time.Time
	// empty are the accounts whose wallet refused a call, exhausted the limits that did.
	empty     map[pontage.AccountID]bool
	exhausted map[limitOf]bool
}

func newTouched() *touched {
	return &touched{
		accounts: newSet[pontage.AccountID](0), planned: newSet[pontage.AccountID](0), lineages: newSet[pontage.LineageID](0), subscriptions: newSet[pontage.SubscriptionID](0),
		allowances: newSet[pontage.AllowanceKey](0), used: map[pontage.LineageID]time.Time{}, empty: map[pontage.AccountID]bool{}, exhausted: map[limitOf]bool{},
	}
}

// see adds a stretch. The same one may come twice.
func (t *touched) see(tail pontage.Tail) {
	for i := range tail.Calls {
		t.call(&tail.Calls[i])
	}
	for i := range tail.Outcomes { // a wallet is spent when its call is settled
		if c := &tail.Outcomes[i].Call; c.Payer == pontage.PayerWallet {
			t.accounts.add(c.AccountID)
		}
	}
}

func (t *touched) call(c *pontage.Call) {
	switch {
	case c.State != pontage.CallRefused:
		t.lineages.add(c.LineageID)
		if c.DecidedAt.After(t.used[c.LineageID]) {
			t.used[c.LineageID] = c.DecidedAt
		}
	case c.Code == pontage.InsufficientCredit:
		t.accounts.add(c.AccountID)
		t.empty[c.AccountID] = true
	case c.Code == pontage.LimitExhausted:
		t.lineages.add(c.LineageID)
		t.exhausted[limitOf{c.LineageID, c.Limit}] = true
	}
	switch c.Payer {
	case pontage.PayerWallet:
		t.accounts.add(c.AccountID)
	case pontage.PayerPlan:
		t.planned.add(c.AccountID)
	case pontage.PayerSubscription:
		t.subscriptions.add(c.SubscriptionID)
	case pontage.PayerAllowance:
		t.allowances.add(pontage.AllowanceKey{AccountID: c.AccountID, ScopeID: c.ScopeID})
	}
}

// watch tells accounts of the thresholds that what was touched has reached. It goes by how much is used, not by the call that did it: what
// is missed because an instance ends here is told after the next call.
func (m *Meter) watch(ctx context.Context, t *touched) {
	if m.config.Keys == nil {
		return
	}
	crossings, err := m.crossings(ctx, t)
	for _, c := range crossings {
		if err != nil || ctx.Err() != nil {
			break
		}
		err = m.tellCrossing(ctx, c)
	}
	if err != nil && ctx.Err() == nil {
		m.log.Warn("could not tell of thresholds", slog.String("error", err.Error()))
	}
}

// Spent tells an account of the thresholds that its wallet has reached, for whoever took money out of it by something else than a call. It
// follows the commit and fails nothing: what is missed is told after the next call.
func (m *Meter) Spent(ctx context.Context, account pontage.AccountID) {
	t := newTouched()
	t.accounts.add(account)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), m.config.BatchTimeout)
	defer cancel()
	m.watch(ctx, t)
}

// crossings reads what was touched, each kind in one read.
func (m *Meter) crossings(ctx context.Context, t *touched) (all []crossing, err error) {
	add := func(c crossing, ok bool) {
		if ok {
			all = append(all, c)
		}
	}
	err = m.store.Read(ctx, func(r pontage.Reader) error {
		all = nil
		lineages, err := r.LineagesByID(ctx, t.lineages.list)
		if err != nil {
			return err
		}
		for i := range lineages {
			m.limitsOf(&lineages[i], t, add)
		}
		subscriptions, err := r.SubscriptionsOf(ctx, t.subscriptions.list)
		if err != nil {
			return err
		}
		for i := range subscriptions {
			add(m.ofSubscription(&subscriptions[i]))
		}
		allowances, err := r.Allowances(ctx, t.allowances.list)
		if err != nil {
			return err
		}
		for i := range allowances {
			if s := m.scopeByID(allowances[i].Key.ScopeID); s != nil {
				all = append(all, m.ofAllowance(&allowances[i], s.Allowance)...)
			}
		}
		planned, err := r.WalletsOf(ctx, t.planned.list)
		if err != nil {
			return err
		}
		for i := range planned {
			add(m.ofPlan(&planned[i]))
		}
		levels, err := r.WalletLevels(ctx, t.accounts.list)
		for i := range levels {
			add(m.ofWallet(&levels[i], t.empty[levels[i].Wallet.AccountID]))
		}
		return err
	})
	return all, err
}

// limitsOf goes through the limits that a token has.
func (m *Meter) limitsOf(l *pontage.Lineage, t *touched, add func(crossing, bool)) {
	for i := range limits {
		limit := &limits[i]
		if limit.total == nil {
			continue
		}
		if total := limit.total(l); total != nil && *total > 0 {
			left, _ := limit.left(l)
			add(m.ofLimit(l, limit, max(0, *total-left), *total, t.exhausted[limitOf{l.ID, limit.Name}]))
		}
	}
}

// tellCrossing tells the account once, on all instances together; what lies below is as good as told.
func (m *Meter) tellCrossing(ctx context.Context, c crossing) error {
	known := c.Threshold
	if _, done := m.told.Get(known); done {
		return nil
	}
	c.At = m.clock.Now()
	err := m.store.Write(ctx, func(tx pontage.Tx) error {
		fresh := false
		for _, percent := range percents {
			if percent > c.Percent {
				break
			}
			t := c.Threshold
			t.Percent = percent
			var err error
			if fresh, err = tx.NoteThreshold(ctx, t); err != nil {
				return err
			}
		}
		if !fresh {
			return nil
		}
		return m.tell(ctx, tx, c.AccountID, c.Notification)
	})
	if err == nil {
		m.told.Add(known, struct{}{})
	}
	return err
}
