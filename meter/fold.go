package meter

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/pontage/pontage"
)

// Fold is the one rule by which the call log becomes statistics, addresses, day lines and error entries. It is pure: the store
// applies it to the oldest rows, reads apply it to the tail, and both give the same books.
//
// An admitted call counts at its decision, in the periods of that time; an ending takes back there what it gives back. Refused
// calls count nowhere but as error entries.
func Fold(tail pontage.Tail) pontage.FoldChanges {
	f := newFolding()
	for i := range tail.Calls {
		f.call(&tail.Calls[i])
	}
	for i := range tail.Outcomes {
		f.outcome(&tail.Outcomes[i].Call, &tail.Outcomes[i].Outcome)
	}
	return f.changes()
}

type dayKey struct {
	account pontage.AccountID
	day     pontage.Period
	host    string
}

type addressKey struct {
	line    pontage.StatisticKey
	address netip.Addr
}

// folding sums while the log goes by.
type folding struct {
	statistics map[pontage.StatisticKey]*pontage.Usage
	addresses  map[addressKey]time.Time
	days       map[dayKey]*pontage.UsageDay
	errors     []pontage.ErrorEntry
	// lines is reused from row to row.
	lines []pontage.StatisticKey
}

func newFolding() *folding {
	return &folding{
		statistics: map[pontage.StatisticKey]*pontage.Usage{},
		addresses:  map[addressKey]time.Time{},
		days:       map[dayKey]*pontage.UsageDay{},
	}
}

// call counts a call as it was born.
func (f *folding) call(c *pontage.Call) {
	if c.State == pontage.CallRefused {
		f.errors = append(f.errors, refusedEntry(c))
		return
	}
	u := pontage.Usage{TotalRequests: 1}
	if c.Payer == pontage.PayerSubscription {
		u.SubscriptionRequests = 1
	}
	if c.Payer == pontage.PayerWallet {
		u.WalletRequests, u.WalletAmount = 1, c.Price
		f.day(c, 1)
	}
	f.add(c, u)
	f.see(c)
}

// outcome counts what an ending changes.
func (f *folding) outcome(c *pontage.Call, o *pontage.Outcome) {
	var u pontage.Usage
	if o.Kind != pontage.OutcomeSettled {
		switch c.Payer {
		case pontage.PayerSubscription:
			u.SubscriptionRequests = -1
		case pontage.PayerWallet:
			u.WalletRequests, u.WalletAmount = -1, -c.Price
		}
	}
	switch {
	case o.Kind == pontage.OutcomeReleased:
		u.ErrorRequests = 1
		if c.Payer == pontage.PayerWallet {
			f.day(c, -1)
		}
	case o.Kind == pontage.OutcomeSettled && o.Status >= 400, o.Kind == pontage.OutcomeRefunded && refundIsError(c, o):
		u.ErrorRequests = 1
	}
	if u != (pontage.Usage{}) {
		f.add(c, u)
	}
	if o.Kind == pontage.OutcomeReleased || o.Kind == pontage.OutcomeSettled && o.Status >= 400 {
		f.errors = append(f.errors, endedEntry(c, o))
	}
}

// statisticLines gives every line a call counts under: account, API and scope in all four periods, the token for all time.
func (f *folding) statisticLines(c *pontage.Call) []pontage.StatisticKey {
	f.lines = f.lines[:0]
	for _, p := range [...]pontage.Period{"", pontage.YearOf(c.DecidedAt), pontage.MonthOf(c.DecidedAt), pontage.DayOf(c.DecidedAt)} {
		f.lines = append(f.lines,
			pontage.StatisticKey{AccountID: c.AccountID, Period: p, Dimension: pontage.ByAccount},
			pontage.StatisticKey{AccountID: c.AccountID, Period: p, Dimension: pontage.ByAPI, Key: c.Host, Host: c.Host},
			pontage.StatisticKey{AccountID: c.AccountID, Period: p, Dimension: pontage.ByScope, Key: string(c.ScopeID), Host: c.Host})
	}
	f.lines = append(f.lines, pontage.StatisticKey{AccountID: c.AccountID, Dimension: pontage.ByToken, Key: string(c.LineageID)})
	return f.lines
}

func (f *folding) add(c *pontage.Call, u pontage.Usage) {
	for _, key := range f.statisticLines(c) {
		sum := f.statistics[key]
		if sum == nil {
			sum = &pontage.Usage{}
			f.statistics[key] = sum
		}
		addUsage(sum, u)
	}
}

func addUsage(sum *pontage.Usage, u pontage.Usage) {
	sum.TotalRequests += u.TotalRequests
	sum.WalletRequests += u.WalletRequests
	sum.SubscriptionRequests += u.SubscriptionRequests
	sum.ErrorRequests += u.ErrorRequests
	sum.WalletAmount += u.WalletAmount
}

// see remembers the address of an admitted call, newest time first.
func (f *folding) see(c *pontage.Call) {
	if !c.Address.IsValid() {
		return
	}
	for _, line := range f.statisticLines(c) {
		key := addressKey{line, c.Address}
		if at, ok := f.addresses[key]; !ok || c.DecidedAt.After(at) {
			f.addresses[key] = c.DecidedAt
		}
	}
}

// day counts sign calls paid by the wallet.
func (f *folding) day(c *pontage.Call, sign int64) {
	key := dayKey{c.AccountID, pontage.DayOf(c.DecidedAt), c.Host}
	d := f.days[key]
	if d == nil {
		d = &pontage.UsageDay{AccountID: key.account, Day: key.day, Host: key.host, FirstAt: c.DecidedAt}
		f.days[key] = d
	}
	d.Amount += pontage.Money(sign) * c.Price
	d.Requests += sign
	if c.DecidedAt.Before(d.FirstAt) {
		d.FirstAt = c.DecidedAt
	}
}

// changes lists the sums in a fixed order, so that instances that fold at once lock rows in the same one.
func (f *folding) changes() pontage.FoldChanges {
	out := pontage.FoldChanges{Errors: f.errors}
	for key, u := range f.statistics {
		out.Statistics = append(out.Statistics, pontage.StatisticDelta{StatisticKey: key, Usage: *u})
	}
	for key, at := range f.addresses {
		out.Addresses = append(out.Addresses, pontage.AddressSeen{StatisticKey: key.line, Address: key.address, At: at})
	}
	for d := range maps.Values(f.days) {
		out.Days = append(out.Days, *d)
	}
	slices.SortFunc(out.Statistics, func(a, b pontage.StatisticDelta) int { return compareLines(a.StatisticKey, b.StatisticKey) })
	slices.SortFunc(out.Addresses, func(a, b pontage.AddressSeen) int {
		return cmp.Or(compareLines(a.StatisticKey, b.StatisticKey), a.Address.Compare(b.Address))
	})
	slices.SortFunc(out.Days, func(a, b pontage.UsageDay) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Host, b.Host))
	})
	return out
}

func compareLines(a, b pontage.StatisticKey) int {
	return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.Period, b.Period),
		cmp.Compare(a.Dimension, b.Dimension), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Host, b.Host))
}
