package meter

import (
	"cmp"
	"slices"
	"time"

	"github.com/pontage/pontage"
)

// run is one pass of a batch over its locked rows. The store may ask for several passes; only the committed one counts.
type run struct {
	meter   *Meter
	now     time.Time
	state   *pontage.BatchState
	changes pontage.BatchChanges
	results []result

	lineages      set[pontage.LineageID]
	wallets       set[pontage.AccountID]
	allowances    set[pontage.AllowanceKey]
	subscriptions set[pontage.SubscriptionID]
	// active are the state's subscriptions by what they pay, the most urgent first.
	active map[pontage.AllowanceKey][]*pontage.Subscription
	// repeated are the calls whose proxies asked again in this batch and were told they may pass.
	repeated set[pontage.CallID]
	// usage is where each wallet's usage transfer stands in changes.Transfers.
	usage map[pontage.AccountID]int
}

// newRun begins a pass; what an earlier pass took of the rates is forgotten.
func (m *Meter) newRun(state *pontage.BatchState, now time.Time, items []*item) *run {
	m.rates.begin()
	m.releases.begin()
	m.logged.begin()
	calls := countCalls(items)
	r := &run{
		meter: m, now: now, state: state, results: make([]result, len(items)),
		lineages: newSet[pontage.LineageID](calls), wallets: newSet[pontage.AccountID](len(items)),
		allowances: newSet[pontage.AllowanceKey](0), subscriptions: newSet[pontage.SubscriptionID](0),
		repeated: newSet[pontage.CallID](0), active: activeSubscriptions(state, now), usage: make(map[pontage.AccountID]int, len(items)),
	}
	r.changes.Calls = make([]pontage.Call, 0, calls)
	r.changes.Outcomes = make([]pontage.Outcome, 0, len(items)-calls)
	r.changes.Transfers = make([]pontage.Transfer, 0, len(items))
	if state.Calls == nil {
		state.Calls = map[pontage.CallID]*pontage.Call{}
	}
	if state.KeyedCalls == nil {
		state.KeyedCalls = map[pontage.IdempotencyID]*pontage.KeyedCall{}
	}
	if state.Ended == nil {
		state.Ended = map[pontage.CallID][]pontage.Outcome{}
	}
	return r
}

// countCalls is how many calls the items may add to the log; the others end one each.
func countCalls(items []*item) int {
	n := 0
	for _, it := range items {
		if it.kind == kindReserve {
			n++
		}
	}
	return n
}

// activeSubscriptions sorts by expiry, then by id, so that every instance consumes them in the same order.
func activeSubscriptions(state *pontage.BatchState, now time.Time) map[pontage.AllowanceKey][]*pontage.Subscription {
	active := make(map[pontage.AllowanceKey][]*pontage.Subscription, len(state.Subscriptions))
	for _, s := range state.Subscriptions {
		if s.Active(now) {
			key := pontage.AllowanceKey{AccountID: s.AccountID, ScopeID: s.ScopeID}
			active[key] = append(active[key], s)
		}
	}
	for _, list := range active {
		slices.SortFunc(list, func(a, b *pontage.Subscription) int {
			return cmp.Or(a.ExpiresAt.Compare(b.ExpiresAt), cmp.Compare(a.ID, b.ID))
		})
	}
	return active
}

// apply answers the items in order of arrival and gives what changed.
func (r *run) apply(items []*item) (*pontage.BatchChanges, error) {
	for i, it := range items {
		switch it.kind {
		case kindReserve:
			r.results[i] = r.reserve(&it.attempt)
		case kindQuote:
			r.results[i] = r.quote(&it.attempt)
		case kindSettle:
			r.results[i].err = r.settle(&it.ending)
		case kindRelease:
			r.results[i].err = r.release(&it.ending, it.reaped)
		case kindRefund:
			r.results[i].err = r.refund(&it.ending, it.reaped)
		case kindGiveBack:
			r.results[i] = r.undo(&it.ending, it.reaped)
		}
	}
	r.changes.Lineages, r.changes.Wallets = r.lineages.list, r.wallets.list
	r.changes.Allowances, r.changes.Subscriptions = r.allowances.list, r.subscriptions.list
	return &r.changes, nil
}

// keep makes what this pass took of the rates stay; it follows the commit.
func (r *run) keep() {
	r.meter.rates.keep(r.now)
	r.meter.releases.keep(r.now)
	r.meter.logged.keep(r.now)
}

// usageTransfer finds or makes the wallet's one usage transfer of this batch and adds the price.
func (r *run) usageTransfer(account pontage.AccountID, price pontage.Money) pontage.TransferID {
	i, ok := r.usage[account]
	if !ok {
		i = len(r.changes.Transfers)
		r.usage[account] = i
		r.changes.Transfers = append(r.changes.Transfers, pontage.Transfer{
			ID: pontage.NewTransferID(r.now), Kind: pontage.TransferUsage, AccountID: account,
			Debit: pontage.LedgerWallet(account), Credit: pontage.LedgerRevenue,
			Description: "Usage", CreatedAt: r.now,
		})
	}
	r.changes.Transfers[i].Amount += price
	return r.changes.Transfers[i].ID
}

// changed marks the wallet and gives it the time.
func (r *run) changed(w *pontage.Wallet) {
	w.UpdatedAt = r.now
	r.wallets.add(w.AccountID)
}
