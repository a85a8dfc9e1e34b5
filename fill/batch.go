package fill

import (
	"strconv"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// batch makes calls that were decided together, a few of each account in turn.
func (r *run) batch(d *day, at time.Time, calls int) {
	for calls > 0 {
		c := r.customers[r.turn%len(r.customers)]
		r.turn++
		n := min(batchCalls, calls)
		r.turns(d, c, at, n)
		calls -= n
	}
}

// turns makes the calls of one customer in one batch: those the wallet pays share a transfer.
func (r *run) turns(d *day, c *customer, at time.Time, n int) {
	first := len(d.tail.Calls)
	spent := pontage.Money(0)
	for range n {
		call := r.call(c, at)
		if call.Payer == pontage.PayerWallet {
			spent += call.Price
		}
		d.tail.Calls = append(d.tail.Calls, call)
		d.tail.Owners[call.LineageID] = pontage.LineageOwner{ClientID: c.client}
	}
	calls := d.tail.Calls[first:]
	if c.elsewhere {
		if spent > 0 {
			id := r.transfer(d, c, at, pontage.TransferUsage, spent)
			for i := range calls {
				if calls[i].Payer == pontage.PayerWallet {
					calls[i].TransferID = id
				}
			}
		}
	} else {
		r.settle(d, c, at.Add(settledAfter), calls)
	}
	if last := &calls[len(calls)-1]; last.State == pontage.CallSettled && r.oneIn(200) {
		r.refund(d, c, at.Add(refundedAfter), last)
	}
}

// call decides one.
func (r *run) call(c *customer, at time.Time) pontage.Call {
	r.sequence++
	token := c.current[r.random.IntN(len(c.current))]
	which := paid
	if r.oneIn(4) {
		which = c.second
	}
	p := r.products[which]
	call := pontage.Call{
		Sequence: r.sequence, ID: pontage.NewCallID(at), AccountID: c.account, LineageID: token.row.ID, TokenID: token.row.TokenID,
		ScopeID: p.scope, OperationID: p.operation, Method: "GET", Host: Host, Address: c.addresses[r.random.IntN(addressesEach)],
		State: pontage.CallReserved, DecidedAt: at, ExpiresAt: at.Add(holdLength),
	}
	call.Checks = pontage.Checks("P" + strconv.FormatInt(int64(p.price), 36) + "F7ps,7psC" + strconv.FormatInt(int64(c.balance), 36))
	if r.oneIn(100) {
		call.State, call.ExpiresAt = pontage.CallRefused, time.Time{}
		call.Code, call.Message, call.Limit = pontage.LimitExhausted, "The limit totalRequests of this token is used up.", "totalRequests"
		return call
	}
	if c.elsewhere {
		call.State, call.ExpiresAt = pontage.CallSettled, time.Time{}
	}
	r.payer(c, &call, which, at)
	return call
}

// payer says who pays, and takes from the subscription or the allowance.
func (r *run) payer(c *customer, call *pontage.Call, which int, at time.Time) {
	switch {
	case which == free:
	case which == trial:
		call.Payer = pontage.PayerAllowance
		c.trial.Key = pontage.AllowanceKey{AccountID: c.account, ScopeID: call.ScopeID}
		meter.TakeFree(&c.trial, at)
	case which == plan && c.subscription.Active(at):
		call.Payer, call.SubscriptionID = pontage.PayerSubscription, c.subscription.ID
		c.subscription.UsedRequests++
	default:
		call.Payer, call.Price = pontage.PayerWallet, r.products[which].price
	}
}

// settle ends the calls that wait: most are charged, together, and a few are given back.
func (r *run) settle(d *day, c *customer, at time.Time, calls []pontage.Call) {
	spent := pontage.Money(0)
	charged := len(d.tail.Outcomes)
	for i := range calls {
		call := &calls[i]
		switch {
		case call.State == pontage.CallRefused:
		case r.oneIn(100):
			r.outcome(d, call, pontage.Outcome{Kind: pontage.OutcomeReleased, Status: 502, Code: pontage.BadGateway, At: at})
			r.giveBack(c, call)
		default:
			status := 200
			if r.oneIn(50) {
				status = 404
			}
			r.outcome(d, call, pontage.Outcome{Kind: pontage.OutcomeSettled, Status: status, At: at})
			if call.Payer == pontage.PayerWallet {
				spent += call.Price
			}
		}
	}
	if spent == 0 {
		return
	}
	id := r.transfer(d, c, at, pontage.TransferUsage, spent)
	for i := range d.tail.Outcomes[charged:] {
		e := &d.tail.Outcomes[charged+i]
		if e.Outcome.Kind == pontage.OutcomeSettled && e.Call.Payer == pontage.PayerWallet {
			e.Outcome.TransferID = id
		}
	}
}

func (r *run) outcome(d *day, call *pontage.Call, o pontage.Outcome) {
	r.outcomes++
	o.Sequence, o.CallID, o.Elapsed = r.outcomes, call.ID, settledAfter
	d.tail.Outcomes = append(d.tail.Outcomes, pontage.EndedCall{Call: *call, Outcome: o})
}

// refund pays a call back that was settled from the beginning.
func (r *run) refund(d *day, c *customer, at time.Time, call *pontage.Call) {
	o := pontage.Outcome{Kind: pontage.OutcomeRefunded, Status: 502, Code: pontage.BadGateway, At: at}
	if call.Payer == pontage.PayerWallet {
		o.TransferID = r.transfer(d, c, at, pontage.TransferRefund, call.Price)
	}
	r.outcome(d, call, o)
	r.giveBack(c, call)
}

// giveBack undoes what payer took.
func (r *run) giveBack(c *customer, call *pontage.Call) {
	switch call.Payer {
	case pontage.PayerAllowance:
		meter.ReturnFree(&c.trial, call.DecidedAt)
	case pontage.PayerSubscription:
		c.subscription.UsedRequests--
	}
}

func (r *run) oneIn(n int) bool { return r.random.IntN(n) == 0 }
