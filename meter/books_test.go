package meter_test

import (
	"fmt"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// books is everything a partner can read.
type books struct {
	Statistics   map[string][]pontage.StatisticLine
	Overviews    map[pontage.Period]pontage.Overview
	Usage        map[pontage.LineageID]meter.TokenUsage
	Addresses    map[pontage.LineageID][]netip.Addr
	Errors       []pontage.ErrorEntry
	Transactions []pontage.TransactionLine
}

func (w *town) books(m *meter.Meter) books {
	w.t.Helper()
	ctx, b := w.t.Context(), books{Statistics: map[string][]pontage.StatisticLine{}, Overviews: map[pontage.Period]pontage.Overview{}}
	for _, dimension := range []pontage.Dimension{pontage.ByAccount, pontage.ByAPI, pontage.ByScope, pontage.ByToken, pontage.ByClient, pontage.ByDomain, pontage.ByAddress} {
		for _, period := range []pontage.Period{"", "2026", "2026-11", "2026-11-20", "2026-11-21", "2025"} {
			for _, addresses := range []bool{true, false} {
				q := pontage.StatisticQuery{AccountID: "acc_somebody_else", Dimension: dimension, Period: period, Addresses: addresses}
				lines, err := m.Statistics(ctx, w.by(), q)
				w.must(err)
				b.Statistics[fmt.Sprint(dimension, period, addresses)] = lines
			}
		}
	}
	var err error
	for _, period := range []pontage.Period{"", "2026", "2026-11", "2026-11-20", "2026-11-21", "2025"} {
		b.Overviews[period], err = m.Overview(ctx, w.by(), period)
		w.must(err)
		var want pontage.Overview
		if own := b.Statistics[fmt.Sprint(pontage.ByAccount, period, false)]; len(own) > 0 {
			want.StatisticLine = own[0]
		}
		want.APIs = int64(len(b.Statistics[fmt.Sprint(pontage.ByAPI, period, false)]))
		if !reflect.DeepEqual(b.Overviews[period], want) {
			w.t.Errorf("the overview of %q is %+v, its lines are %+v", period, b.Overviews[period], want)
		}
	}
	b.Addresses, err = m.Addresses(ctx, w.by(), []pontage.LineageID{w.lineage.ID, "lin_unknown"})
	w.must(err)
	b.Usage, err = m.Usage(ctx, w.by(), []pontage.LineageID{w.lineage.ID, "lin_unknown"})
	w.must(err)
	for skip := 0; skip < 40; skip += 3 { // through pages, so that the places of the tail count
		entries, err := m.Errors(ctx, w.by(), nil, pontage.Page{Skip: skip, Limit: 3})
		w.must(err)
		b.Errors = append(b.Errors, entries...)
		lines, err := m.Transactions(ctx, w.by(), pontage.Page{Skip: skip, Limit: 3})
		w.must(err)
		b.Transactions = append(b.Transactions, lines...)
	}
	return b
}

// live makes calls of every kind, with endings of every kind, from several addresses and over midnight.
func (w *town) live(m *meter.Meter, firstAddress int) {
	w.t.Helper()
	ctx := w.t.Context()
	for i := range 24 {
		a := w.attempt(i % 4)
		a.Address = netip.AddrFrom4([4]byte{192, 0, 2, byte(firstAddress + i%7)})
		if i%5 == 0 {
			a.Hold = 0
		}
		d := w.reserve(m, a)
		w.clock.forward(time.Second)
		if !d.Admitted {
			continue
		}
		switch status := []int{200, 404, 503}[i%3]; {
		case i%7 == 6: // stays open
		case a.Hold == 0 && status == 503, i%8 == 1:
			w.must(m.Settle(ctx, ended(a.CallID, status)))
			w.must(m.Refund(ctx, meter.Ending{CallID: a.CallID, Code: pontage.BadGateway}))
		case a.Hold == 0 || status < 500:
			w.must(m.Settle(ctx, ended(a.CallID, status)))
		default:
			w.must(m.Release(ctx, ended(a.CallID, status)))
		}
	}
}

// What a partner reads is the same before the log is folded, while half of it is, and afterwards.
func TestReadsDoNotDependOnTheFold(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "100")
		m := w.run(w.meter(nil))
		w.live(m, 0)
		w.must(m.FoldNow(t.Context()))
		w.live(m, 3)
		w.clock.forward(12 * time.Hour)
		w.live(m, 6)
		before := w.books(m)
		w.equal(m)
		w.must(m.FoldNow(t.Context()))
		after := w.books(m)
		w.equal(m)
		if diff := cmp.Diff(before, after, cmpopts.EquateComparable(netip.Addr{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("the fold changed what is read:\n%s", diff)
		}
		token := after.Usage[w.lineage.ID]
		if token.Usage != w.usage() || len(token.Addresses) != 13 || !reflect.DeepEqual(after.Addresses[w.lineage.ID], token.Addresses) {
			t.Errorf("the token's books say %+v, its row %+v", token, w.usage())
		}
		account := after.Statistics["accounttrue"]
		if len(account) != 1 || account[0].Usage != w.usage() || account[0].AddressCount != 13 || len(account[0].Addresses) != 13 {
			t.Errorf("the account's line is %+v", account)
		}
		sum := pontage.Money(0)
		for _, l := range after.Transactions {
			sum += l.Amount
		}
		wallet, err := m.Wallet(t.Context(), w.by())
		w.must(err)
		if sum != wallet.Balance-heldAndCounted(w, m) {
			t.Errorf("the lines sum up to %s, the balance is %s, held %s", sum, wallet.Balance, wallet.Held)
		}
	})
}

