package meter

import (
	"pgregory.net/rapid"

	"github.com/pontage/pontage"
)

// check compares every stored number with the count.
func (h *house) check() {
	if h.engine != nil {
		h.engine.read(h)
	}
	w := h.state.Wallets[h.id.account]
	held := h.sum(func(c *naiveCall) bool { return c.payer == pontage.PayerWallet && c.open() })
	if w.Held != held || w.Credit() != h.credit() || w.Held < 0 || w.Balance < w.Held {
		h.t.Fatalf("wallet %+v, want %s held and %s credit", *w, held, h.credit())
	}
	all := h.count(func(c *naiveCall) bool { return c.payer == pontage.PayerPlan && !c.back() })
	if p := w.Plan; p.UsedAt(h.now) != h.planUse(h.now) || p.Total != all || p.Used > p.Total {
		h.t.Fatalf("the plan counts %+v, want %d this month and %d", p, h.planUse(h.now), all)
	}
	for id, l := range h.state.Lineages {
		if got, want := l.Usage, h.usage(func(c *naiveCall) bool { return c.lineage == id }); got != want {
			h.t.Fatalf("%s counts %+v, want %+v", id, got, want)
		}
	}
	for id, s := range h.state.Subscriptions {
		if s.UsedRequests != h.subscriptionUse(id) {
			h.t.Fatalf("%s counts %d, want %d", id, s.UsedRequests, h.subscriptionUse(id))
		}
	}
}

func (h *house) usage(which func(*naiveCall) bool) (u pontage.Usage) {
	for _, c := range h.calls {
		if !which(c) {
			continue
		}
		u.TotalRequests++
		if c.failed || c.back() {
			u.ErrorRequests++
		}
		switch {
		case c.back():
		case c.payer == pontage.PayerWallet:
			u.WalletRequests++
			u.WalletAmount += c.price
		case c.payer == pontage.PayerSubscription:
			u.SubscriptionRequests++
		}
	}
	return u
}

// checkFold folds the log in two pieces at a drawn place and compares the sum with the count.
func (h *house) checkFold() {
	lines, entries := map[pontage.StatisticKey]*pontage.Usage{}, map[pontage.ErrorEntryID]bool{}
	spent := pontage.Money(0)
	at := rapid.IntRange(0, len(h.log.Calls)).Draw(h.t, "folded")
	for _, tail := range []pontage.Tail{{Calls: h.log.Calls[:at]}, {Calls: h.log.Calls[at:], Outcomes: h.log.Outcomes}} {
		tail.Owners = map[pontage.LineageID]pontage.LineageOwner{h.id.lineages[1]: {ClientID: h.id.client, DomainID: h.id.domain}}
		changes := Fold(tail)
		for _, d := range changes.Statistics {
			if lines[d.StatisticKey] == nil {
				lines[d.StatisticKey] = &pontage.Usage{}
			}
			addUsage(lines[d.StatisticKey], d.Usage)
		}
		for _, e := range changes.Errors {
			entries[e.ID] = true
		}
		for _, d := range changes.Days {
			spent += d.Amount
		}
	}
	for key, got := range lines {
		want := h.usage(func(c *naiveCall) bool { return countsUnder(c, key) })
		if *got != want {
			h.t.Fatalf("%+v folds to %+v, want %+v", key, *got, want)
		}
	}
	if all := lines[pontage.StatisticKey{AccountID: h.id.account, Dimension: pontage.ByAccount}]; all == nil && len(h.calls) > 0 {
		h.t.Fatal("no line for the account")
	}
	want := len(h.logged) + int(h.count(func(c *naiveCall) bool { return c.failed || c.released || c.forward && c.refunded }))
	if len(entries) != want {
		h.t.Fatalf("%d error entries, want %d", len(entries), want)
	}
	if want := h.sum(func(c *naiveCall) bool { return !c.released }); spent != want {
		h.t.Fatalf("days say %s, want %s", spent, want)
	}
}

func countsUnder(c *naiveCall, k pontage.StatisticKey) bool {
	in := k.Period == "" || k.Period == pontage.YearOf(c.at) || k.Period == pontage.MonthOf(c.at) || k.Period == pontage.DayOf(c.at)
	switch k.Dimension {
	case pontage.ByScope:
		return in && k.Key == string(c.scope)
	case pontage.ByToken:
		return in && k.Key == string(c.lineage)
	case pontage.ByClient:
		return in && k.Key == string(c.client)
	case pontage.ByDomain:
		return in && (k.Key == "") == (c.client == "")
	case pontage.ByAddress:
		return in && k.Key == c.address.String()
	}
	return in
}
