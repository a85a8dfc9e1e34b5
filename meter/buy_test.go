package meter_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// offer puts something for sale into a town.
func (w *town) offer() meter.PurchaseInput {
	w.scopes[priced].Subscriptions = []pontage.SubscriptionOffer{
		{Term: pontage.Monthly, Requests: 2, Price: money("1.5")}, {Term: pontage.Annual, Requests: 2, Price: money("15")},
	}
	return meter.PurchaseInput{ScopeID: w.scopes[priced].ID, Term: pontage.Monthly, Requests: 2, Price: money("1.5")}
}

// Whoever buys pays what was shown for what was shown, from their own wallet, or pays nothing.
func TestAnAccountBuysWhatIsOfferedAtThePriceItSaw(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "2")
		in := w.offer()
		w.scopes[free].Subscriptions, w.scopes[free].Restricted = w.scopes[priced].Subscriptions, true
		w.scopes[allowed].Subscriptions, w.scopes[allowed].Requirements = w.scopes[priced].Subscriptions, []string{"contract"}
		w.scopes[unpriced].Subscriptions = w.scopes[priced].Subscriptions
		m := w.run(w.meter(nil))
		for name, c := range map[string]struct {
			by     pontage.Actor
			change func(*meter.PurchaseInput)
			code   pontage.Code
			field  string
		}{
			"the operator":        {pontage.Operator(), func(*meter.PurchaseInput) {}, pontage.Forbidden, ""},
			"a token":             {pontage.Actor{Kind: pontage.ActorToken, AccountID: w.account}, func(*meter.PurchaseInput) {}, pontage.Forbidden, ""},
			"an unknown scope":    {w.by(), func(in *meter.PurchaseInput) { in.ScopeID = "sco_x" }, pontage.NotFound, "/scopeId"},
			"another number":      {w.by(), func(in *meter.PurchaseInput) { in.Requests = 3 }, pontage.NotFound, "/term"},
			"another price":       {w.by(), func(in *meter.PurchaseInput) { in.Price-- }, pontage.Conflict, "/price"},
			"a restricted scope":  {w.by(), func(in *meter.PurchaseInput) { in.ScopeID = w.scopes[free].ID }, pontage.ScopeDisabled, "/scopeId"},
			"a requirement":       {w.by(), func(in *meter.PurchaseInput) { in.ScopeID = w.scopes[allowed].ID }, pontage.RequirementMissing, "/scopeId"},
			"a scope not sold":    {w.by(), func(in *meter.PurchaseInput) { in.ScopeID = w.scopes[unpriced].ID }, pontage.NotSellable, "/scopeId"},
			"more than is there":  {w.by(), func(in *meter.PurchaseInput) { in.Term, in.Price = pontage.Annual, money("15") }, pontage.InsufficientCredit, ""},
			"an unknown account":  {pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_x"}, func(*meter.PurchaseInput) {}, pontage.NotFound, ""},
			"nobody's own wallet": {pontage.Actor{Kind: pontage.ActorAccount}, func(*meter.PurchaseInput) {}, pontage.Forbidden, ""},
		} {
			input := in
			c.change(&input)
			_, err := m.BuySubscription(t.Context(), c.by, input)
			if e := pontage.Public(err); err == nil || e.Code != c.code || e.Field != c.field {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.wallet("2", "0")
		s, err := m.BuySubscription(t.Context(), w.by(), in)
		w.must(err)
		w.wallet("0.5", "0")
		if s.ExpiresAt.Sub(s.StartsAt) != pontage.Monthly.Length() || s.AutoRenew || s.RemainingRequests() != 2 {
			t.Errorf("bought %+v", s)
		}
		for i, want := range []pontage.Payer{pontage.PayerSubscription, pontage.PayerSubscription, pontage.PayerWallet} {
			if d := w.admit(m, priced); w.payer(d) != want {
				t.Errorf("call %d was paid by %q", i, w.payer(d))
			}
		}
		lines, err := m.Transactions(t.Context(), w.by(), pontage.Page{Limit: 10})
		w.must(err)
		bought := func(l pontage.TransactionLine) bool {
			return l.Kind == pontage.TransferSubscription && l.Amount == -money("1.5")
		}
		if len(lines) != 3 || !slices.ContainsFunc(lines, bought) { // two of one moment have no order
			t.Errorf("%+v", lines)
		}
		w.equal(m)
	})
}

// payer says who paid a call.
func (w *town) payer(id pontage.CallID) pontage.Payer {
	w.t.Helper()
	c, _, err := w.store.Call(w.t.Context(), id)
	w.must(err)
	return c.Payer
}

// Who cancels keeps what was paid and pays no more; who thinks better of it in time goes on; nobody decides about somebody else's.
func TestACancelledSubscriptionEndsWithWhatWasPaid(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "10")
		in := w.offer()
		in.AutoRenew = true
		m := w.meter(nil)
		s, err := m.BuySubscription(t.Context(), w.by(), in)
		w.must(err)
		set := func(by pontage.Actor, id pontage.SubscriptionID, on bool) pontage.Code {
			_, err := m.SetAutoRenew(t.Context(), by, id, on)
			return pontage.CodeOf(err)
		}
		stranger := pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_x"}
		for i, c := range []struct {
			by   pontage.Actor
			id   pontage.SubscriptionID
			on   bool
			code pontage.Code
		}{
			{stranger, s.ID, false, pontage.NotFound}, {w.by(), "sub_x", false, pontage.NotFound}, {w.by(), s.ID, true, pontage.Conflict},
			{w.by(), s.ID, false, ""}, {w.by(), s.ID, false, pontage.Conflict}, {w.by(), s.ID, true, ""}, {pontage.Operator(), s.ID, false, ""},
		} {
			if code := set(c.by, c.id, c.on); code != c.code {
				t.Errorf("step %d: %q", i, code)
			}
		}
		w.clock.forward(pontage.Monthly.Length() - time.Second)
		w.must(m.Renew(t.Context()))
		w.wallet("8.5", "0")
		if code := set(w.by(), s.ID, true); code != "" {
			t.Fatalf("in its last second: %q", code)
		}
		w.must(m.Renew(t.Context()))
		w.wallet("7", "0")
		if code := set(w.by(), s.ID, false); code != pontage.Conflict {
			t.Errorf("renewed already: %q", code)
		}
		next, err := w.store.RenewalOf(t.Context(), s.ID)
		w.must(err)
		if code := set(w.by(), next.ID, false); code != "" {
			t.Errorf("the one that follows: %q", code)
		}
		w.clock.forward(2 * pontage.Monthly.Length())
		w.must(m.Renew(t.Context()))
		if code := set(w.by(), next.ID, true); code != pontage.Conflict {
			t.Errorf("one that is over: %q", code)
		}
		w.wallet("7", "0")
		w.equal(m)
	})
}
