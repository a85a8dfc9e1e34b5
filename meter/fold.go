package meter

import (
	"net/netip"
	"time"

	"github.com/pontage/pontage"
)

// Fold is the one rule by which the call log becomes statistics, addresses, day lines and error entries. It is pure: the store
// applies it to the oldest rows, reads apply it to the tail, and both give the same books.
//
// An admitted call counts at its decision, in the periods of that time; an ending takes back there what it gives back. Refused
// calls count nowhere but as error entries.
func Fold(tail pontage.Tail) pontage.FoldChanges {
	f := folding{cells: map[cellKey]*cell{}, owners: tail.Owners}
	for i := range tail.Calls {
		f.call(&tail.Calls[i])
	}
	for i := range tail.Outcomes {
		f.outcome(&tail.Outcomes[i].Call, &tail.Outcomes[i].Outcome)
	}
	return f.changes()
}

// cellKey is what calls have in common that count under the same lines.
type cellKey struct {
	account pontage.AccountID
	lineage pontage.LineageID
	scope   pontage.ScopeID
	host    string
	// day is counted from 1970 in UTC.
	day     int64
	address netip.Addr
}

// cell sums the calls of one key, so that a call costs one look-up and its lines are worked out once.
type cell struct {
	usage pontage.Usage
	// seen is when the newest of them was decided; zero where only endings are counted.
	seen time.Time
	// spent is the day line's part; its FirstAt is zero while no call was paid by the wallet.
	spent pontage.UsageDay
	at    time.Time
}

// folding sums while the log goes by.
type folding struct {
	cells  map[cellKey]*cell
	owners map[pontage.LineageID]pontage.LineageOwner
	errors []pontage.ErrorEntry
}

const secondsPerDay = 24 * 60 * 60

func (f *folding) cell(c *pontage.Call) *cell {
	key := cellKey{c.AccountID, c.LineageID, c.ScopeID, c.Host, c.DecidedAt.Unix() / secondsPerDay, c.Address}
	sum := f.cells[key]
	if sum == nil {
		sum = &cell{at: c.DecidedAt}
		f.cells[key] = sum
	}
	return sum
}

// call counts a call as it was born.
func (f *folding) call(c *pontage.Call) {
	if c.State == pontage.CallRefused {
		f.errors = append(f.errors, refusedEntry(c))
		return
	}
	sum := f.cell(c)
	sum.usage.TotalRequests++
	if c.DecidedAt.After(sum.seen) {
		sum.seen = c.DecidedAt
	}
	sum.pay(c, 1)
	if c.Payer == pontage.PayerWallet {
		sum.spend(c, 1)
	}
}

// outcome counts what an ending changes.
func (f *folding) outcome(c *pontage.Call, o *pontage.Outcome) {
	switch o.Kind {
	case pontage.OutcomeSettled:
		if o.Status < 400 {
			return
		}
		f.cell(c).usage.ErrorRequests++
		f.errors = append(f.errors, endedEntry(c, o))
	case pontage.OutcomeReleased:
		sum := f.cell(c)
		sum.usage.ErrorRequests++
		sum.pay(c, -1)
		if c.Payer == pontage.PayerWallet {
			sum.spend(c, -1)
		}
		f.errors = append(f.errors, endedEntry(c, o))
	case pontage.OutcomeRefunded:
		sum := f.cell(c)
		sum.pay(c, -1)
		if refundIsError(c, o) {
			sum.usage.ErrorRequests++
		}
		if c.State == pontage.CallSettled {
			f.errors = append(f.errors, endedEntry(c, o))
		}
	}
}

// pay counts the payer, once or once less.
func (s *cell) pay(c *pontage.Call, sign int64) {
	switch c.Payer {
	case pontage.PayerSubscription:
		s.usage.SubscriptionRequests += sign
	case pontage.PayerWallet:
		s.usage.WalletRequests += sign
		s.usage.WalletAmount += pontage.Money(sign) * c.Price
	}
}

// spend counts the day line; a refund is a transfer of its own and leaves it.
func (s *cell) spend(c *pontage.Call, sign int64) {
	s.spent.Requests += sign
	s.spent.Amount += pontage.Money(sign) * c.Price
	s.spent.FirstAt = earlier(s.spent.FirstAt, c.DecidedAt)
}

// earlier takes a zero time for none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func addUsage(sum *pontage.Usage, u pontage.Usage) {
	sum.TotalRequests += u.TotalRequests
	sum.WalletRequests += u.WalletRequests
	sum.SubscriptionRequests += u.SubscriptionRequests
	sum.ErrorRequests += u.ErrorRequests
	sum.WalletAmount += u.WalletAmount
}
