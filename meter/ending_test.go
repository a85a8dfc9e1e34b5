package meter_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func ended(id pontage.CallID, status int) meter.Ending {
	return meter.Ending{CallID: id, Status: status, Elapsed: 12 * time.Millisecond}
}

// Every ending may be repeated and takes effect once; the wallet moves by the price and comes back by it.
func TestEndingsTakeEffectOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		m := w.run(w.meter(nil))
		ctx := t.Context()

		paid, failed := w.admit(m, priced), w.admit(m, priced)
		w.wallet("1", "0.02")
		for range 3 {
			w.must(m.Settle(ctx, ended(paid, 200)))
			w.must(m.Release(ctx, ended(failed, 503)))
		}
		w.wallet("0.99", "0")
		if code := pontage.CodeOf(m.Release(ctx, ended(paid, 503))); code != pontage.Conflict {
			t.Errorf("released what was settled: %s", code)
		}
		if code := pontage.CodeOf(m.Settle(ctx, ended(failed, 200))); code != pontage.Conflict {
			t.Errorf("settled what was released: %s", code)
		}
		for range 3 {
			w.must(m.Refund(ctx, meter.Ending{CallID: paid, Code: pontage.BadGateway}))
			w.must(m.Refund(ctx, meter.Ending{CallID: failed, Code: pontage.BadGateway}))
		}
		w.wallet("1", "0")
		if got, want := w.usage(), (pontage.Usage{TotalRequests: 2, ErrorRequests: 2}); got != want {
			t.Errorf("counted %+v", got)
		}
		if code := pontage.CodeOf(m.Settle(ctx, ended("cal_unknown", 200))); code != pontage.NotFound {
			t.Errorf("settled what is not there: %s", code)
		}
		waiting := w.admit(m, priced)
		if code := pontage.CodeOf(m.Refund(ctx, ended(waiting, 0))); code != pontage.Conflict {
			t.Errorf("refunded an open call: %s", code)
		}
		w.equal(m)
	})
}

// A call knows its rows without the memory of the instance that reserved it: after a restart, and on another instance.
func TestACallEndsOnAnotherInstance(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "2")
		first, second := w.run(w.meter(nil)), w.run(w.meter(open()))
		allowedCall, paid := w.admit(first, allowed), w.admit(first, priced)
		first.Forget()
		w.must(second.Release(t.Context(), ended(allowedCall, 502)))
		w.must(first.Settle(t.Context(), ended(paid, 404)))
		w.wallet("1.99", "0")
		if got := w.usage(); got.TotalRequests != 2 || got.ErrorRequests != 2 || got.WalletRequests != 1 {
			t.Errorf("counted %+v", got)
		}
		w.equal(first)
	})
}

// Settle and release of one call from two instances at once: one of them wins, and the books know which.
func TestSettleAndReleaseRace(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		first, second := w.run(w.meter(nil)), w.run(w.meter(open()))
		var settled, released, refused atomic.Int64
		var all sync.WaitGroup
		for range 40 {
			id := w.admit(first, priced)
			all.Go(func() { tally(t, first.Settle(t.Context(), ended(id, 200)), &settled, &refused) })
			all.Go(func() { tally(t, second.Release(t.Context(), ended(id, 503)), &released, &refused) })
		}
		all.Wait()
		if settled.Load()+released.Load() != 40 || refused.Load() != 40 {
			t.Errorf("%d settled, %d released, %d refused", settled.Load(), released.Load(), refused.Load())
		}
		spent := pontage.Money(settled.Load()) * money("0.01")
		w.wallet((money("1") - spent).String(), "0")
		w.equal(first)
	})
}

func tally(t *testing.T, err error, done, refused *atomic.Int64) {
	switch pontage.CodeOf(err) {
	case "":
		done.Add(1)
	case pontage.Conflict:
		refused.Add(1)
	default:
		t.Errorf("ended with %v", err)
	}
}

// A hold nobody ends comes back when it expires, on any instance; an ending after that is told so.
func TestTheReaperReturnsExpiredHolds(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		first, second := w.run(w.meter(nil)), w.run(w.meter(open()))
		ids := []pontage.CallID{w.admit(first, priced), w.admit(first, allowed), w.admit(first, priced)}
		w.must(first.Settle(t.Context(), ended(ids[0], 200)))
		w.clock.forward(59 * time.Second)
		w.must(second.Reap(t.Context()))
		w.wallet("0.99", "0.01")
		w.clock.forward(2 * time.Second)
		w.must(second.FoldNow(t.Context()))
		w.must(second.Reap(t.Context()))
		w.must(first.Reap(t.Context()))
		w.wallet("0.99", "0")
		if code := pontage.CodeOf(first.Settle(t.Context(), ended(ids[2], 200))); code != pontage.Conflict {
			t.Errorf("settled an expired hold: %s", code)
		}
		if c := second.Counters(); c.Reaped != 2 {
			t.Errorf("%+v", c)
		}
		w.equal(first)
	})
}

