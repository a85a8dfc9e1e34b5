package meter

import (
	"time"

	"github.com/pontage/pontage"
)

// outcomeOf finds a call's outcome of one of the kinds.
func (r *run) outcomeOf(id pontage.CallID, kinds ...pontage.OutcomeKind) *pontage.Outcome {
	for i := range r.state.Ended[id] {
		for _, kind := range kinds {
			if o := &r.state.Ended[id][i]; o.Kind == kind {
				return o
			}
		}
	}
	return nil
}

func (r *run) givenBack(id pontage.CallID) bool {
	return r.outcomeOf(id, pontage.OutcomeReleased, pontage.OutcomeRefunded) != nil
}

// settle moves the price from held to spent.
func (r *run) settle(e *Ending) error {
	call, books, err := r.callToEnd(e.CallID, e.Status >= 400)
	switch {
	case err != nil:
		return err
	case r.givenBack(call.ID):
		return pontage.E(pontage.Conflict, "The call was given back before it was settled.")
	case call.State == pontage.CallSettled || r.outcomeOf(call.ID, pontage.OutcomeSettled) != nil:
		return nil
	}
	o := r.outcome(e, pontage.OutcomeSettled)
	if call.Payer == pontage.PayerWallet {
		books.wallet.Held -= call.Price
		books.wallet.Balance -= call.Price
		o.TransferID = r.usageTransfer(call.AccountID, call.Price)
		r.changed(books.wallet)
	}
	if e.Status >= 400 {
		books.lineage.Usage.ErrorRequests++
		r.lineages.add(call.LineageID)
	}
	r.record(o)
	return nil
}

// undo refunds what is charged and releases what is not. What nobody was told the admission of is left alone once it has been told.
func (r *run) undo(e *Ending, reaped bool) result {
	if reaped && (r.repeated.has(e.CallID) || !r.meter.owed.has(e.CallID)) {
		return result{did: kindGiveBack}
	}
	call := r.state.Calls[e.CallID]
	if call != nil && (call.State == pontage.CallSettled || r.outcomeOf(call.ID, pontage.OutcomeSettled) != nil) {
		return result{did: kindRefund, err: r.refund(e, reaped)}
	}
	return result{did: kindRelease, err: r.release(e, reaped)}
}

// release gives back what an open call holds.
func (r *run) release(e *Ending, reaped bool) error {
	call, books, err := r.callToEnd(e.CallID, true)
	switch {
	case err != nil:
		return err
	case r.givenBack(call.ID):
		return nil
	case call.State == pontage.CallSettled || r.outcomeOf(call.ID, pontage.OutcomeSettled) != nil:
		return pontage.E(pontage.Conflict, "The call is settled; it can only be refunded.")
	}
	o := r.outcome(e, pontage.OutcomeReleased)
	if call.Payer == pontage.PayerWallet {
		books.wallet.Held -= call.Price
		r.changed(books.wallet)
	}
	books.lineage.Usage.ErrorRequests++
	r.giveBack(call, books)
	if !reaped {
		r.meter.releases.take(RateKey{LineageID: call.LineageID, ScopeID: call.ScopeID})
	}
	r.record(o)
	return nil
}

// refund pays back what a settled call was charged. A call that was born settled cannot be released; its refund is what a release
// is to others, and counts as one.
func (r *run) refund(e *Ending, reaped bool) error {
	call, books, err := r.callToEnd(e.CallID, true)
	if err != nil {
		return err
	}
	if r.givenBack(call.ID) {
		return nil
	}
	settled := r.outcomeOf(call.ID, pontage.OutcomeSettled)
	if settled == nil && call.State != pontage.CallSettled {
		return pontage.E(pontage.Conflict, "The call is not settled; it can only be released.")
	}
	if r.now.Sub(call.DecidedAt) > RefundWithin {
		return pontage.E(pontage.Conflict, "A call can be refunded for %d days.", RefundWithin/(24*time.Hour))
	}
	o := r.outcome(e, pontage.OutcomeRefunded)
	// A settled call with a failed status was counted as an error then; the refund repeats that status, so that the fold, which
	// sees one outcome at a time, counts it once too.
	if settled != nil {
		o.Status = settled.Status
	}
	if refundIsError(call, o) {
		books.lineage.Usage.ErrorRequests++
	}
	if call.Payer == pontage.PayerWallet {
		books.wallet.Balance += call.Price
		o.TransferID = r.refundTransfer(call)
		r.changed(books.wallet)
	}
	r.giveBack(call, books)
	if call.State == pontage.CallSettled && !reaped {
		r.meter.releases.take(RateKey{LineageID: call.LineageID, ScopeID: call.ScopeID})
	}
	r.record(o)
	return nil
}

