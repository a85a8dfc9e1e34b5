package meter_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// watching gives a running meter that tells people; every one of them has the same keys.
func (w *town) watching(store meter.Store, keys *pontage.KeyRing) *meter.Meter {
	return w.run(meter.New(meter.Config{
		Store: store, Clock: w.clock.Now, Scopes: w, DefaultRatePerMinute: 100_000, FoldEvery: time.Hour, ReapEvery: time.Hour, CloseEvery: time.Hour, Keys: keys,
	}))
}

// person gives the town's account a user who wants mail about everything.
func (w *town) person() pontage.UserID {
	id := pontage.NewUserID(w.clock.Now())
	w.must(w.store.Write(w.t.Context(), func(tx pontage.Tx) error {
		if err := tx.InsertUser(w.t.Context(), pontage.User{ID: id, AccountID: w.account, Email: "ann@example.com", CreatedAt: w.clock.Now()}); err != nil {
			return err
		}
		return tx.PutNotificationPreferences(w.t.Context(), id, []pontage.NotificationPreference{{Kind: pontage.NotifyUsage, Shown: true}})
	}))
	return id
}

// told gives the titles of what a person was told, sorted by how often.
func (w *town) told(user pontage.UserID) map[string]int {
	w.t.Helper()
	all, err := w.store.Notifications(w.t.Context(), user, false, pontage.Keyset{Limit: 100})
	w.must(err)
	titles := map[string]int{}
	for _, n := range all {
		titles[n.Title]++
	}
	return titles
}

// Who runs low hears of it at 80, 95 and 100 %, once in each period whichever instance sees it, by mail where they want mail.
func TestThresholdsAreToldOnceInAPeriod(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "0.2") // twenty calls
		keys, err := pontage.NewKeyRing(pontage.NewKey("k"))
		w.must(err)
		first, second := w.watching(w.store, keys), w.watching(open(), keys)
		user := w.person()
		w.change(func(l *pontage.Lineage) { l.Limits.WalletRequests = ptr(int64(20)) })
		expect := func(calls int, want map[string]int) {
			t.Helper()
			for range calls {
				w.must(first.Settle(t.Context(), meter.Ending{CallID: w.admit(first, priced), Status: 200}))
			}
			var both sync.WaitGroup
			for _, m := range []*meter.Meter{first, second, first} {
				both.Go(func() { _ = m.FoldNow(t.Context()) })
			}
			both.Wait()
			w.must(first.FoldNow(t.Context()))
			if got := w.told(user); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("after %d more calls: %v, want %v", calls, got, want)
			}
		}
		wallet := func(percent int) string { return fmt.Sprintf("%d %% of the wallet is spent", percent) }
		token := func(percent int) string { return fmt.Sprintf("A token has used %d %% of a limit", percent) }
		expect(15, map[string]int{})
		expect(1, map[string]int{wallet(80): 1, token(80): 1})
		expect(1, map[string]int{wallet(80): 1, token(80): 1})
		expect(3, map[string]int{wallet(80): 1, token(80): 1, wallet(100): 1, token(100): 1})
		if d := w.reserve(first, w.attempt(priced)); d.Admitted {
			t.Fatal("an empty wallet paid")
		}
		expect(0, map[string]int{wallet(80): 1, token(80): 1, wallet(100): 1, token(100): 1})

		_, err = first.Credit(t.Context(), pontage.Operator(), w.account, money("0.5"), "Top-up")
		w.must(err)
		w.change(func(l *pontage.Lineage) { l.Limits.WalletRequests = ptr(int64(100)) })
		expect(39, map[string]int{wallet(80): 1, token(80): 1, wallet(100): 1, token(100): 1})
		expect(1, map[string]int{wallet(80): 2, token(80): 1, wallet(100): 1, token(100): 1})
		mails, err := w.store.Mails(t.Context(), pontage.Keyset{Limit: 100})
		w.must(err)
		if len(mails) != 3 || !strings.HasSuffix(mails[0].Subject, "of the wallet is spent") {
			t.Errorf("%d mails, want those about the wallet: %+v", len(mails), mails)
		}
		w.equal(first)
	})
}

// Free calls and subscriptions are told of in their own periods.
func TestAllowancesAndSubscriptionsAreToldOf(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "10")
		w.scopes[allowed].Allowance = pontage.Allowance{Month: ptr(int64(1))}
		keys, err := pontage.NewKeyRing(pontage.NewKey("k"))
		w.must(err)
		m, user := w.watching(w.store, keys), w.person()
		w.subscribe(m, "0", 2, pontage.Monthly, false)
		for range 2 {
			w.admit(m, priced)
			w.admit(m, allowed)
			w.must(m.FoldNow(t.Context()))
		}
		const free, used = "100 % of free calls are used", "A subscription has 100 % of its requests used"
		if got := w.told(user); got[free] != 1 || got[used] != 1 || len(got) != 2 {
			t.Errorf("%v", got)
		}
		w.clock.forward(12 * 24 * time.Hour) // another month
		w.admit(m, allowed)
		w.must(m.FoldNow(t.Context()))
		if got := w.told(user); got[free] != 2 {
			t.Errorf("in the next month: %v", got)
		}
	})
}

// Whoever spends a wallet on something else than calls hears at once how little is left: when they buy, and when what they bought renews.
func TestMoneyThatNoCallSpentIsToldOf(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1.6")
		keys, err := pontage.NewKeyRing(pontage.NewKey("k"))
		w.must(err)
		m, user := w.watching(w.store, keys), w.person()
		in := w.offer()
		in.AutoRenew = true
		_, err = m.BuySubscription(t.Context(), w.by(), in)
		w.must(err)
		const low = "80 % of the wallet is spent"
		if got := w.told(user); got[low] != 1 || len(got) != 1 {
			t.Errorf("after the purchase: %v", got)
		}
		_, err = m.Credit(t.Context(), pontage.Operator(), w.account, money("1.5"), "Top-up")
		w.must(err)
		w.clock.forward(pontage.Monthly.Length())
		w.must(m.Renew(t.Context()))
		w.wallet("0.1", "0")
		if got := w.told(user); got[low] != 2 || len(got) != 1 {
			t.Errorf("after the renewal: %v", got)
		}
		_, err = m.Credit(t.Context(), pontage.Operator(), w.account, money("0.9"), "Top-up")
		w.must(err)
		w.subscribe(m, "0.95", 1, pontage.Monthly, false)
		if got := w.told(user); got[low]+got["95 % of the wallet is spent"] != 3 {
			t.Errorf("after what the operator sold: %v", got)
		}
		w.equal(m)
	})
}

// Whoever counts on a subscription that ends unpaid hears that the wallet pays now.
func TestASubscriptionThatEndsUnpaidIsToldOf(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1.5")
		keys, err := pontage.NewKeyRing(pontage.NewKey("k"))
		w.must(err)
		m, user := w.watching(w.store, keys), w.person()
		w.subscribe(m, "1", 5, pontage.Monthly, true)
		w.clock.forward(pontage.Monthly.Length() + time.Second)
		for range 2 {
			w.must(m.Renew(t.Context()))
		}
		if got := w.told(user); got["A subscription has ended"] != 1 || len(got) != 1 {
			t.Errorf("%v", got)
		}
		w.wallet("0.5", "0")
		w.equal(m)
	})
}
