package meter_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// closing gives a meter that closes days under a key of its own.
func (w *town) closing(keys ...pontage.Key) *meter.Meter {
	w.t.Helper()
	return w.planned(nil, 40, keys...)
}

// life is a random history on a real database.
type life struct {
	*town
	m       *meter.Meter
	random  *rand.Rand
	open    []pontage.CallID
	settled []pontage.CallID
	// late are refunds of calls of an earlier day.
	late int
}

// tolerate lets pass what may happen to a call that another step ended, or that is gone.
func (l *life) tolerate(err error) bool {
	l.t.Helper()
	if code := pontage.CodeOf(err); code != "" && code != pontage.Conflict && code != pontage.NotFound {
		l.t.Fatal(err)
	}
	return err == nil
}

// call decides a few calls at once, so that some share their batch and its transfer.
func (l *life) call() {
	decisions := make([]*pontage.Decision, 1+l.random.IntN(6))
	together := errgroup.Group{}
	for i := range decisions {
		a := l.attempt(l.random.IntN(4))
		if l.random.IntN(3) == 0 {
			a.Hold = 0
		}
		together.Go(func() (err error) {
			decisions[i], err = l.m.Reserve(l.t.Context(), a)
			return err
		})
		if a.Hold == 0 {
			l.settled = append(l.settled, a.CallID)
		} else {
			l.open = append(l.open, a.CallID)
		}
	}
	l.must(together.Wait())
}

func (l *life) end() {
	together := errgroup.Group{}
	for _, id := range l.open {
		status := []int{200, 200, 404, 503}[l.random.IntN(4)]
		together.Go(func() error {
			if status < 500 {
				l.tolerate(l.m.Settle(l.t.Context(), ended(id, status)))
			} else {
				l.tolerate(l.m.Release(l.t.Context(), ended(id, status)))
			}
			return nil
		})
	}
	l.must(together.Wait())
	l.settled, l.open = append(l.settled, l.open...), nil
}

func (l *life) refund() {
	if len(l.settled) == 0 {
		return
	}
	id := l.settled[l.random.IntN(len(l.settled))]
	call, _, err := l.m.Call(l.t.Context(), l.by(), id)
	if l.tolerate(err) && l.tolerate(l.m.Refund(l.t.Context(), ended(id, 502))) && pontage.DayOf(call.DecidedAt) != pontage.DayOf(l.clock.Now()) {
		l.late++
	}
}

func (l *life) step() {
	ctx := l.t.Context()
	switch l.random.IntN(12) {
	case 0, 1, 2:
		l.call()
	case 3:
		l.end()
	case 4, 5:
		l.refund()
	case 6:
		l.clock.forward(time.Duration(l.random.IntN(120)) * time.Second)
	case 7:
		l.clock.forward(time.Duration(l.random.IntN(30)) * time.Hour)
	case 8:
		l.clock.forward(time.Duration(l.random.IntN(6)) * 24 * time.Hour)
		l.must(l.m.Reap(ctx))
	case 9:
		l.must(l.m.FoldNow(ctx))
	case 10:
		l.must(l.m.Reap(ctx))
		l.must(l.m.FoldNow(ctx))
		l.must(l.m.CloseNow(ctx))
	case 11:
		l.must(l.m.DeleteNow(ctx))
		_, err := l.m.Credit(ctx, pontage.Operator(), l.account, money("0.05"), "Top-up")
		l.must(err)
	}
}

// Whatever is closed and deleted in whatever order, verify finds the books equal, and partners read the same as before.
func TestTheBooksStayEqualOverClosedAndDeletedDays(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "20")
		w.plan(pontage.PlanBasic)
		m := w.run(w.closing())
		_, err := m.CreateSubscription(t.Context(), pontage.Operator(), meter.SubscriptionInput{
			AccountID: w.account, ScopeID: w.scopes[allowed].ID, Term: pontage.Annual, TotalRequests: 40,
		})
		w.must(err)
		late := 0
		for seed := range uint64(4) {
			l := &life{town: w, m: m, random: rand.New(rand.NewPCG(seed, 3))}
			for range 80 {
				l.step()
				l.equal(m)
			}
			late += l.late
		}
		c := m.Counters()
		if c.Closed < 10 || c.Deleted < 50 || late < 3 {
			t.Errorf("%d closings, %d calls deleted, %d late refunds: the history is too short", c.Closed, c.Deleted, late)
		}
		t.Logf("%d calls admitted, %d closings, %d calls deleted, %d late refunds", c.Admitted, c.Closed, c.Deleted, late)
	})
}

// past makes calls on a day, closes it, and goes on for the retention.
func (w *town) past(m *meter.Meter) pontage.CallID {
	w.t.Helper()
	id := w.admit(m, priced)
	w.must(m.Settle(w.t.Context(), ended(id, 200)))
	w.must(m.FoldNow(w.t.Context()))
	w.clock.forward(24 * time.Hour)
	w.must(m.CloseNow(w.t.Context()))
	return id
}

