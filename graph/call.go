package graph

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/meter"
)

func placeOfCall(c *model.Call) pontage.Place {
	return pontage.Place{At: c.CreatedAt, ID: string(c.ID)}
}

func (r *Resolver) call(ctx context.Context, id pontage.CallID) (*model.Call, error) {
	receipt, err := r.Meter.Receipt(ctx, actor(ctx), id)
	if err != nil {
		return found[model.Call](nil, err)
	}
	c := r.callOf(receipt)
	return &c, nil
}

func (r *Resolver) calls(ctx context.Context, transaction string, client *string, q *question, f *model.CallFilter) ([]model.Call, error) {
	query := pontage.UsageCallQuery{Page: q.page}
	if f != nil {
		query.ScopeID, query.LineageID = orEmpty(f.ScopeID), orEmpty(f.Token)
	}
	receipts, err := r.usageReceipts(ctx, transaction, client, query)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, errNoNode
	}
	all := make([]model.Call, len(receipts))
	for i := range receipts {
		all[i] = r.callOf(&receipts[i])
	}
	return all, err
}

// usageReceipts are those of the account's transaction, or of a client's calls in one of the wallet that pays for it.
func (r *Resolver) usageReceipts(ctx context.Context, transaction string, client *string, q pontage.UsageCallQuery) ([]meter.Receipt, error) {
	if client == nil {
		return r.Meter.UsageReceipts(ctx, actor(ctx), transaction, q)
	}
	return r.Meter.ClientUsageReceipts(ctx, actor(ctx), pontage.ClientID(*client), transaction, q)
}

func (r *Resolver) callOf(in *meter.Receipt) model.Call {
	c := &in.Call
	out := model.Call{
		ID: c.ID, State: in.State, CreatedAt: c.DecidedAt, TokenID: orNull(c.TokenID), TokenName: in.TokenName, ClientID: orNull(in.ClientID),
		Address: c.Address, Method: c.Method, Host: c.Host, Operation: r.operation(c.OperationID), ScopeID: c.ScopeID, ScopeName: r.nameOfScope(c.ScopeID),
		Admitted: c.State != pontage.CallRefused, Code: orNull(c.Code), Limit: orNull(c.Limit), Reason: in.Reason,
		Payer: orNull(model.Payer(c.Payer)), Price: in.Price, Charged: in.Charged, SubscriptionID: orNull(c.SubscriptionID),
		TransferID: orNull(c.TransferID), Checks: checks(in.Checks), Outcomes: make([]model.Outcome, len(in.Outcomes)),
	}
	for i := range in.Outcomes {
		o := &in.Outcomes[i]
		out.Outcomes[i] = outcomeOf(o)
		switch o.Kind {
		case pontage.OutcomeSettled:
			out.TransferID = orNull(o.TransferID)
		case pontage.OutcomeRefunded:
			out.RefundID = orNull(o.TransferID)
		}
	}
	return out
}

// operation is the path's template, the id where the catalogue has lost it.
func (r *Resolver) operation(id pontage.OperationID) *string {
	if o, ok := r.Catalog.OperationByID(id); ok {
		return orNull(o.Path)
	}
	return orNull(string(id))
}

func outcomeOf(o *pontage.Outcome) model.Outcome {
	out := model.Outcome{Kind: o.Kind, CreatedAt: o.At, Microseconds: o.Elapsed.Microseconds(), Code: orNull(o.Code), TransferID: orNull(o.TransferID)}
	if o.Status != 0 {
		out.Status = &o.Status
	}
	return out
}

func checks(all []meter.Check) []model.Check {
	out := make([]model.Check, len(all))
	for i, c := range all {
		out[i] = model.Check{Name: c.Name, Passed: c.Passed, Limit: orNull(c.Limit), Before: orNull(c.Before), After: orNull(c.After),
			Unit: orNull(c.Unit), Window: orNull(c.Window)}
	}
	return out
}
