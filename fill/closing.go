package fill

import (
	"cmp"
	"slices"
	"time"

	"github.com/pontage/pontage"
)

// totalKey names a closed total within a day.
type totalKey struct {
	dimension pontage.Dimension
	account   pontage.AccountID
	key, host string
}

// closedTotals sums a day as its closing holds it: by scope, token, address and subscription. Transfers need none: all their calls are of
// the same day.
func closedTotals(day pontage.Period, tail pontage.Tail) []pontage.ClosedTotal {
	ended := make(map[pontage.CallID]ends, len(tail.Outcomes))
	for i := range tail.Outcomes {
		o := &tail.Outcomes[i].Outcome
		e := ended[o.CallID]
		e.note(o)
		ended[o.CallID] = e
	}
	sums := map[totalKey]*pontage.ClosedTotal{}
	for i := range tail.Calls {
		if c := &tail.Calls[i]; c.State != pontage.CallRefused {
			sum(sums, day, c, ended[c.ID])
		}
	}
	all := make([]pontage.ClosedTotal, 0, len(sums))
	for _, t := range sums {
		if t.Dimension != pontage.BySubscription || t.Usage.SubscriptionRequests > 0 {
			all = append(all, *t)
		}
	}
	slices.SortFunc(all, func(a, b pontage.ClosedTotal) int {
		return cmp.Or(cmp.Compare(a.Dimension, b.Dimension), cmp.Compare(a.Day, b.Day), cmp.Compare(a.AccountID, b.AccountID),
			cmp.Compare(a.Key, b.Key), cmp.Compare(a.Host, b.Host))
	})
	return all
}

// ends is what became of a call.
type ends struct{ released, refunded, failed bool }

func (e *ends) note(o *pontage.Outcome) {
	e.released = e.released || o.Kind == pontage.OutcomeReleased
	e.refunded = e.refunded || o.Kind == pontage.OutcomeRefunded
	e.failed = e.failed || e.released || e.refunded || o.Status >= 400
}

func sum(sums map[totalKey]*pontage.ClosedTotal, day pontage.Period, c *pontage.Call, e ends) {
	kept := int64(1)
	if e.released || e.refunded {
		kept = 0
	}
	used := pontage.Usage{TotalRequests: 1}
	if e.failed {
		used.ErrorRequests = 1
	}
	switch c.Payer {
	case pontage.PayerWallet:
		used.WalletRequests, used.WalletAmount = kept, c.Price*pontage.Money(kept)
	case pontage.PayerSubscription:
		used.SubscriptionRequests = kept
	}
	total := func(dimension pontage.Dimension, day pontage.Period, key, host string) *pontage.ClosedTotal {
		k := totalKey{dimension, c.AccountID, key, host}
		if sums[k] == nil {
			sums[k] = &pontage.ClosedTotal{Dimension: dimension, Day: day, AccountID: c.AccountID, Key: key, Host: host}
		}
		return sums[k]
	}
	scope := total(pontage.ByScope, day, string(c.ScopeID), c.Host)
	addUsage(&scope.Usage, used)
	addUsage(&total(pontage.ByToken, day, string(c.LineageID), "").Usage, used)
	addUsage(&total(pontage.ByAddress, day, c.Address.String(), "").Usage, used)
	switch {
	case c.Payer == pontage.PayerAllowance:
		scope.AllowanceRequests += kept
	case c.Payer == pontage.PayerSubscription:
		total(pontage.BySubscription, "", string(c.SubscriptionID), "").Usage.SubscriptionRequests += kept
	case c.Payer == pontage.PayerWallet && !e.released:
		scope.SpentRequests++
		scope.SpentAmount += c.Price
	}
}

// closedAfter is how long after its end the product closes a day at the earliest.
const closedAfter = time.Hour

// close seals a day behind the one before.
func (r *run) close(d *day) (pontage.Closing, []pontage.ClosedTotal) {
	c := pontage.Closing{
		Day: pontage.DayOf(d.begin), Previous: r.closed.Day, Calls: d.lastCall, Outcomes: d.lastOutcome, FirstOpen: d.lastCall + 1,
		ClosedAt: d.begin.Add(24*time.Hour + closedAfter),
	}
	c.KeyID, c.Signature = r.sign(c, r.closed.Signature, d.totals)
	r.closed = c
	return c, d.totals
}
