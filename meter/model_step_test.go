package meter

import (
	"pgregory.net/rapid"

	"github.com/pontage/pontage"
)

// reserve runs a few attempts in one batch, some of them repeated within it, and compares.
func (h *house) reserve() {
	type expectation struct {
		payer pontage.Payer
		code  pontage.Code
	}
	var items []*item
	var want []expectation
	for i := range rapid.IntRange(1, 3).Draw(h.t, "attempts") {
		a := h.attempt()
		a.Repeatable = rapid.Bool().Draw(h.t, "repeatable")
		payer, sub, code := h.predict(&a)
		if i == 0 {
			if quoted := h.batch(&item{kind: kindQuote, attempt: a})[0]; quoted.verdict.Admitted != (code == "") {
				h.t.Fatalf("the quote says %+v, the model %s", quoted.verdict.Decision, code)
			}
		}
		h.remember(&a, payer, sub, code)
		items, want = append(items, &item{kind: kindReserve, attempt: a}), append(want, expectation{payer, code})
		if a.Repeatable && code != pontage.RateLimited {
			items, want = append(items, &item{kind: kindReserve, attempt: a}), append(want, expectation{payer, code})
		}
	}
	for i, got := range h.batch(items...) {
		v, w := got.verdict, want[i]
		if got.err != nil || v.Admitted != (w.code == "") || v.Payer != w.payer || w.code != "" && v.Refusal.Code != w.code {
			h.t.Fatalf("attempt %d: got %+v %v %v, want %+v", i, v.Decision, v.Refusal, got.err, w)
		}
	}
}

// remember adds the predicted attempt to the model.
func (h *house) remember(a *pontage.Attempt, payer pontage.Payer, sub pontage.SubscriptionID, code pontage.Code) {
	if code != "" {
		h.logNaive(a, code)
		return
	}
	c := &naiveCall{id: a.CallID, lineage: a.Admission.LineageID, client: h.state.Lineages[a.Admission.LineageID].ClientID, address: a.Address, scope: a.Match.Scope.ID, payer: payer, sub: sub, at: h.now, forward: a.Hold == 0}
	if payer == pontage.PayerWallet {
		c.price = *a.Match.Scope.Price
	}
	h.calls = append(h.calls, c)
}

// logNaive logs the refusal, unless it is only counted, or as many of its kind stand there already as calls are let through.
func (h *house) logNaive(a *pontage.Attempt, code pontage.Code) {
	if code == pontage.RateLimited {
		return
	}
	entry, recent := naiveRefusal{a.Admission.LineageID, a.Match.Scope.ID, h.now}, int64(0)
	for _, r := range h.logged {
		if r.lineage == entry.lineage && r.scope == entry.scope && r.at.Unix() > h.now.Unix()-rateSlots {
			recent++
		}
	}
	if recent < a.Match.Scope.RatePerMinute {
		h.logged = append(h.logged, entry)
	}
}

// end ends a few drawn calls in drawn ways in one batch, some of them twice, and compares.
func (h *house) end() {
	if len(h.calls) == 0 {
		return
	}
	var items []*item
	var want []pontage.Code
	for range rapid.IntRange(1, 4).Draw(h.t, "endings") {
		c := h.calls[rapid.IntRange(0, len(h.calls)-1).Draw(h.t, "call")]
		it := &item{
			kind:   rapid.SampledFrom([]itemKind{kindSettle, kindRelease, kindRefund}).Draw(h.t, "kind"),
			ending: Ending{CallID: c.id, Status: rapid.SampledFrom([]int{200, 404, 503, 0}).Draw(h.t, "status")},
			reaped: rapid.Bool().Draw(h.t, "reaped"),
		}
		items, want = append(items, it), append(want, h.endNaive(c, it))
	}
	for i, got := range h.batch(items...) {
		if pontage.CodeOf(got.err) != want[i] {
			h.t.Fatalf("ending %d, %+v: got %v, want %q", i, items[i].ending, got.err, want[i])
		}
	}
}

// endNaive ends the model's call and says what the ending is answered.
func (h *house) endNaive(c *naiveCall, it *item) pontage.Code {
	switch {
	case it.kind == kindSettle && c.open():
		c.settled, c.failed = true, it.ending.Status >= 400
	case it.kind == kindRelease && c.open():
		c.released = true
		if !it.reaped {
			c.releaseAt = h.now
		}
	case it.kind == kindRefund && (c.settled || c.forward) && !c.back() && h.now.Sub(c.at) > RefundWithin:
		return pontage.Conflict
	case it.kind == kindRefund && (c.settled || c.forward):
		if c.forward && !c.refunded && !it.reaped {
			c.releaseAt = h.now
		}
		c.refunded = true
	case it.kind == kindSettle && c.back(), it.kind == kindRelease && !c.back(), it.kind == kindRefund && !c.back():
		return pontage.Conflict
	}
	return ""
}

func (h *house) topUp(amount pontage.Money) {
	h.topUps += amount
	if h.engine != nil {
		h.engine.topUp(h, amount)
		return
	}
	h.state.Wallets[h.id.account].Balance += amount
}

// limit changes one limit of one token.
func (h *house) limit() {
	l := h.state.Lineages[h.id.lineages[rapid.IntRange(0, 1).Draw(h.t, "lineage")]]
	value := rapid.Ptr(rapid.Int64Range(0, 20), true).Draw(h.t, "limit")
	switch rapid.IntRange(0, 3).Draw(h.t, "which") {
	case 0:
		l.Limits.TotalRequests = value
	case 1:
		l.Limits.WalletRequests = value
	case 2:
		l.Limits.SubscriptionRequests = value
	case 3:
		l.Limits.WalletAmount = (*pontage.Money)(value)
	}
	if h.engine != nil {
		h.engine.edit(h, l)
	}
}
