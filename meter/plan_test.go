package meter_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// planned gives a meter of an instance whose plans include so many requests a month; store nil means the town's.
func (w *town) planned(store meter.Store, perMonth int64, keys ...pontage.Key) *meter.Meter {
	w.t.Helper()
	if store == nil {
		store = w.store
	}
	if len(keys) == 0 {
		keys = []pontage.Key{pontage.NewKey("k1")}
	}
	ring, err := pontage.NewKeyRing(keys...)
	w.must(err)
	return meter.New(meter.Config{
		Store: store, Clock: w.clock.Now, Scopes: w, DefaultRatePerMinute: 100_000, FoldEvery: time.Hour, ReapEvery: time.Hour,
		CloseEvery: time.Hour, Retention: meter.MinRetention, Keys: ring, RetryFor: time.Second, PlanRequests: perMonth,
	})
}

// plan gives the account a plan.
func (w *town) plan(kind pontage.PlanKind) {
	w.t.Helper()
	w.must(w.store.Write(w.t.Context(), func(tx pontage.Tx) error {
		return tx.PutPlan(w.t.Context(), pontage.Plan{AccountID: w.account, Kind: kind, Since: w.clock.Now(), UpdatedAt: w.clock.Now()})
	}))
}

// used expects so many of the month and altogether.
func (w *town) used(month pontage.Period, used, total int64) {
	w.t.Helper()
	got, err := w.store.Wallet(w.t.Context(), w.account)
	w.must(err)
	if p := got.Plan; p.Month != month || p.Used != used || p.Total != total {
		w.t.Fatalf("%+v, want %d in %s and %d", p, used, month, total)
	}
}

// What a plan includes is included to the last call and not once more, however many ask at once and on however many instances; the wallet
// pays the rest, and nobody is asked for money before.
func TestAPlanIncludesExactlyItsRequests(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		const clients, each, included = 64, 10, 300
		w := newTown(t, open(), "1") // a hundred calls
		w.plan(pontage.PlanBasic)
		meters := []*meter.Meter{w.run(w.planned(nil, included)), w.run(w.planned(open(), included))}
		counts, mu := map[string]int{}, sync.Mutex{}
		var all sync.WaitGroup
		for i := range clients {
			all.Go(func() {
				for range each {
					m := meters[i%2]
					d, err := m.Reserve(t.Context(), w.attempt(priced))
					if err != nil {
						t.Error(err)
						return
					}
					result := string(d.Payer) + " " + d.Charged.String()
					if d.Admitted {
						err = m.Settle(t.Context(), meter.Ending{CallID: d.CallID, Status: 200})
					} else {
						result = string(d.Refusal.Code)
					}
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					counts[result]++
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if counts["plan 0"] != included || counts["wallet 0.01"] != 100 || counts[string(pontage.InsufficientCredit)] != clients*each-included-100 {
			t.Errorf("%v", counts)
		}
		w.wallet("0", "0")
		w.used("2026-11", included, included)
		w.equal(meters[0])
		w.must(meters[0].FoldNow(t.Context()))
		w.equal(meters[0])
	})
}

// A call that failed costs nothing of the month either; the month ends, another plan includes nothing, and coming back opens no month twice.
func TestIncludedRequestsComeBackAndBeginAnew(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		w.plan(pontage.PlanBasic)
		m := w.run(w.planned(nil, 2))
		payer := func(want pontage.Payer) pontage.CallID {
			t.Helper()
			d := w.reserve(m, w.attempt(priced))
			if !d.Admitted || d.Payer != want {
				t.Fatalf("%+v, want %s", d, want)
			}
			return d.CallID
		}
		released, refunded := payer(pontage.PayerPlan), payer(pontage.PayerPlan)
		w.must(m.Settle(t.Context(), ended(refunded, 200)))
		payer(pontage.PayerWallet)
		w.must(m.Release(t.Context(), ended(released, 503)))
		w.must(m.Release(t.Context(), ended(released, 503))) // again
		w.used("2026-11", 1, 1)
		w.must(m.GiveBack(t.Context(), meter.Ending{CallID: refunded, Code: pontage.BadGateway}))
		w.used("2026-11", 0, 0)
		late := payer(pontage.PayerPlan)
		w.equal(m)
		w.clock.forward(11 * 24 * time.Hour) // December
		payer(pontage.PayerPlan)
		w.must(m.Release(t.Context(), ended(late, 503)))
		w.used("2026-12", 1, 1)
		w.plan(pontage.PlanEnterprise)
		payer(pontage.PayerWallet)
		w.plan(pontage.PlanBasic)
		payer(pontage.PayerPlan)
		payer(pontage.PayerWallet)
		w.used("2026-12", 2, 2)
		if u := w.usage(); u.TotalRequests != 8 || u.WalletRequests != 3 {
			t.Errorf("the token counts %+v", u)
		}
		w.equal(m)
	})
}