// heldAndCounted is what open calls hold: a day line counts a call from its decision on.
func heldAndCounted(w *town, m *meter.Meter) pontage.Money {
	wallet, err := m.Wallet(w.t.Context(), w.by())
	w.must(err)
	return wallet.Held
}

// Verify finds what does not fit, and says where.
func TestVerifyFindsAPlantedDifference(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "5")
		m := w.run(w.meter(nil))
		w.live(m, 0)
		w.equal(m)
		w.must(w.store.Write(t.Context(), func(tx pontage.Tx) error {
			wallet, err := tx.LockWallet(t.Context(), w.account)
			if err != nil {
				return err
			}
			wallet.Balance++
			return tx.UpdateWallet(t.Context(), *wallet)
		}))
		found, err := m.Verify(t.Context())
		w.must(err)
		if len(found) != 1 || found[0].Key != string(w.account) || found[0].Stored == found[0].Computed {
			t.Errorf("got %+v", found)
		}
	})
}

// Nobody reads another account's books: what is not theirs is not there.
func TestBooksAreTheActorsOwn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "5")
		m := w.run(w.meter(nil))
		w.live(m, 0)
		id := w.admit(m, priced)
		s, err := m.CreateSubscription(t.Context(), pontage.Operator(), meter.SubscriptionInput{
			AccountID: w.account, ScopeID: w.scopes[priced].ID, Term: pontage.Monthly, Price: money("1"), TotalRequests: 3,
		})
		w.must(err)
		stranger := pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_stranger"}
		_, _, callErr := m.Call(t.Context(), stranger, id)
		_, subscriptionErr := m.Subscription(t.Context(), stranger, s.ID)
		_, walletErr := m.Wallet(t.Context(), stranger)
		_, callbackErr := m.Callback(t.Context(), stranger, "cbk_unknown")
		for _, err := range []error{callErr, subscriptionErr, walletErr, callbackErr} {
			if pontage.CodeOf(err) != pontage.NotFound {
				t.Errorf("got %v", err)
			}
		}
		page := pontage.Page{Limit: 100}
		lines, err := m.Statistics(t.Context(), stranger, pontage.StatisticQuery{AccountID: w.account, Dimension: pontage.ByAccount})
		w.must(err)
		entries, err := m.Errors(t.Context(), stranger, nil, page)
		w.must(err)
		transactions, err := m.Transactions(t.Context(), stranger, page)
		w.must(err)
		subscriptions, err := m.Subscriptions(t.Context(), stranger, nil, page)
		w.must(err)
		callbacks, err := m.Callbacks(t.Context(), stranger, nil, page)
		w.must(err)
		usage, err := m.Usage(t.Context(), stranger, []pontage.LineageID{w.lineage.ID})
		w.must(err)
		addresses, err := m.Addresses(t.Context(), stranger, []pontage.LineageID{w.lineage.ID})
		w.must(err)
		overview, err := m.Overview(t.Context(), stranger, "")
		w.must(err)
		if len(addresses[w.lineage.ID]) != 0 || !reflect.DeepEqual(overview, pontage.Overview{}) {
			t.Errorf("a stranger sees %v and %+v", addresses, overview)
		}
		if len(lines)+len(entries)+len(transactions)+len(subscriptions)+len(callbacks) != 0 || !reflect.DeepEqual(usage[w.lineage.ID], meter.TokenUsage{}) {
			t.Errorf("%v %v %v %v %v %v", lines, entries, transactions, subscriptions, callbacks, usage)
		}
	})
}

// Lists refuse pages that mean nothing.
func TestQueriesThatMeanNothing(t *testing.T) {
	w := newTown(t, storagetest.Open(t, storagetest.SQLite(t)), "0")
	m := w.meter(nil)
	for _, page := range []pontage.Page{{}, {Limit: -1}, {Skip: -1, Limit: 1}} {
		_, errors := m.Errors(t.Context(), w.by(), nil, page)
		_, transactions := m.Transactions(t.Context(), w.by(), page)
		_, subscriptions := m.Subscriptions(t.Context(), w.by(), nil, page)
		_, callbacks := m.Callbacks(t.Context(), w.by(), nil, page)
		for _, err := range []error{errors, transactions, subscriptions, callbacks} {
			if pontage.CodeOf(err) != pontage.InvalidInput {
				t.Errorf("%+v: %v", page, err)
			}
		}
	}
}
