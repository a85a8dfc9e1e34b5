package token

import (
	"net/http"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

// Names says what stands behind the ids of a call; the catalogue does.
type Names interface {
	ScopeByID(id pontage.ScopeID) (*pontage.Scope, bool)
	OperationByID(id pontage.OperationID) (*pontage.Operation, bool)
}

// GetCall is GET /calls/{id}.
func (a *api) GetCall(w http.ResponseWriter, r *http.Request, id string) {
	receipt, err := a.Meter.Receipt(r.Context(), openapi.Actor(r), pontage.CallID(id))
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	a.Answer(w, r, Receipt(receipt, a.Catalog), nil)
}

// Receipt is a receipt as it is answered.
func Receipt(r *meter.Receipt, names Names) generated.Receipt {
	c := &r.Call
	out := generated.Receipt{
		Id: string(c.ID), State: string(r.State), CreatedAt: c.DecidedAt.UTC(),
		Account: string(c.AccountID), Client: textOrNull(r.ClientID), Token: string(c.TokenID), TokenName: r.TokenName,
		Ip: addressText(c.Address), Method: c.Method, Domain: c.Host,
		Operation: operationPath(names, c.OperationID), Scope: scopeOrNull(names, c.ScopeID),
		Admitted: c.State != pontage.CallRefused, Code: textOrNull(c.Code), Limit: textOrNull(c.Limit), Reason: r.Reason,
		Payer: textOrNull(c.Payer), Price: orNull(r.Price), Charged: r.Charged,
		Subscription: textOrNull(c.SubscriptionID), Transfer: textOrNull(c.TransferID), Refund: textOrNull(""),
		Checks: checksJSON(r.Checks), Outcomes: make([]generated.ReceiptOutcome, len(r.Outcomes)),
	}
	for i, o := range r.Outcomes {
		out.Outcomes[i] = outcomeJSON(&o)
		switch o.Kind {
		case pontage.OutcomeSettled:
			out.Transfer = textOrNull(o.TransferID)
		case pontage.OutcomeRefunded:
			out.Refund = textOrNull(o.TransferID)
		}
	}
	return out
}

func outcomeJSON(o *pontage.Outcome) generated.ReceiptOutcome {
	out := generated.ReceiptOutcome{Kind: string(o.Kind), CreatedAt: o.At.UTC(), Status: nullable.NewNullNullable[int](),
		Microseconds: o.Elapsed.Microseconds(), Code: textOrNull(o.Code), Transfer: textOrNull(o.TransferID)}
	if o.Status != 0 {
		out.Status = nullable.NewNullableWithValue(o.Status)
	}
	return out
}

func checksJSON(all []meter.Check) []generated.Check {
	out := make([]generated.Check, len(all))
	for i, c := range all {
		out[i] = generated.Check{Name: c.Name, Passed: c.Passed, Limit: textOrNull(c.Limit), Before: textOrNull(c.Before),
			After: textOrNull(c.After), Unit: textOrNull(c.Unit), Window: textOrNull(c.Window)}
	}
	return out
}

// QuoteCall is POST /quote.
func (a *api) QuoteCall(w http.ResponseWriter, r *http.Request) {
	token, advice, err := a.advise(r)
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	a.Answer(w, r, a.quoteJSON(token, advice), nil)
}

func (a *api) quoteJSON(token pontage.TokenID, q *meter.Advice) generated.Quote {
	d := q.Decision
	e := a.Meter.Explain(d)
	out := generated.Quote{
		Admitted: d.Admitted, Status: nullable.NewNullNullable[int](), Code: textOrNull(""), Reason: e.Reason,
		Payer: textOrNull(d.Payer), Price: orNull(e.Price), Charged: d.Charged, Limit: textOrNull(d.Limit), Left: textOrNull(d.Left),
		Unit: textOrNull(d.Unit), EndsAt: timeOrNull(d.EndsAt.Truncate(time.Microsecond)), Token: string(token), Ip: addressText(q.Attempt.Address),
		Method: q.Attempt.Method, Domain: q.Attempt.Host, Operation: textOrNull(""), Scope: textOrNull(""), Checks: checksJSON(e.Checks),
	}
	if d.Refusal != nil {
		out.Code, out.Status = textOrNull(d.Refusal.Code), nullable.NewNullableWithValue(d.Refusal.Code.Failure().Status)
	}
	if m := q.Attempt.Match; m != nil {
		out.Operation, out.Scope = textOrNull(m.Operation.Path), textOrNull(m.Scope.Name)
	}
	return out
}

// textOrNull is null for the empty text.
func textOrNull[T ~string](text T) nullable.Nullable[string] {
	if text == "" {
		return nullable.NewNullNullable[string]()
	}
	return nullable.NewNullableWithValue(string(text))
}

func operationPath(names Names, id pontage.OperationID) nullable.Nullable[string] {
	if o, ok := names.OperationByID(id); ok {
		return textOrNull(o.Path)
	}
	return textOrNull(id)
}

// scopeOrNull gives the name behind an id, the id itself where the catalogue has lost it.
func scopeOrNull(names Names, id pontage.ScopeID) nullable.Nullable[string] {
	if s, ok := names.ScopeByID(id); ok {
		return textOrNull(s.Name)
	}
	return textOrNull(id)
}
