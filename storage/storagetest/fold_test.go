package storagetest_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// counting is a small fold rule for these suites: the account's line and the day's line.
func counting(tail pontage.Tail) pontage.FoldChanges {
	lines := map[pontage.AccountID]*pontage.Usage{}
	days := map[pontage.AccountID]*pontage.UsageDay{}
	at := func(c pontage.Call) (*pontage.Usage, *pontage.UsageDay) {
		if lines[c.AccountID] == nil {
			lines[c.AccountID] = &pontage.Usage{}
			days[c.AccountID] = &pontage.UsageDay{AccountID: c.AccountID, Day: pontage.DayOf(c.DecidedAt), Host: c.Host, FirstAt: c.DecidedAt}
		}
		return lines[c.AccountID], days[c.AccountID]
	}
	for _, c := range tail.Calls {
		u, d := at(c)
		u.TotalRequests++
		u.WalletRequests++
		u.WalletAmount += c.Price
		d.Amount += c.Price
		d.Requests++
	}
	for _, e := range tail.Outcomes {
		if e.Outcome.Kind == pontage.OutcomeReleased {
			u, d := at(e.Call)
			u.WalletRequests--
			u.ErrorRequests++
			u.WalletAmount -= e.Call.Price
			d.Amount -= e.Call.Price
			d.Requests--
		}
	}
	var changes pontage.FoldChanges
	for id, u := range lines {
		key := pontage.StatisticKey{AccountID: id, Dimension: pontage.ByAccount}
		changes.Statistics = append(changes.Statistics, pontage.StatisticDelta{StatisticKey: key, Usage: *u})
		changes.Days = append(changes.Days, *days[id])
	}
	return changes
}

// seen is what a reader knows at one moment: folded plus tail.
func seen(ctx context.Context, store *storage.Store, account pontage.AccountID) (sum pontage.Usage, err error) {
	err = store.Read(ctx, func(r pontage.Reader) error {
		lines, err := r.StatisticLines(ctx, pontage.StatisticQuery{AccountID: account, Dimension: pontage.ByAccount})
		if err != nil {
			return err
		}
		tail, err := r.Tail(ctx, account)
		if err != nil {
			return err
		}
		sum = pontage.Usage{}
		for _, l := range lines {
			sum = plus(sum, l.Usage)
		}
		for _, d := range counting(tail).Statistics {
			sum = plus(sum, d.Usage)
		}
		return nil
	})
	return sum, err
}

func plus(a, b pontage.Usage) pontage.Usage {
	return pontage.Usage{
		TotalRequests: a.TotalRequests + b.TotalRequests, WalletRequests: a.WalletRequests + b.WalletRequests,
		ErrorRequests: a.ErrorRequests + b.ErrorRequests, WalletAmount: a.WalletAmount + b.WalletAmount,
	}
}

// A partner who looks at the statistics while calls go through must see every call that was answered, and none twice, whatever
// instances write and fold.
func TestFoldedAndTailAreExactWhileEverythingRuns(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		stores := []*storage.Store{open(), open()}
		who := newTenant(t, stores[0], 1_000_000)
		var asked, answered, released, folded atomic.Int64
		writers, watchers := errgroup.Group{}, errgroup.Group{}
		done := make(chan struct{})
		for i := range 8 {
			writers.Go(func() error {
				for n := range 15 {
					c := who.call(3, start)
					asked.Add(1)
					if ok, err := reserve(t.Context(), stores[i%2], who, c); err != nil || !ok {
						return err
					}
					answered.Add(1)
					kind := pontage.OutcomeSettled
					if n%3 == 0 {
						kind = pontage.OutcomeReleased
						released.Add(1)
					}
					if _, err := end(t.Context(), stores[(i+1)%2], who, c, kind, 200); err != nil {
						return err
					}
				}
				return nil
			})
		}
		for i := range 4 {
			watchers.Go(func() error {
				for over := false; !over; {
					select {
					case <-done:
						over = true
					default:
					}
					if i < 2 {
						n, err := stores[i].Fold(t.Context(), 7, counting)
						if err != nil {
							return err
						}
						folded.Add(int64(n))
						continue
					}
					before := answered.Load()
					u, err := seen(t.Context(), stores[i%2], who.account)
					if after := asked.Load(); err == nil && (u.TotalRequests < before || u.TotalRequests > after) {
						t.Errorf("saw %d calls where %d were answered before and %d asked after", u.TotalRequests, before, after)
					}
					if err != nil {
						return err
					}
				}
				return nil
			})
		}
		err := writers.Wait()
		close(done)
		if err := first(err, watchers.Wait()); err != nil {
			t.Fatal(err)
		}
		foldAll(t, stores[0], counting, &folded)
		want := pontage.Usage{TotalRequests: 120, WalletRequests: 120 - released.Load(), ErrorRequests: released.Load(),
			WalletAmount: 3 * pontage.Money(120-released.Load())}
		got, err := seen(t.Context(), stores[1], who.account)
		if diff := cmp.Diff(want, got); diff != "" || err != nil || folded.Load() != 240 {
			t.Error(folded.Load(), diff, err)
		}
		tail, err := stores[1].Tail(t.Context(), who.account)
		if len(tail.Calls)+len(tail.Outcomes) != 0 || err != nil {
			t.Errorf("left over: %d calls, %d outcomes, %v", len(tail.Calls), len(tail.Outcomes), err)
		}
	})
}

