package meter

import (
	"errors"

	"github.com/pontage/pontage"
)

// errSupposed keeps a call from being taken that was to be refused; no fact leaves a way to it.
var errSupposed = errors.New("a call that supposes a refusal was admitted")

// suppose gives what the decision is to see where the attempt supposes a fact: copies of what differs, so that nothing of it is ever
// written. Everything else is the truth, and may refuse first.
func suppose(v view, a *pontage.Attempt) (view, *pontage.Attempt) {
	fact := a.Suppose.Fact
	if fact == "" {
		return v, a
	}
	v.lineage, v.key = fact.Token(v.lineage, a.Address, v.now), keyUse{}
	if a.Match == nil {
		return v, a
	}
	asked, match, scope := *a, *a.Match, *a.Match.Scope
	match.Scope, asked.Match = &scope, &match
	switch fact {
	case pontage.FactScopeMissing:
		asked.Admission.Scopes = nil
	case pontage.FactScopeClosed:
		scope.Enabled = false
	case pontage.FactRequirementOpen:
		scope.Requirements, asked.Access.Requirements = []string{"one more"}, nil
	case pontage.FactNoPrice:
		scope.Price = nil
	case pontage.FactRateUsed:
		v.rate = usedUp(v.rate)
	case pontage.FactNoCredit:
		v = penniless(v, &scope)
	}
	return v, &asked
}

// usedUp is a rate of which nothing is left.
func usedUp(rate pontage.RateState) pontage.RateState {
	rate.Remaining = 0
	if rate.Reset <= 0 {
		rate.Reset = rate.Window
	}
	return rate
}

// penniless is a payer with nothing to pay from; a call that costs nothing is taken for the cheapest that does.
func penniless(v view, scope *pontage.Scope) view {
	scope.Allowance, v.subscriptions = pontage.Allowance{}, nil
	if scope.Price != nil {
		scope.Price = new(max(*scope.Price, 1))
	}
	if v.wallet != nil {
		empty := *v.wallet
		empty.Balance, empty.Plan.Included = empty.Held, false
		v.wallet = &empty
	}
	return v
}

// RefuseRate is what AllowRate gives where the rate is used up; it counts nothing.
func (m *Meter) RefuseRate(key RateKey, perMinute int64) (pontage.RateState, *pontage.Error) {
	m.own.Lock()
	defer m.own.Unlock()
	s := usedUp(m.own.table.look(key, or(perMinute, m.config.DefaultRatePerMinute), m.clock.Now()))
	return s, refusal(pontage.RateLimited).After(s.Reset)
}
