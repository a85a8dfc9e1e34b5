package meter

import (
	"fmt"
	"net/netip"
	"time"

	"pgregory.net/rapid"

	"github.com/pontage/pontage"
)

// attempt draws a call.
func (h *house) attempt() pontage.Attempt {
	lineage := h.id.lineages[rapid.IntRange(0, 1).Draw(h.t, "lineage")]
	scope := h.scopes[rapid.IntRange(0, len(h.scopes)-1).Draw(h.t, "scope")]
	h.next++
	a := pontage.Attempt{
		CallID: pontage.CallID(fmt.Sprintf("cal%s_%d", h.id.prefix, h.next)), Method: "GET", Host: "api.example.com",
		Address: netip.AddrFrom4([4]byte{192, 0, 2, byte(h.next % 5)}),
		Admission: pontage.Admission{TokenID: "tok", LineageID: lineage, AccountID: h.id.account, Version: h.state.Lineages[lineage].Version,
			Scopes: pontage.ScopeMembers{"sco_0": {}, "sco_1": {}, "sco_2": {}}},
		Match: &pontage.Match{API: &pontage.API{Host: "api.example.com", Enabled: true},
			Operation: &pontage.Operation{ID: "opr", Enabled: true}, Scope: scope},
	}
	if rapid.Bool().Draw(h.t, "hold") {
		a.Hold = time.Minute
	}
	return a
}

// count counts the model's calls.
func (h *house) count(which func(*naiveCall) bool) (n int64) {
	for _, c := range h.calls {
		if which(c) {
			n++
		}
	}
	return n
}

func (h *house) sum(which func(*naiveCall) bool) (sum pontage.Money) {
	for _, c := range h.calls {
		if which(c) {
			sum += c.price
		}
	}
	return sum
}

// predict says by counting who pays the attempt, or why nobody does.
func (h *house) predict(a *pontage.Attempt) (pontage.Payer, pontage.SubscriptionID, pontage.Code) {
	scope, l := a.Match.Scope, h.state.Lineages[a.Admission.LineageID]
	same := func(c *naiveCall) bool { return c.lineage == l.ID && c.scope == scope.ID }
	recent := func(at time.Time) bool { return at.Unix() > h.now.Unix()-rateSlots }
	if h.count(func(c *naiveCall) bool { return same(c) && !c.releaseAt.IsZero() && recent(c.releaseAt) }) > modelReleases {
		return "", "", pontage.RateLimited
	}
	if h.count(func(c *naiveCall) bool { return same(c) && recent(c.at) }) >= scope.RatePerMinute {
		return "", "", pontage.RateLimited
	}
	mine := func(payer pontage.Payer) func(*naiveCall) bool {
		return func(c *naiveCall) bool { return c.lineage == l.ID && c.payer == payer && !c.back() }
	}
	if limit := l.Limits.TotalRequests; limit != nil && h.count(func(c *naiveCall) bool { return c.lineage == l.ID }) >= *limit {
		return "", "", pontage.LimitExhausted
	}
	price := *scope.Price
	if price == 0 {
		return pontage.PayerNone, "", ""
	}
	if h.free(scope) {
		return pontage.PayerAllowance, "", ""
	}
	if h.state.Wallets[h.id.account].Plan.Included && h.planUse(h.now) < modelPlan {
		return pontage.PayerPlan, "", ""
	}
	reason := pontage.InsufficientCredit
	if sub := h.urgent(scope.ID); sub != "" {
		limit := l.Limits.SubscriptionRequests
		if limit == nil || h.count(mine(pontage.PayerSubscription)) < *limit {
			return pontage.PayerSubscription, sub, ""
		}
		reason = pontage.LimitExhausted
	}
	if h.credit() >= price {
		requests, amount := l.Limits.WalletRequests, l.Limits.WalletAmount
		if (requests == nil || h.count(mine(pontage.PayerWallet)) < *requests) &&
			(amount == nil || h.sum(mine(pontage.PayerWallet))+price <= *amount) {
			return pontage.PayerWallet, "", ""
		}
		reason = pontage.LimitExhausted
	}
	return "", "", reason
}

func (h *house) free(scope *pontage.Scope) bool {
	in := func(period func(time.Time) pontage.Period) int64 {
		return h.count(func(c *naiveCall) bool {
			return c.scope == scope.ID && c.payer == pontage.PayerAllowance && !c.back() && period(c.at) == period(h.now)
		})
	}
	always := func(time.Time) pontage.Period { return "" }
	a := scope.Allowance
	return a.Day != nil && in(pontage.DayOf) < *a.Day && in(pontage.MonthOf) < *a.Month && in(always) < *a.Total
}

// plan gives the account another plan, which includes requests or none; what is used of the month stays.
func (h *house) plan() {
	p := &h.state.Wallets[h.id.account].Plan
	p.Included = !p.Included
	if h.engine != nil {
		h.engine.plan(h, map[bool]pontage.PlanKind{true: pontage.PlanBasic, false: pontage.PlanEnterprise}[p.Included])
	}
}

// planUse counts what the plan included in the month of a time.
func (h *house) planUse(at time.Time) int64 {
	return h.count(func(c *naiveCall) bool {
		return c.payer == pontage.PayerPlan && !c.back() && pontage.MonthOf(c.at) == pontage.MonthOf(at)
	})
}

func (h *house) urgent(scope pontage.ScopeID) (id pontage.SubscriptionID) {
	var first time.Time
	for _, s := range h.state.Subscriptions {
		if s.ScopeID == scope && s.Active(h.now) && h.subscriptionUse(s.ID) < s.TotalRequests && (first.IsZero() || s.ExpiresAt.Before(first)) {
			id, first = s.ID, s.ExpiresAt
		}
	}
	return id
}

func (h *house) subscriptionUse(id pontage.SubscriptionID) int64 {
	return h.count(func(c *naiveCall) bool { return c.sub == id && !c.back() })
}

// credit is what was paid in, less what was spent or is held.
func (h *house) credit() pontage.Money {
	return h.topUps - h.sum(func(c *naiveCall) bool { return c.payer == pontage.PayerWallet && !c.back() })
}
