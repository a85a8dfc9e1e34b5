package meter

import (
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// The month is the calendar's in UTC, wherever the clock stands; what was used stays used while it lasts.
func TestAPlansMonthEndsAtMidnightUTC(t *testing.T) {
	eve := time.Date(2026, 11, 30, 23, 59, 59, 999_999_000, time.UTC)
	next := eve.Add(time.Microsecond)
	v := &view{now: eve, planRequests: 2, wallet: &pontage.Wallet{Plan: pontage.PlanUse{Included: true}}}
	u := &v.wallet.Plan
	TakePlanned(u, eve)
	TakePlanned(u, eve)
	if v.planHasRoom() {
		t.Error("a used month has room")
	}
	for _, at := range []time.Time{next, next.In(time.FixedZone("west", -8*3600))} {
		if v.now = at; !v.planHasRoom() {
			t.Errorf("%s: a new month has no room", at)
		}
		if a := u.AllowanceAt(at, 2); a.Left != 2 || a.Used != 0 || !a.ResetsAt.Equal(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: %+v", at, a)
		}
	}
	TakePlanned(u, next)
	if *u != (pontage.PlanUse{Included: true, Month: "2026-12", Used: 1, Total: 3}) {
		t.Errorf("got %+v", *u)
	}
}

// What is given back is there again in its own month, and never in a later one.
func TestAPlannedCallReturnsToItsMonth(t *testing.T) {
	november, december := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	u := &pontage.PlanUse{}
	TakePlanned(u, november)
	TakePlanned(u, november)
	if ReturnPlanned(u, november); *u != (pontage.PlanUse{Month: "2026-11", Used: 1, Total: 1}) {
		t.Errorf("in its month: %+v", *u)
	}
	TakePlanned(u, december)
	if ReturnPlanned(u, november); *u != (pontage.PlanUse{Month: "2026-12", Used: 1, Total: 1}) {
		t.Errorf("a month later: %+v", *u)
	}
}

// An instance whose clock is behind opens no month twice, and the month never says more than there were.
func TestAClockThatIsBehindOpensNoMonthTwice(t *testing.T) {
	behind, ahead := time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	v := &view{now: behind, planRequests: 2, wallet: &pontage.Wallet{Plan: pontage.PlanUse{Included: true}}}
	u := &v.wallet.Plan
	TakePlanned(u, ahead)
	TakePlanned(u, behind)
	if v.planHasRoom() || *u != (pontage.PlanUse{Included: true, Month: "2026-12", Used: 2, Total: 2}) {
		t.Errorf("%+v", *u)
	}
	if ReturnPlanned(u, behind); u.Used > u.Total {
		t.Errorf("%+v", *u)
	}
}

// The plan pays after the scope's allowance and before subscription and wallet; used up, it is passed over, and where nothing else pays
// the partner reads why the credit counts, and until when.
func TestThePlanPaysInItsPlace(t *testing.T) {
	subscription := &pontage.Subscription{ID: "sub_1", TotalRequests: 2}
	none, one := ptr(int64(0)), ptr(int64(1))
	for _, c := range []struct {
		name     string
		included bool
		used     int64
		change   func(v *view, a *pontage.Attempt)
		payer    pontage.Payer
		message  string
	}{
		{"it pays", true, 2, func(*view, *pontage.Attempt) {}, pontage.PayerPlan, ""},
		{"what is free takes nothing of it", true, 0, func(_ *view, a *pontage.Attempt) { a.Match.Scope.Price = ptr(pontage.Money(0)) }, pontage.PayerNone, ""},
		{"the scope's allowance first", true, 0, func(_ *view, a *pontage.Attempt) { a.Match.Scope.Allowance.Day = one }, pontage.PayerAllowance, ""},
		{"before a subscription", true, 0, func(v *view, _ *pontage.Attempt) { v.subscriptions = []*pontage.Subscription{subscription} }, pontage.PayerPlan, ""},
		{"without credit", true, 0, func(v *view, _ *pontage.Attempt) { v.wallet.Balance = 0 }, pontage.PayerPlan, ""},
		{"whatever the token may spend", true, 0, func(v *view, _ *pontage.Attempt) {
			v.lineage.Limits.WalletRequests, v.lineage.Limits.SubscriptionRequests = none, none
		}, pontage.PayerPlan, ""},
		{"used up, a subscription", true, 3, func(v *view, _ *pontage.Attempt) { v.subscriptions = []*pontage.Subscription{subscription} }, pontage.PayerSubscription, ""},
		{"used up, the wallet", true, 3, func(*view, *pontage.Attempt) {}, pontage.PayerWallet, ""},
		{"another plan", false, 0, func(*view, *pontage.Attempt) {}, pontage.PayerWallet, ""},
		{"the instance includes none", true, 0, func(v *view, _ *pontage.Attempt) { v.planRequests = 0 }, pontage.PayerWallet, ""},
		{"lowered below what is used", true, 3, func(v *view, _ *pontage.Attempt) { v.planRequests = 1 }, pontage.PayerWallet, ""},
		{"nobody", true, 3, func(v *view, _ *pontage.Attempt) { v.wallet.Balance = 0 }, "", "The 3 requests that your plan includes this month are used up." +
			" The credit does not cover this call. Top up the wallet. The plan includes requests again from 2026-12-01T00:00:00Z."},
		{"nobody, and no plan", false, 0, func(v *view, _ *pontage.Attempt) { v.wallet.Balance = 0 }, "", refusals[pontage.InsufficientCredit]},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, a := aView(), anAttempt()
			v.planRequests, v.wallet.Plan = 3, pontage.PlanUse{Included: c.included, Month: "2026-11", Used: c.used, Total: 9}
			c.change(v, a)
			wallet := *v.wallet
			d := decide(v, a)
			if c.message == "" && (!d.Admitted || d.Payer != c.payer) || c.message != "" && (d.Admitted || d.Refusal.Message != c.message || d.Limit != limitWallet) {
				t.Errorf("got %+v, refusal %v", d.Decision, d.Refusal)
			}
			if c.payer == pontage.PayerPlan && d.Charged != 0 || *v.wallet != wallet {
				t.Errorf("charged %s, wallet %+v", d.Charged, *v.wallet)
			}
		})
	}
}

// A receipt names the plan with what was left of the month before and after the call.
func TestTheChecksNameThePlan(t *testing.T) {
	m := New(Config{Currency: "EUR"})
	v, a := aView(), anAttempt()
	v.planRequests, v.wallet.Plan = 1000, pontage.PlanUse{Included: true, Month: "2026-11", Used: 12, Total: 12}
	d := decide(v, a)
	d.Checks = look(v, a, &d)
	e := m.Explain(&d.Decision)
	want := Check{Name: "plan", Passed: true, Limit: "1000", Before: "988", After: "987", Unit: unitRequests, Window: "month"}
	if last := e.Checks[len(e.Checks)-1]; last != want || !strings.Contains(e.Reason, "the plan includes") {
		t.Errorf("%q: %+v, %s", d.Checks, last, e.Reason)
	}
	v.wallet.Plan.Used = 1000
	d = decide(v, a)
	d.Checks = look(v, a, &d)
	e = m.Explain(&d.Decision)
	want.Passed, want.Before, want.After = false, "0", "0"
	if n := len(e.Checks); e.Checks[n-2] != want || e.Checks[n-1].Name != limitWallet {
		t.Errorf("%q: %+v", d.Checks, e.Checks)
	}
}