func foldAll(t testing.TB, store *storage.Store, count func(pontage.Tail) pontage.FoldChanges, folded *atomic.Int64) {
	t.Helper()
	for {
		n, err := store.Fold(t.Context(), 100, count)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		folded.Add(int64(n))
	}
}

// An outcome must never be counted before its call, or a line would for a moment show less than nothing.
func TestAnOutcomeIsNotFoldedBeforeItsCall(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 100)
		var calls []pontage.Call
		for range 5 {
			c := who.call(1, start)
			calls = append(calls, c)
			if _, err := reserve(t.Context(), store, who, c); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := end(t.Context(), store, who, calls[4], pontage.OutcomeReleased, 503); err != nil {
			t.Fatal(err)
		}
		counted := map[pontage.CallID]bool{}
		total := 0
		for range 5 {
			n, err := store.Fold(t.Context(), 1, func(tail pontage.Tail) pontage.FoldChanges {
				for _, c := range tail.Calls {
					counted[c.ID] = true
				}
				for _, e := range tail.Outcomes {
					if !counted[e.Outcome.CallID] {
						t.Error("an outcome came before its call")
					}
				}
				return counting(tail)
			})
			if total += n; err != nil {
				t.Fatal(err)
			}
		}
		if total != 6 {
			t.Errorf("folded %d of 6 rows", total)
		}
	})
}

// What a call holds must come back when nobody ends the call, whether the fold has passed it or not, and only then.
func TestExpiredCallsAreFoundFoldedOrNot(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 1000)
		late, soon := who.call(1, start.Add(time.Second)), who.call(1, start)
		settled, forever := who.call(1, start), who.call(1, start.Add(time.Hour))
		for _, c := range []pontage.Call{late, soon, settled, forever} {
			if _, err := reserve(t.Context(), store, who, c); err != nil {
				t.Fatal(err)
			}
		}
		look := func(when string, want ...pontage.Call) {
			t.Helper()
			got, err := store.ExpiredCalls(t.Context(), start.Add(2*time.Minute), 10)
			var ids, wanted []pontage.CallID
			for _, c := range got {
				ids = append(ids, c.ID)
			}
			for _, c := range want {
				wanted = append(wanted, c.ID)
			}
			if diff := cmp.Diff(wanted, ids); diff != "" || err != nil {
				t.Error(when, diff, err)
			}
		}
		foldNow := func() {
			if _, err := store.Fold(t.Context(), 100, counting); err != nil {
				t.Fatal(err)
			}
		}
		look("open", soon, settled, late)
		foldNow()
		look("folded", soon, settled, late)
		if _, err := end(t.Context(), store, who, settled, pontage.OutcomeSettled, 200); err != nil {
			t.Fatal(err)
		}
		look("ended", soon, late)
		foldNow()
		look("ended and folded", soon, late)
		if got, err := store.ExpiredCalls(t.Context(), start.Add(2*time.Minute), 1); len(got) != 1 || err != nil {
			t.Errorf("a limit of one gave %d, %v", len(got), err)
		}
	})
}

// A mistake in the counting rule must not move the watermark: the rows would be lost to the books.
func TestAFailedFoldIsRepeatedWhole(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		who := newTenant(t, store, 100)
		if _, err := reserve(t.Context(), store, who, who.call(1, start)); err != nil {
			t.Fatal(err)
		}
		spoiled := func(tail pontage.Tail) pontage.FoldChanges {
			changes := counting(tail)
			changes.Days[0].FirstAt = time.Time{} // refused by the database, after the statistics were written
			return changes
		}
		if n, err := store.Fold(t.Context(), 10, spoiled); n != 0 || err == nil {
			t.Fatalf("folded %d, %v", n, err)
		}
		if n, err := store.Fold(t.Context(), 10, counting); n != 1 || err != nil {
			t.Fatalf("folded %d, %v", n, err)
		}
		u, err := seen(t.Context(), store, who.account)
		if u.TotalRequests != 1 || err != nil {
			t.Errorf("%+v, %v", u, err)
		}
	})
}
