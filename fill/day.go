package fill

import (
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

const (
	// batchAccounts times batchCalls is how many calls one batch of the platform took together.
	batchAccounts = 8
	batchCalls    = 4
	// settledAfter and refundedAfter are the times to the API's answer, and to its complaint.
	settledAfter  = 40 * time.Millisecond
	refundedAfter = time.Second
	holdLength    = 40 * time.Second
	// quiet is how long before midnight the last call of a day is decided: what comes of it is of the same day.
	quiet = 10 * time.Second
)

// day is everything that happened on one, as it is written.
type day struct {
	number                int
	begin                 time.Time
	lastCall, lastOutcome int64
	tail                  pontage.Tail
	transfers             []pontage.Transfer
	retired               []*token
	lines                 []keyedLine
	changes               pontage.FoldChanges
	totals                []pontage.ClosedTotal
}

// live makes a day.
func (r *run) live(number int) *day {
	d := &day{number: number, begin: r.dayBegin(number), retired: r.newTokens(number),
		tail: pontage.Tail{Owners: map[pontage.LineageID]pontage.LineageOwner{}}}
	r.pay(d)
	calls := int(share(r.plan.Calls, number, r.plan.Days))
	const most = batchAccounts * batchCalls
	batches := (calls + most - 1) / most
	for n := range batches {
		at := d.begin.Add(time.Duration(n+1) * ((24*time.Hour - quiet) / time.Duration(batches+1)).Truncate(time.Microsecond))
		r.batch(d, at, min(most, calls-n*most))
	}
	d.lastCall, d.lastOutcome = r.sequence, r.outcomes
	d.changes = meter.Fold(d.tail)
	d.lines = append(r.books.add(d.changes), r.endedLines(d)...)
	d.totals = closedTotals(pontage.DayOf(d.begin), d.tail)
	return d
}

// endedLines gives the lines of the month that ends with the day; with the last day everything ends.
func (r *run) endedLines(d *day) []keyedLine {
	last := d.number == r.plan.Days-1
	month := pontage.MonthOf(d.begin)
	if !last && month == pontage.MonthOf(d.begin.AddDate(0, 0, 1)) {
		return nil
	}
	return r.books.end(func(p pontage.Period) bool { return last || p == month })
}

// pay tops the wallets up on the first day and on the first of a month, and sells the subscriptions on the first day.
func (r *run) pay(d *day) {
	if d.number > 0 && d.begin.Day() != 1 {
		return
	}
	monthly := pontage.Money(r.plan.Calls/int64(r.plan.Accounts*r.plan.Days)+batchCalls) * 31 * r.products[plan].price
	for _, c := range r.customers {
		r.transfer(d, c, d.begin, pontage.TransferTopUp, monthly+10_000_000)
		if d.number == 0 && c.second == plan {
			r.subscribe(d, c)
		}
	}
}

func (r *run) subscribe(d *day, c *customer) {
	s := pontage.Subscription{
		ID: pontage.NewSubscriptionID(d.begin), AccountID: c.account, ScopeID: r.products[plan].scope, Term: pontage.Annual, Price: 10_000_000,
		TotalRequests: 1_000_000_000, StartsAt: d.begin, ExpiresAt: d.begin.Add(pontage.Annual.Length()), CreatedAt: d.begin, UpdatedAt: d.begin,
	}
	r.transfer(d, c, d.begin, pontage.TransferSubscription, s.Price)
	c.subscription = &s
}

// transfer moves money of a customer and gives the transfer's id.
func (r *run) transfer(d *day, c *customer, at time.Time, kind pontage.TransferKind, amount pontage.Money) pontage.TransferID {
	t := pontage.Transfer{
		ID: pontage.NewTransferID(at), Kind: kind, AccountID: c.account, Amount: amount, CreatedAt: at,
		Debit: pontage.LedgerWallet(c.account), Credit: pontage.LedgerRevenue, Description: "Usage",
	}
	switch kind {
	case pontage.TransferTopUp:
		t.Debit, t.Credit, t.Description = pontage.LedgerFunding, t.Debit, "Top-up"
	case pontage.TransferRefund:
		t.Debit, t.Credit, t.Description = pontage.LedgerRevenue, t.Debit, "Refund of a call"
	case pontage.TransferSubscription:
		t.Description = "Subscription"
	}
	if t.Credit == pontage.LedgerRevenue {
		amount = -amount
	}
	c.balance += amount
	c.changed = at
	d.transfers = append(d.transfers, t)
	return t.ID
}