// refundIsError says whether the refund is the first failure of its call.
func refundIsError(call *pontage.Call, o *pontage.Outcome) bool {
	return call.State == pontage.CallSettled || o.Status < 400
}

func (r *run) refundTransfer(call *pontage.Call) pontage.TransferID {
	id := pontage.NewTransferID(r.now)
	r.changes.Transfers = append(r.changes.Transfers, pontage.Transfer{
		ID: id, Kind: pontage.TransferRefund, AccountID: call.AccountID, Amount: call.Price,
		Debit: pontage.LedgerRevenue, Credit: pontage.LedgerWallet(call.AccountID),
		Description: "Refund of call " + string(call.ID), CreatedAt: r.now,
	})
	return id
}

// books are the locked rows an ending may change; allowance and subscription are there where they paid, the lineage where its counters
// change.
type books struct {
	lineage      *pontage.Lineage
	wallet       *pontage.Wallet
	allowance    *pontage.AllowanceUse
	subscription *pontage.Subscription
}

// callToEnd finds the call and its rows, before anything is changed; counted says that the token's counters are among them.
func (r *run) callToEnd(id pontage.CallID, counted bool) (*pontage.Call, books, error) {
	call := r.state.Calls[id]
	if call == nil {
		return nil, books{}, pontage.E(pontage.NotFound, "There is no call with this id.")
	}
	if call.State == pontage.CallRefused {
		return nil, books{}, pontage.E(pontage.Conflict, "The call was refused; there is nothing to end.")
	}
	b := books{
		lineage: r.state.Lineages[call.LineageID], wallet: r.state.Wallets[call.AccountID],
		allowance:    r.state.Allowances[pontage.AllowanceKey{AccountID: call.AccountID, ScopeID: call.ScopeID}],
		subscription: r.state.Subscriptions[call.SubscriptionID],
	}
	if counted && b.lineage == nil || b.wallet == nil && (call.Payer == pontage.PayerWallet || call.Payer == pontage.PayerPlan) {
		return nil, books{}, pontage.E(pontage.Internal, "Internal server error.").At(string(id))
	}
	return call, b, nil
}

// giveBack undoes what admission counted, all but the total.
func (r *run) giveBack(call *pontage.Call, b books) {
	use := &b.lineage.Usage
	switch {
	case call.Payer == pontage.PayerWallet:
		use.WalletRequests--
		use.WalletAmount -= call.Price
	case call.Payer == pontage.PayerSubscription:
		use.SubscriptionRequests--
		if s := b.subscription; s != nil && s.UsedRequests > 0 {
			s.UsedRequests--
			r.subscriptions.add(s.ID)
		}
	case call.Payer == pontage.PayerPlan:
		ReturnPlanned(&b.wallet.Plan, call.DecidedAt)
		r.changed(b.wallet)
	case call.Payer == pontage.PayerAllowance && b.allowance != nil:
		ReturnFree(b.allowance, call.DecidedAt)
		r.allowances.add(b.allowance.Key)
	}
	r.lineages.add(call.LineageID)
}

func (r *run) outcome(e *Ending, kind pontage.OutcomeKind) *pontage.Outcome {
	o := &pontage.Outcome{CallID: e.CallID, Kind: kind, Status: e.Status, At: r.now, Elapsed: e.Elapsed}
	if kind != pontage.OutcomeSettled {
		o.Code = e.Code
		if o.Code == "" {
			o.Code = pontage.CodeOfStatus(e.Status)
		}
	}
	return o
}

// record appends the outcome; later items of the batch see it.
func (r *run) record(o *pontage.Outcome) {
	r.changes.Outcomes = append(r.changes.Outcomes, *o)
	r.state.Ended[o.CallID] = append(r.state.Ended[o.CallID], *o)
}
