package meter_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func (w *town) subscribe(m *meter.Meter, price string, requests int64, term pontage.Term, renew bool) *pontage.Subscription {
	w.t.Helper()
	s, err := m.CreateSubscription(w.t.Context(), pontage.Operator(), meter.SubscriptionInput{
		AccountID: w.account, ScopeID: w.scopes[priced].ID, Term: term, Price: money(price), TotalRequests: requests, AutoRenew: renew,
	})
	w.must(err)
	return s
}

// A top-up or a subscription is either booked whole or refused with the field at fault.
func TestOnlyTheOperatorSellsAndOnlyWhatIsCovered(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "2")
		m, ctx, in := w.meter(nil), t.Context(), meter.SubscriptionInput{
			AccountID: w.account, ScopeID: w.scopes[priced].ID, Term: pontage.Monthly, Price: money("2.000001"), TotalRequests: 1,
		}
		sell := func(by pontage.Actor, change func(*meter.SubscriptionInput)) error {
			input := in
			change(&input)
			_, err := m.CreateSubscription(ctx, by, input)
			return err
		}
		topUp := func(by pontage.Actor, account pontage.AccountID, amount pontage.Money, text string) error {
			_, err := m.Credit(ctx, by, account, amount, text)
			return err
		}
		for name, c := range map[string]struct {
			err  error
			code pontage.Code
		}{
			"not covered":     {sell(pontage.Operator(), func(*meter.SubscriptionInput) {}), pontage.InsufficientCredit},
			"not an operator": {sell(w.by(), func(*meter.SubscriptionInput) {}), pontage.Forbidden},
			"no term":         {sell(pontage.Operator(), func(in *meter.SubscriptionInput) { in.Term = "weekly" }), pontage.InvalidInput},
			"no requests":     {sell(pontage.Operator(), func(in *meter.SubscriptionInput) { in.TotalRequests = 0 }), pontage.InvalidInput},
			"negative price":  {sell(pontage.Operator(), func(in *meter.SubscriptionInput) { in.Price = -1 }), pontage.InvalidInput},
			"unknown scope":   {sell(pontage.Operator(), func(in *meter.SubscriptionInput) { in.ScopeID = "sco_x" }), pontage.NotFound},
			"unknown account": {sell(pontage.Operator(), func(in *meter.SubscriptionInput) { in.AccountID = "acc_x" }), pontage.NotFound},
			"gift to nobody": {sell(pontage.Operator(), func(in *meter.SubscriptionInput) {
				in.AccountID, in.Price = "acc_x", 0
			}), pontage.NotFound},
			"own top-up":        {topUp(w.by(), w.account, 1, ""), pontage.Forbidden},
			"nothing":           {topUp(pontage.Operator(), w.account, 0, ""), pontage.InvalidInput},
			"too much":          {topUp(pontage.Operator(), w.account, pontage.MaxMoney+1, ""), pontage.InvalidInput},
			"control character": {topUp(pontage.Operator(), w.account, 1, "a\x00b"), pontage.InvalidInput},
			"long text":         {topUp(pontage.Operator(), w.account, 1, strings.Repeat("x", 501)), pontage.InvalidInput},
			"nobody's wallet":   {topUp(pontage.Operator(), "acc_x", 1, ""), pontage.NotFound},
		} {
			if pontage.CodeOf(c.err) != c.code {
				t.Errorf("%s: %v", name, c.err)
			}
		}
		w.wallet("2", "0")
		w.equal(m)
	})
}

// The subscription that ends first pays first, and the wallet when all are empty.
func TestTheMostUrgentSubscriptionPaysFirst(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "10")
		m := w.run(w.meter(nil))
		annual, monthly := w.subscribe(m, "3", 1, pontage.Annual, false), w.subscribe(m, "1.5", 2, pontage.Monthly, false)
		w.wallet("5.5", "0")
		var used []pontage.SubscriptionID
		for range 4 {
			call, _, err := m.Call(t.Context(), w.by(), w.admit(m, priced))
			w.must(err)
			used = append(used, call.SubscriptionID)
		}
		if used[0] != monthly.ID || used[1] != monthly.ID || used[2] != annual.ID || used[3] != "" {
			t.Errorf("paid by %v, monthly is %s", used, monthly.ID)
		}
		w.clock.forward(2 * time.Minute)
		w.must(m.Reap(t.Context()))
		got, err := m.Subscription(t.Context(), w.by(), monthly.ID)
		w.must(err)
		if got.UsedRequests != 0 {
			t.Errorf("expired holds keep %d requests", got.UsedRequests)
		}
		w.equal(m)
	})
}

// A due subscription is renewed once, whichever instance comes first, without a gap; one that is not covered ends.
func TestRenewalHappensOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "2.5")
		first, second := w.meter(nil), w.meter(open())
		s := w.subscribe(first, "1", 5, pontage.Monthly, true)
		w.clock.forward(pontage.Monthly.Length() - 6*time.Second)
		w.must(first.Renew(t.Context()))
		w.wallet("1.5", "0")
		w.clock.forward(2 * time.Second)
		var both sync.WaitGroup
		for _, m := range []*meter.Meter{first, second, first, second} {
			both.Go(func() {
				if err := m.Renew(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		w.wallet("0.5", "0")
		list, err := first.Subscriptions(t.Context(), w.by(), nil, pontage.Page{Limit: 10})
		w.must(err)
		if len(list) != 2 || list[0].Renews != s.ID || !list[0].StartsAt.Equal(s.ExpiresAt) || !list[0].AutoRenew || list[0].UsedRequests != 0 {
			t.Fatalf("%+v", list)
		}
		w.clock.forward(pontage.Monthly.Length())
		w.must(first.Renew(t.Context())) // four seconds before its end: there is time left to top up
		if got, _ := first.Subscription(t.Context(), w.by(), list[0].ID); !got.AutoRenew {
			t.Error("ended before its time")
		}
		w.clock.forward(5 * time.Second)
		w.must(second.Renew(t.Context()))
		w.must(first.Renew(t.Context()))
		if got, _ := first.Subscription(t.Context(), w.by(), list[0].ID); got.AutoRenew {
			t.Error("not ended")
		}
		w.wallet("0.5", "0")
		w.equal(first)
	})
}

// An instance that was away for longer than a term does not charge for the past.
func TestARenewalNeverStartsInAPastTerm(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "3")
		m := w.meter(nil)
		w.subscribe(m, "1", 5, pontage.Monthly, true)
		w.clock.forward(3 * pontage.Monthly.Length())
		w.must(m.Renew(t.Context()))
		w.must(m.Renew(t.Context()))
		w.wallet("1", "0")
		list, err := m.Subscriptions(t.Context(), w.by(), nil, pontage.Page{Limit: 10})
		w.must(err)
		if len(list) != 2 || !list[0].StartsAt.Equal(w.clock.Now()) {
			t.Errorf("%+v", list)
		}
	})
}
