package meter

import (
	"slices"
	"time"

	"github.com/pontage/pontage"
)

// view is everything a decision reads: the token's row, what the account can pay with, and the rates. It is never changed.
type view struct {
	now      time.Time
	currency pontage.Currency
	// lineage is nil where no such token exists.
	lineage *pontage.Lineage
	// disabled says that the account is, or the token's client.
	disabled bool
	wallet   *pontage.Wallet
	// planRequests are the requests a month of a plan that includes some.
	planRequests int64
	// allowance is nil where nothing was used yet.
	allowance *pontage.AllowanceUse
	// subscriptions are the active ones of the scope, the most urgent first.
	subscriptions []*pontage.Subscription
	rate          pontage.RateState
	// releases is the state of the released calls; nothing remaining means too many.
	releases pontage.RateState
	key      keyUse
}

// verdict is a decision and what the batch needs beside it.
type verdict struct {
	pontage.Decision
	// stale says that the token changed since admission.
	stale bool
	// repeated says that the call id was decided before; unlogged that the refusal was not written.
	repeated, unlogged bool
	// subscription is the one that pays.
	subscription *pontage.Subscription
	// row is the call's row in the log, nil for refusals that are only counted.
	row *pontage.Call
}

// bound is what stops a call; an empty code stops nothing.
type bound struct {
	code pontage.Code
	// limit is nil where no limit but a rule refused.
	limit *Limit
	left  int64
	// wait is how long until it may be different; zero says nothing.
	wait time.Duration
}

// ladder is the order of the decision after the token itself; the payer comes last.
var ladder = []func(*view, *pontage.Attempt) bound{
	knowsOperation, holdsScope, offersScope, meetsRequirements, isSellable, comesFromAllowedAddress, keepsRate, hasTotalLeft,
}

// decide is the one function every call, quote and test asks. It reads v and a, changes nothing, and takes nothing.
func decide(v *view, a *pontage.Attempt) verdict {
	if b := hasLiveToken(v, a); b.code != "" {
		return refuse(v, a, b)
	}
	if v.lineage.Version != a.Admission.Version {
		return verdict{stale: true}
	}
	for _, rung := range ladder {
		if b := rung(v, a); b.code != "" {
			return refuse(v, a, b)
		}
	}
	if b := v.key.bound(); b.code != "" {
		return refuse(v, a, b)
	}
	if paid := v.key.charged; paid != nil {
		var d verdict
		d.CallID, d.Admitted, d.Payer, d.Repeats, d.Rate = a.CallID, true, paid.Payer, paid.ID, v.rate
		d.Rate.Remaining--
		return d
	}
	payer, subscription, b := choosePayer(v, a.Match.Scope)
	if b.code != "" {
		return refuse(v, a, b)
	}
	d := verdict{subscription: subscription}
	d.CallID, d.Admitted, d.Payer, d.Rate = a.CallID, true, payer, v.rate
	d.Rate.Remaining--
	if payer == pontage.PayerWallet {
		d.Charged = *a.Match.Scope.Price
	}
	return d
}

func refuse(v *view, a *pontage.Attempt, b bound) verdict {
	var d verdict
	d.CallID, d.Refusal, d.Rate = a.CallID, refusal(b.code), v.rate
	d.Refusal.RetryAfter = b.wait
	if b.code == pontage.InsufficientCredit {
		d.Refusal.Message = v.explainCredit(d.Refusal.Message)
	}
	if b.limit != nil {
		d.Limit = b.limit.Name
		if b.limit.Unit != "" {
			d.Left, d.Unit = b.limit.show(b.left, v.currency)
		}
	}
	if b.wait > 0 {
		d.EndsAt = v.now.Add(b.wait)
	}
	return d
}

// hasLiveToken goes by what the database says now, not by what admission knew.
func hasLiveToken(v *view, a *pontage.Attempt) bound {
	l := v.lineage
	switch {
	case l == nil || l.TokenID != a.Admission.TokenID || l.AccountID != a.Admission.AccountID:
		return bound{code: pontage.Unauthenticated}
	case !l.RevokedAt.IsZero():
		return bound{code: pontage.TokenRevoked}
	case !pontage.Live(v.now, l.ExpiresAt, time.Time{}):
		return bound{code: pontage.TokenExpired}
	case v.disabled || v.wallet == nil:
		return bound{code: pontage.Unauthenticated}
	}
	return bound{}
}

func knowsOperation(_ *view, a *pontage.Attempt) bound {
	if a.Match == nil {
		return bound{code: pontage.OperationNotFound}
	}
	return bound{}
}

// holdsScope is set membership, never a comparison of text.
func holdsScope(_ *view, a *pontage.Attempt) bound {
	if _, ok := a.Admission.Scopes[a.Match.Scope.ID]; !ok {
		return bound{code: pontage.ScopeMissing}
	}
	return bound{}
}

func offersScope(_ *view, a *pontage.Attempt) bound {
	m := a.Match
	granted := !m.Scope.Restricted || slices.Contains(a.Access.Scopes, m.Scope.ID)
	if !m.API.Enabled || !m.Scope.Enabled || !m.Operation.Enabled || !granted {
		return bound{code: pontage.ScopeDisabled}
	}
	return bound{}
}

func meetsRequirements(_ *view, a *pontage.Attempt) bound {
	for _, name := range a.Match.Scope.Requirements {
		if !slices.Contains(a.Access.Requirements, name) {
			return bound{code: pontage.RequirementMissing}
		}
	}
	return bound{}
}

// isSellable: what has no price is not for sale, never free.
func isSellable(_ *view, a *pontage.Attempt) bound {
	if p := a.Match.Scope.Price; p == nil || *p < 0 {
		return bound{code: pontage.NotSellable}
	}
	return bound{}
}

func comesFromAllowedAddress(v *view, a *pontage.Attempt) bound {
	allowed := v.lineage.Limits.IP
	if len(allowed) > 0 && !pontage.Contains(allowed, a.Address.Unmap().WithZone("")) {
		return bound{code: pontage.AddressRefused, limit: limitNamed(limitIP)}
	}
	return bound{}
}

func keepsRate(v *view, _ *pontage.Attempt) bound {
	switch {
	case v.releases.Remaining <= 0:
		return bound{code: pontage.RateLimited, limit: limitNamed(limitReleases), wait: v.releases.Reset}
	case v.rate.Remaining <= 0:
		return bound{code: pontage.RateLimited, limit: limitNamed(limitRate), wait: v.rate.Reset}
	}
	return bound{}
}

func hasTotalLeft(v *view, a *pontage.Attempt) bound {
	return tokenBound(v, pontage.PayerNone, *a.Match.Scope.Price)
}
