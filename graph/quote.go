package graph

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/meter"
)

func (r *Resolver) quote(ctx context.Context, in model.QuoteInput) (*model.Quote, error) {
	q := meter.Question{Method: in.Method, URL: &in.URL}
	if in.IP != nil {
		q.Address = *in.IP
	}
	var err error
	if q.Token, err = r.quotedToken(ctx, in.Token); err != nil {
		return nil, inInput(err)
	}
	advisor := meter.Advisor{Quotes: r.Meter, Tokens: r.Tokens, Catalog: r.Catalog, Clock: r.Clock}
	advice, err := advisor.Advise(ctx, actor(ctx), q)
	if err != nil {
		return nil, inInput(err)
	}
	return r.quoteOf(advice), nil
}

// quotedToken is the one that is named, else the asking token itself.
func (r *Resolver) quotedToken(ctx context.Context, named *string) (pontage.TokenID, error) {
	by := actor(ctx)
	if named == nil && by.Bearer != nil {
		return by.Bearer.TokenID, nil
	}
	if named == nil {
		return "", pontage.E(pontage.InvalidInput, "Say which token would call.").At("/token")
	}
	d, err := r.token(ctx, *named)
	if err != nil {
		return "", pontage.Public(err).At("/token")
	}
	return d.TokenID, nil
}

func (r *Resolver) quoteOf(a *meter.Advice) *model.Quote {
	d := a.Decision
	e := r.Meter.Explain(d)
	out := &model.Quote{
		Admitted: d.Admitted, Reason: e.Reason, Payer: orNull(model.Payer(d.Payer)), Price: e.Price, Charged: d.Charged,
		Limit: orNull(d.Limit), Left: orNull(d.Left), Unit: orNull(d.Unit), EndsAt: d.EndsAt, Checks: checks(e.Checks),
	}
	if d.Refusal != nil {
		status := d.Refusal.Code.Failure().Status
		out.Code, out.Status = orNull(d.Refusal.Code), &status
	}
	if m := a.Attempt.Match; m != nil {
		out.Operation, out.ScopeID, out.ScopeName = orNull(m.Operation.Path), m.Scope.ID, &m.Scope.Name
	}
	return out
}
