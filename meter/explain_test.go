package meter

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pontage/pontage"
)

// drawSituation draws a token, what its account can pay with, and a call, so that every rung refuses now and then.
func drawSituation(t *rapid.T) (*view, *pontage.Attempt) {
	v, a := aView(), anAttempt()
	few := func(name string) int64 { return rapid.Int64Range(0, 3).Draw(t, name) }
	maybe := func(name string) *int64 {
		if rapid.Bool().Draw(t, name+"?") {
			return nil
		}
		return ptr(few(name))
	}
	often := func(name string) bool { return few(name) > 0 }
	scope := a.Match.Scope
	scope.Price = ptr(pontage.Money(few("price")))
	scope.Allowance = pontage.Allowance{Day: maybe("day"), Month: maybe("month"), Year: maybe("year"), Total: maybe("total")}
	scope.Enabled = often("enabled")
	v.allowance = &pontage.AllowanceUse{Day: "2026-11-20", Month: "2026-11", Year: "2026", DayUsed: few("dayUsed"),
		MonthUsed: few("monthUsed"), YearUsed: few("yearUsed"), TotalUsed: few("totalUsed")}
	for range few("subscriptions") {
		v.subscriptions = append(v.subscriptions, &pontage.Subscription{TotalRequests: 3, UsedRequests: few("used")})
	}
	limits := &v.lineage.Limits
	limits.TotalRequests, limits.SubscriptionRequests, limits.WalletRequests = maybe("tr"), maybe("sr"), maybe("wr")
	limits.WalletAmount = (*pontage.Money)(maybe("wa"))
	v.lineage.Usage = pontage.Usage{TotalRequests: few("t"), SubscriptionRequests: few("s"), WalletRequests: few("w"), WalletAmount: pontage.Money(few("a"))}
	v.wallet = &pontage.Wallet{Balance: pontage.Money(few("balance"))}
	v.planRequests = few("planRequests")
	v.wallet.Plan = pontage.PlanUse{Included: !often("otherPlan"), Month: "2026-11", Used: few("planUsed"), Total: 9}
	v.rate.Remaining = few("rate")
	v.releases = pontage.RateState{Limit: 4, Remaining: 4 - few("released")}
	if !often("address") {
		limits.IP = []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}
	}
	if !often("scope") {
		a.Admission.Scopes = nil
	}
	return v, a
}

// replayed decides by the checks alone.
func replayed(t *rapid.T, checks []Check, price pontage.Money) (payer pontage.Payer, refused string) {
	failed, seen := map[pontage.Payer]bool{}, map[pontage.Payer]bool{}
	payerOf := map[string]pontage.Payer{"allowance": pontage.PayerAllowance, "plan": pontage.PayerPlan, "subscription": pontage.PayerSubscription,
		"subscriptionRequests": pontage.PayerSubscription, "wallet": pontage.PayerWallet, "walletRequests": pontage.PayerWallet, "walletAmount": pontage.PayerWallet}
	last := ""
	for i, c := range checks {
		p, pays := payerOf[c.Name]
		switch {
		case !pays && !c.Passed:
			if i != len(checks)-1 {
				t.Fatalf("%+v failed and was not the end: %+v", c, checks)
			}
			return pontage.PayerNone, c.Name
		case pays:
			seen[p], failed[p] = true, failed[p] || !c.Passed
			if !c.Passed && c.Name != "allowance" && c.Name != "plan" && c.Name != "subscription" || last == "" {
				last = c.Name
			}
		}
	}
	for _, p := range []pontage.Payer{pontage.PayerAllowance, pontage.PayerPlan, pontage.PayerSubscription, pontage.PayerWallet} {
		if seen[p] && !failed[p] {
			return p, ""
		}
	}
	if price == 0 {
		return pontage.PayerNone, ""
	}
	return pontage.PayerNone, "payer"
}