// A quote and a receipt say that the plan pays and what is left of it, and a quote takes nothing.
func TestQuotesAndReceiptsNameThePlan(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		w.plan(pontage.PlanBasic)
		m := w.run(w.planned(nil, 5))
		for range 2 {
			d, err := m.Quote(t.Context(), w.attempt(priced))
			w.must(err)
			if d.Payer != pontage.PayerPlan || d.Charged != 0 {
				t.Errorf("%+v", d)
			}
		}
		r, err := m.Receipt(t.Context(), w.by(), w.admit(m, priced))
		w.must(err)
		want := meter.Check{Name: "plan", Passed: true, Limit: "5", Before: "5", After: "4", Unit: "requests", Window: "month"}
		if !slices.Contains(r.Checks, want) || r.Call.Payer != pontage.PayerPlan || r.Charged != 0 || *r.Price != money("0.01") {
			t.Errorf("%+v", r)
		}
	})
}

// planPlants are changes of the counts of plans, and of what closed days say of them.
var planPlants = []plant{
	{"calls that were never included", "UPDATE wallets SET plan_total = plan_total + 1", "UPDATE wallets SET plan_total = plan_total - 1", []string{"plan totalUsed"}},
	{"a month that forgets", "UPDATE wallets SET plan_used = plan_used - 1", "UPDATE wallets SET plan_used = plan_used + 1", []string{"plan used"}},
	{"a closed month", "UPDATE closed_totals SET allowance_requests = allowance_requests + 1 WHERE dimension = 'plan' AND closing = (SELECT min(closing)" +
		" FROM closed_totals WHERE dimension = 'plan')", "UPDATE closed_totals SET allowance_requests = allowance_requests - 1 WHERE dimension = 'plan'" +
		" AND closing = (SELECT min(closing) FROM closed_totals WHERE dimension = 'plan')", []string{"closed day signature", "plan totalUsed"}},
	{"who paid", "UPDATE calls SET payer = 'allowance' WHERE sequence = (SELECT max(sequence) FROM calls WHERE payer = 'plan')",
		"UPDATE calls SET payer = 'plan' WHERE sequence = (SELECT max(sequence) FROM calls)", []string{"plan totalUsed", "allowance totalUsed"}},
}

// The counts of a plan are proved from closed days and the log after them, also when the single calls are gone and refunds come late; and
// whatever is changed of them is found.
func TestVerifyProvesWhatPlansIncluded(t *testing.T) {
	for engine, url := range map[string]string{"sqlite": storagetest.SQLite(t), "postgres": storagetest.Postgres(t)} {
		t.Run(engine, func(t *testing.T) {
			w := newTown(t, storagetest.Open(t, url), "100")
			w.plan(pontage.PlanBasic)
			m := w.run(w.planned(nil, 30))
			var late pontage.CallID
			for range 4 {
				w.live(m, 0)
				late = w.admit(m, priced)
				w.must(m.Settle(t.Context(), ended(late, 200)))
				w.clock.forward(24 * time.Hour)
				w.must(m.Reap(t.Context()))
				w.must(m.FoldNow(t.Context()))
				w.must(m.CloseNow(t.Context()))
				w.must(m.Refund(t.Context(), ended(late, 502)))
				w.equal(m)
			}
			w.clock.forward(34 * 24 * time.Hour)
			w.must(m.FoldNow(t.Context()))
			w.must(m.CloseNow(t.Context()))
			w.must(m.DeleteNow(t.Context()))
			w.equal(m)
			w.must(m.Settle(t.Context(), ended(w.admit(m, priced), 200)))
			w.must(m.FoldNow(t.Context()))
			w.equal(m)
			if c := m.Counters(); c.Closed < 4 || c.Deleted < 30 {
				t.Fatalf("%d closings, %d calls deleted", c.Closed, c.Deleted)
			}
			execute := raw(t, url)
			w.finds(m, execute, planPlants)
		})
	}
}

// Whoever uses up what the plan includes hears of it before money is asked, once a month.
func TestPlansAreToldOf(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "0")
		w.plan(pontage.PlanBasic)
		m, user := w.run(w.planned(nil, 20)), w.person()
		title := func(percent int) string { return fmt.Sprintf("%d %% of the requests of your plan are used", percent) }
		expect := func(calls int, want map[string]int) {
			t.Helper()
			for range calls {
				w.admit(m, priced)
			}
			w.must(m.FoldNow(t.Context()))
			if got := w.told(user); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("after %d more calls: %v, want %v", calls, got, want)
			}
		}
		expect(15, map[string]int{})
		expect(1, map[string]int{title(80): 1})
		expect(2, map[string]int{title(80): 1})
		expect(2, map[string]int{title(80): 1, title(100): 1})
		d := w.reserve(m, w.attempt(priced))
		if want := "The 20 requests that your plan includes this month are used up. The credit does not cover this call. Top up the wallet." +
			" The plan includes requests again from 2026-12-01T00:00:00Z."; d.Admitted || d.Refusal.Message != want {
			t.Errorf("%+v", d)
		}
		w.clock.forward(11 * 24 * time.Hour)
		expect(16, map[string]int{title(80): 2, title(100): 1})
	})
}
