package meter

import (
	"fmt"
	"slices"

	"github.com/pontage/pontage"
)

// percents are the parts of a limit of which an account is told.
var percents = []int{80, 95, 100}

// reached gives the highest part that is used, 0 for none. A limit of nothing has no parts.
func reached(used, limit int64) int {
	if limit <= 0 {
		return 0
	}
	for _, p := range slices.Backward(percents) {
		part := int64(p)
		if used >= limit/100*part+(limit%100*part+99)/100 { // the product might not fit
			return p
		}
	}
	return 0
}

// crossing is a threshold that was reached, and how it is told.
type crossing struct {
	pontage.Threshold
	pontage.Notification
}

// ofLimit makes the crossing of a token's limit; the period is its value, so that a limit that is raised counts anew.
func (m *Meter) ofLimit(l *pontage.Lineage, limit *Limit, used, total int64, exhausted bool) (crossing, bool) {
	percent := reached(used, total)
	if exhausted {
		percent = 100
	}
	name, _ := limit.show(total, m.config.Currency)
	now, unit := limit.show(used, m.config.Currency)
	return crossing{
		pontage.Threshold{AccountID: l.AccountID, Subject: string(l.ID) + " " + limit.Name, Period: name, Percent: percent},
		pontage.Notification{
			Kind: pontage.NotifyUsage, Target: string(l.ID), Title: fmt.Sprintf("A token has used %d %% of a limit", percent),
			Text: fmt.Sprintf("The token %q has used %s of %s %s (%s). At the limit its calls are refused; raise it to go on.", l.Name, now, name, unit, limit.Name),
		},
	}, percent > 0
}

// ofSubscription makes the crossing of a subscription's use.
func (m *Meter) ofSubscription(s *pontage.Subscription) (crossing, bool) {
	percent := reached(s.UsedRequests, s.TotalRequests)
	return crossing{
		pontage.Threshold{AccountID: s.AccountID, Subject: string(s.ID), Percent: percent},
		pontage.Notification{
			Kind: pontage.NotifyUsage, Target: string(s.ID), Title: fmt.Sprintf("A subscription has %d %% of its requests used", percent),
			Text: fmt.Sprintf("%d of %d requests of the subscription for %s are used; it runs until %s. Beyond them the wallet pays.",
				s.UsedRequests, s.TotalRequests, m.scopeName(s.ScopeID), s.ExpiresAt.Format("2006-01-02 15:04 UTC")),
		},
	}, percent > 0
}

// ofAllowance makes the crossings of a scope's free calls, by month, year and altogether: a day's are back the next morning.
func (m *Meter) ofAllowance(u *pontage.AllowanceUse, a pontage.Allowance) (all []crossing) {
	now := m.clock.Now()
	for _, w := range []struct {
		name   string
		limit  *int64
		period pontage.Period
		used   int64
	}{
		{"month", a.Month, pontage.MonthOf(now), used(u.Month, pontage.MonthOf(now), u.MonthUsed)},
		{"year", a.Year, pontage.YearOf(now), used(u.Year, pontage.YearOf(now), u.YearUsed)},
		{"total", a.Total, "", u.TotalUsed},
	} {
		if w.limit == nil || reached(w.used, *w.limit) == 0 {
			continue
		}
		percent := reached(w.used, *w.limit)
		all = append(all, crossing{
			pontage.Threshold{AccountID: u.Key.AccountID, Subject: string(u.Key.ScopeID) + " " + w.name, Period: string(w.period), Percent: percent},
			pontage.Notification{
				Kind: pontage.NotifyUsage, Target: string(u.Key.ScopeID), Title: fmt.Sprintf("%d %% of free calls are used", percent),
				Text: fmt.Sprintf("%d of %d free calls (%s) of %s are used. Beyond them a subscription or the wallet pays.", w.used, *w.limit, w.name, m.scopeName(u.Key.ScopeID)),
			},
		})
	}
	return all
}

// ofPlan makes the crossing of the month that a plan includes.
func (m *Meter) ofPlan(w *pontage.Wallet) (crossing, bool) {
	now := m.clock.Now()
	a := w.Plan.AllowanceAt(now, m.config.PlanRequests)
	if a == nil {
		return crossing{}, false
	}
	percent := reached(a.Used, a.PerMonth)
	return crossing{
		pontage.Threshold{AccountID: w.AccountID, Subject: "plan", Period: string(pontage.MonthOf(now)), Percent: percent},
		pontage.Notification{
			Kind: pontage.NotifyUsage, Target: string(w.AccountID), Title: fmt.Sprintf("%d %% of the requests of your plan are used", percent),
			Text: fmt.Sprintf("%d of the %d requests that your plan includes this month are used. Beyond them a subscription or the wallet pays until %s.",
				a.Used, a.PerMonth, a.ResetsAt.Format("2006-01-02 15:04 UTC")),
		},
	}, percent > 0
}

// ofWallet makes the crossing of a wallet, measured by what lay in it after its last top-up. One that refused a call is empty, whatever
// small change is left.
func (m *Meter) ofWallet(l *pontage.WalletLevel, empty bool) (crossing, bool) {
	percent := reached(int64(l.Level-l.Wallet.Balance), int64(l.Level))
	if empty && l.Wallet.Balance < l.Level {
		percent = 100
	}
	return crossing{
		pontage.Threshold{AccountID: l.Wallet.AccountID, Subject: "wallet", Period: string(l.TopUp), Percent: percent},
		pontage.Notification{
			Kind: pontage.NotifyMoney, Target: string(l.Wallet.AccountID), Title: fmt.Sprintf("%d %% of the wallet is spent", percent),
			Text: fmt.Sprintf("%s %s of the %s after the last top-up are left. Top up the wallet so that calls go on.", l.Wallet.Balance, m.config.Currency, l.Level),
		},
	}, percent > 0
}