// A receipt must be the truth: from the numbers it kept, the same decision follows, and what is left afterwards is what it took.
func TestTheChecksAloneLeadToTheDecision(t *testing.T) {
	m := New(Config{Currency: "EUR"})
	longest, kinds := 0, map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		v, a := drawSituation(t)
		d := decide(v, a)
		d.Checks = look(v, a, &d)
		longest = max(longest, len(d.Checks))
		e := m.Explain(&d.Decision)
		payer, refused := replayed(t, e.Checks, *a.Match.Scope.Price)
		kinds[refused+string(payer)]++
		if (refused != "") == d.Admitted || d.Admitted && payer != d.Payer {
			t.Fatalf("%+v\nfrom %q: %+v\ngave %q, %q", d.Decision, d.Checks, e.Checks, payer, refused)
		}
		if refused != "" && refused != "payer" && d.Limit != "" && refused != d.Limit {
			t.Fatalf("%s refused, the checks say %s", d.Limit, refused)
		}
		if e.Price == nil || *e.Price != *a.Match.Scope.Price || e.Reason == "" {
			t.Fatalf("%+v", e)
		}
		for _, c := range e.Checks {
			moved := c.Before != c.After
			if moved && !d.Admitted || d.Admitted && moved != taken(c.Name, d.Payer) {
				t.Fatalf("%+v after %+v", c, d.Decision)
			}
			if c.Name == d.Limit && !d.Admitted && c.Before != d.Left && c.Name != limitIP && c.Name != limitReleases && c.Name != limitRate {
				t.Fatalf("%+v, but %s was left", c, d.Left)
			}
		}
	})
	t.Logf("%d bytes at most; %v", longest, kinds)
	if longest > 64 {
		t.Errorf("the checks take %d bytes", longest)
	}
}

// taken says whether a call paid so takes something of the limit.
func taken(name string, payer pontage.Payer) bool {
	switch name {
	case limitRate, "totalRequests":
		return true
	case "allowance":
		return payer == pontage.PayerAllowance
	case "plan":
		return payer == pontage.PayerPlan
	case "subscription", "subscriptionRequests":
		return payer == pontage.PayerSubscription
	case "wallet", "walletRequests", "walletAmount":
		return payer == pontage.PayerWallet
	}
	return false
}

// Rows of before the checks, and of versions to come, open too.
func TestUnknownAndMissingChecksStillExplain(t *testing.T) {
	m := New(Config{Currency: "EUR"})
	for _, c := range []struct {
		call pontage.Call
		want string
	}{
		{pontage.Call{Payer: pontage.PayerWallet}, "token operation scope enabled requirements price ip rate wallet"},
		{pontage.Call{Code: pontage.InsufficientCredit, Limit: "wallet"}, "token operation scope enabled requirements price ip rate !wallet"},
		{pontage.Call{Code: pontage.LimitExhausted, Limit: "totalRequests"}, "token operation scope enabled requirements price ip rate !totalRequests"},
		{pontage.Call{Code: pontage.OperationNotFound}, "token !operation"},
		{pontage.Call{Checks: "X1,2P0Fz,10Q"}, "token operation scope enabled requirements price ip rate"},
		{pontage.Call{Payer: pontage.PayerAllowance, Checks: "P5Fz,10D1,2"}, "token operation scope enabled requirements price ip rate allowance"},
	} {
		var names []string
		for _, k := range m.explainCall(&c.call).Checks {
			name := k.Name
			if !k.Passed {
				name = "!" + name
			}
			names = append(names, name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%+v: %s", c.call, got)
		}
	}
}

// What stands in the column never breaks a reader.
func FuzzReadChecks(f *testing.F) {
	f.Add("P7psI2L3,2sFpr3,7psT1,2S4,5U1,1C9ix3k2w0R1,2W1,3")
	f.Add("P")
	f.Add("é,,")
	f.Fuzz(func(t *testing.T, text string) {
		m := New(Config{Currency: "EUR"})
		m.explainCall(&pontage.Call{Checks: pontage.Checks(text), Payer: pontage.PayerWallet, DecidedAt: time.Unix(0, 0)})
	})
}

func BenchmarkLook(b *testing.B) {
	v, a := aView(), anAttempt()
	v.lineage.Limits.TotalRequests, v.lineage.Limits.WalletAmount = ptr(int64(1000)), ptr(pontage.Money(50_000_000))
	d := decide(v, a)
	b.ReportAllocs()
	for b.Loop() {
		d.Checks = look(v, a, &d)
	}
	b.ReportMetric(float64(len(d.Checks)), "bytes")
}