// What a partner reads of a day does not change when its calls are deleted; the receipt says why it is gone.
func TestDeletedCallsLeaveTheirTotals(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "100")
		m := w.run(w.closing())
		w.live(m, 0)
		w.clock.forward(time.Hour)
		w.must(m.Reap(t.Context()))
		id := w.past(m)
		before := w.books(m)
		w.clock.forward(meter.RefundWithin)
		w.must(m.DeleteNow(t.Context()))
		if _, _, err := m.Call(t.Context(), w.by(), id); err != nil {
			t.Errorf("deleted before the retention: %v", err)
		}
		w.clock.forward(48 * time.Hour)
		w.must(m.DeleteNow(t.Context()))
		_, _, err := m.Call(t.Context(), w.by(), id)
		if pontage.CodeOf(err) != pontage.NotFound || !strings.Contains(err.Error(), "kept for 31 days") {
			t.Errorf("got %v", err)
		}
		if _, err := m.Receipt(t.Context(), w.by(), id); pontage.CodeOf(err) != pontage.NotFound || !strings.Contains(err.Error(), "kept for 31 days") {
			t.Errorf("got %v", err)
		}
		if n := m.Counters().Deleted; n < 20 {
			t.Errorf("%d deleted", n)
		}
		w.equal(m)
		after := w.books(m)
		if len(after.Transactions) == 0 || len(after.Transactions) != len(before.Transactions) || after.Usage[w.lineage.ID].Usage != before.Usage[w.lineage.ID].Usage {
			t.Errorf("before %+v\nafter %+v", before.Transactions, after.Transactions)
		}
		for name, lines := range before.Statistics {
			if len(lines) != len(after.Statistics[name]) || len(lines) > 0 && lines[0].Usage != after.Statistics[name][0].Usage {
				t.Errorf("%s: before %+v, after %+v", name, lines, after.Statistics[name])
			}
		}
	})
}

// A call that may be deleted soon is not refunded any more.
func TestOldCallsAreNotRefunded(t *testing.T) {
	w := newTown(t, storagetest.Open(t, storagetest.SQLite(t)), "1")
	m := w.run(w.meter(nil))
	young, old := w.admit(m, priced), w.admit(m, priced)
	for _, id := range []pontage.CallID{young, old} {
		w.must(m.Settle(t.Context(), ended(id, 200)))
	}
	w.clock.forward(meter.RefundWithin)
	w.must(m.Refund(t.Context(), ended(young, 502)))
	w.clock.forward(time.Second)
	if err := m.Refund(t.Context(), ended(old, 502)); pontage.CodeOf(err) != pontage.Conflict {
		t.Errorf("got %v", err)
	}
	w.must(m.Refund(t.Context(), ended(young, 502))) // again
	w.wallet("0.99", "0")
}

// A closing holds under the key it was signed with, also behind a newer one, and under no other.
func TestClosedDaysFitTheirKeys(t *testing.T) {
	w := newTown(t, storagetest.Open(t, storagetest.SQLite(t)), "1")
	first, second := pontage.NewKey("k1"), pontage.NewKey("k2")
	w.past(w.run(w.closing(first)))
	w.past(w.run(w.closing(second, first)))
	w.equal(w.closing(second, first))
	for name, keys := range map[string][]pontage.Key{"lost": {second}, "other": {second, pontage.NewKey("k1")}} {
		found, err := w.closing(keys...).Verify(t.Context())
		w.must(err)
		if len(found) != 1 || found[0].What != "closed day signature" || found[0].Key != "2026-11-20" || found[0].Stored != "signed with k1" {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

// While the books differ, nothing that could explain it is deleted.
func TestNothingIsDeletedWhileTheBooksDiffer(t *testing.T) {
	w := newTown(t, storagetest.Open(t, storagetest.SQLite(t)), "1")
	m := w.run(w.closing())
	w.past(m)
	w.clock.forward(1000 * time.Hour)
	change := func(by pontage.Money) {
		w.must(w.store.Write(t.Context(), func(tx pontage.Tx) error {
			wallet, err := tx.LockWallet(t.Context(), w.account)
			if err != nil {
				return err
			}
			wallet.Balance += by
			return tx.UpdateWallet(t.Context(), *wallet)
		}))
	}
	change(1)
	if ran, err := m.VerifyIfDue(t.Context(), time.Hour); !ran || err != nil {
		t.Fatal(ran, err)
	}
	w.must(m.DeleteNow(t.Context()))
	if n := m.Counters().Deleted; n != 0 {
		t.Errorf("%d deleted", n)
	}
	change(-1)
	w.equal(m)
	w.must(m.DeleteNow(t.Context()))
	if n := m.Counters().Deleted; n != 1 {
		t.Errorf("%d deleted", n)
	}
}

// However many instances look after it, verify runs once in its time, and every instance knows the result.
func TestVerifyRunsOnceInItsTime(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		first, second := w.closing(), w.closing()
		due := func(m *meter.Meter, want bool) {
			t.Helper()
			if ran, err := m.VerifyIfDue(t.Context(), 24*time.Hour); ran != want || err != nil {
				t.Errorf("ran %v, %v", ran, err)
			}
		}
		due(first, true)
		due(second, false)
		s, err := second.Standing(t.Context())
		if err != nil || !s.Verification.FinishedAt.Equal(w.clock.Now()) || s.Verification.Differences != 0 || s.ClosedDay != "" {
			t.Errorf("%+v, %v", s, err)
		}
		w.clock.forward(24 * time.Hour)
		// One begins and dies: another takes over once the claim is old.
		w.must(w.store.Write(t.Context(), func(tx pontage.Tx) error {
			_, err := tx.BeginVerification(t.Context(), w.clock.Now(), w.clock.Now())
			return err
		}))
		due(second, false)
		w.clock.forward(7 * time.Hour)
		due(second, true)
	})
}