// Run folds and reaps by itself, without being asked.
func TestRunKeepsTheBooksByItself(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		m := w.run(meter.New(meter.Config{Store: w.store, Clock: w.clock.Now, FoldEvery: time.Millisecond, ReapEvery: time.Millisecond}))
		w.admit(m, priced)
		w.clock.forward(2 * time.Minute)
		for c := m.Counters(); c.Reaped < 1 || c.Folded < 2; c = m.Counters() {
			runtime.Gosched()
		}
		w.wallet("1", "0")
		w.equal(m)
	})
}

// Charged on admission, as behind another proxy: one transfer, and a refund by one of its own.
func TestForwardAuthChargesOnAdmission(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		m := w.run(w.meter(nil))
		a := w.attempt(priced)
		a.Hold = 0
		if d := w.reserve(m, a); !d.Admitted {
			t.Fatal(d.Refusal)
		}
		w.wallet("0.99", "0")
		w.must(m.Settle(t.Context(), ended(a.CallID, 200)))
		call, outcomes, err := m.Call(t.Context(), w.by(), a.CallID)
		w.must(err)
		if call.State != pontage.CallSettled || call.TransferID == "" || len(outcomes) != 0 {
			t.Errorf("%+v %+v", call, outcomes)
		}
		w.must(m.Refund(t.Context(), ended(a.CallID, 500)))
		w.wallet("1", "0")
		if got := w.usage(); got != (pontage.Usage{TotalRequests: 1, ErrorRequests: 1}) {
			t.Errorf("counted %+v", got)
		}
		w.equal(m)
		w.must(m.FoldNow(t.Context()))
		w.equal(m)
	})
}

// awayStore is a store whose database is away for some batches.
type awayStore struct {
	meter.Store
	away atomic.Int64
}

func (s *awayStore) Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error {
	if s.away.Add(-1) >= 0 {
		return pontage.E(pontage.Unavailable, "The database is away.")
	}
	return s.Store.Batch(ctx, keys, decide, durable)
}

// Reservations are refused at once while the database is away; endings are tried until it is back.
func TestEndingsOutliveAnAbsentDatabase(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		store := &awayStore{Store: w.store}
		m := w.run(w.meter(store))
		id := w.admit(m, priced)
		store.away.Store(1)
		_, err := m.Reserve(t.Context(), w.attempt(priced))
		if pontage.CodeOf(err) != pontage.Unavailable || pontage.Public(err).RetryAfter <= 0 {
			t.Fatalf("got %v", err)
		}
		store.away.Store(4)
		w.must(m.Settle(t.Context(), ended(id, 200)))
		w.wallet("0.99", "0")
		w.equal(m)
	})
}

// deadStore has no database at all.
type deadStore struct{ meter.Store }

func (deadStore) Batch(context.Context, pontage.BatchKeys, func(*pontage.BatchState) (*pontage.BatchChanges, error), func(error)) error {
	return pontage.E(pontage.Unavailable, "The database is away.")
}

func (deadStore) Call(context.Context, pontage.CallID) (*pontage.Call, []pontage.Outcome, error) {
	return nil, nil, pontage.E(pontage.Unavailable, "The database is away.")
}

func (deadStore) Fold(context.Context, int, func(pontage.Tail) pontage.FoldChanges) (int, error) {
	return 0, pontage.E(pontage.Unavailable, "The database is away.")
}

func (deadStore) ExpiredCalls(context.Context, time.Time, int) ([]pontage.Call, error) {
	return nil, pontage.E(pontage.Unavailable, "The database is away.")
}

func (deadStore) DueSubscriptions(context.Context, time.Time, int) ([]pontage.Subscription, error) {
	return nil, pontage.E(pontage.Unavailable, "The database is away.")
}

// An ending gives up after RetryFor, and a meter whose database never answers still stops when it is told to.
func TestEndingsGiveUpInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := meter.New(meter.Config{Store: deadStore{}, Clock: time.Now})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- m.Run(ctx) }()
		from := time.Now()
		err := m.Settle(t.Context(), ended("cal_1", 200))
		if took := time.Since(from); pontage.CodeOf(err) != pontage.Unavailable || took < 10*time.Second || took > 12*time.Second {
			t.Errorf("%v after %s", err, took)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := m.Settle(short, ended("cal_1", 200)); pontage.CodeOf(err) != pontage.Unavailable {
			t.Errorf("got %v", err)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
