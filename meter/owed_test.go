package meter_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// cutStore is a database whose connection breaks: once after a commit that nobody is told about, and from then on until it is back.
type cutStore struct {
	meter.Store
	// cutNext lets the next commit pass and loses the word of it.
	cutNext, away atomic.Bool
	// loseNext breaks it before the next commit instead, which never happens.
	loseNext atomic.Bool
}

var errLost = errors.New("lost before the commit")

func (s *cutStore) Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error {
	if s.away.Load() {
		return pontage.E(pontage.Unavailable, "The database is away.")
	}
	if s.loseNext.CompareAndSwap(true, false) {
		err := storagetest.Batch(ctx, s.Store, keys, func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
			_, err := decide(state)
			return nil, errors.Join(errLost, err)
		})
		return pontage.E(pontage.Unavailable, "The connection broke.").Because(errors.Join(pontage.ErrUnknownOutcome, err))
	}
	if s.cutNext.CompareAndSwap(true, false) {
		err := storagetest.Batch(ctx, s.Store, keys, decide)
		s.away.Store(true)
		return pontage.E(pontage.Unavailable, "The connection broke.").Because(errors.Join(pontage.ErrUnknownOutcome, err))
	}
	return s.Store.Batch(ctx, keys, decide, durable)
}

func (s *cutStore) Call(ctx context.Context, id pontage.CallID) (*pontage.Call, []pontage.Outcome, error) {
	if s.away.Load() {
		return nil, nil, pontage.E(pontage.Unavailable, "The database is away.")
	}
	return s.Store.Call(ctx, id)
}

// within gives a context that ends after so long.
func within(t *testing.T, long time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), long)
	t.Cleanup(cancel)
	return ctx
}

// What a partner was told is free must become free, however long the database stays away: a settlement whose commit nobody saw, one that
// never happened, and an answer that broke off after it was charged.
func TestWhatIsOwedIsGivenBackOnceTheDatabaseIsBack(t *testing.T) {
	for name, c := range map[string]struct {
		settle, cut bool
		state       meter.ReceiptState
	}{
		"charged unseen": {settle: true, cut: true, state: meter.ReceiptRefunded},
		"charged":        {settle: true, state: meter.ReceiptRefunded},
		"never charged":  {state: meter.ReceiptReleased},
	} {
		t.Run(name, func(t *testing.T) {
			storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
				w := newTown(t, open(), "1")
				store := &cutStore{Store: w.store}
				m := w.run(w.meter(store))
				id := w.admit(m, priced)
				store.cutNext.Store(c.cut)
				if c.settle {
					patience := t.Context()
					if c.cut {
						patience = within(t, 50*time.Millisecond)
					}
					if err := m.Settle(patience, ended(id, 200)); (err != nil) != c.cut {
						t.Fatal(err)
					}
				}
				store.away.Store(true)
				for range 3 { // it may be asked for again
					if err := m.GiveBack(t.Context(), meter.Ending{CallID: id, Status: 200, Code: pontage.Unavailable}); pontage.CodeOf(err) != pontage.Unavailable {
						t.Fatal(err)
					}
				}
				if n := m.Counters().Owed; n != 1 {
					t.Errorf("%d are owed", n)
				}
				store.away.Store(false)
				w.must(m.Drain(within(t, 20*time.Second)))
				w.wallet("1", "0")
				r, err := m.Receipt(t.Context(), w.by(), id)
				w.must(err)
				if r.State != c.state || r.Charged != 0 {
					t.Errorf("%s, charged %s; want %s", r.State, r.Charged, c.state)
				}
				w.equal(m)
			})
		})
	}
}

// Behind another proxy a call is charged on admission. A partner who is told that it could not be decided pays nothing, unless the proxy
// asks once more and is told that it is paid.
func TestAnAdmissionNobodySawIsGivenBack(t *testing.T) {
	for name, again := range map[string]bool{"once": false, "asked again": true} {
		t.Run(name, func(t *testing.T) {
			storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
				w := newTown(t, open(), "1")
				store := &cutStore{Store: w.store}
				m := w.run(w.meter(store))
				a, held := w.attempt(priced), w.attempt(priced)
				a.Hold, a.Repeatable = 0, true
				store.cutNext.Store(true)
				if _, err := m.Reserve(t.Context(), a); pontage.CodeOf(err) != pontage.Unavailable {
					t.Fatal(err)
				}
				w.wallet("0.99", "0")
				if again {
					// The payer sleeps for a while between two tries; whoever is first wins, and the books follow.
					store.away.Store(false)
					d := w.reserve(m, a)
					w.must(m.Drain(within(t, 20*time.Second)))
					want := map[bool]string{true: "0.99", false: "1"}[d.Admitted]
					w.wallet(want, "0")
					w.equal(m)
					return
				}
				if _, err := m.Reserve(t.Context(), held); pontage.CodeOf(err) != pontage.Unavailable {
					t.Fatal(err)
				}
				if n := m.Counters().Owed; n != 1 {
					t.Errorf("%d are owed: what was never written is not", n)
				}
				store.away.Store(false)
				w.must(m.Drain(within(t, 20*time.Second)))
				w.wallet("1", "0")
				if got := w.usage(); got.WalletRequests != 0 || got.WalletAmount != 0 {
					t.Errorf("counted %+v", got)
				}
				w.equal(m)
			})
		})
	}
}

// An admission whose commit broke may never have come to the books. Then there is nothing to give back, and above all not what another
// call of the same wallet holds.
func TestAnAdmissionThatWasLostTakesNothingFromOthers(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		store := &cutStore{Store: w.store}
		m := w.run(w.meter(store))
		other := w.admit(m, priced)
		store.loseNext.Store(true)
		if _, err := m.Reserve(t.Context(), w.attempt(priced)); pontage.CodeOf(err) != pontage.Unavailable {
			t.Fatal(err)
		}
		w.must(m.Drain(within(t, 20*time.Second)))
		w.wallet("1", "0.01")
		w.must(m.Settle(t.Context(), ended(other, 200)))
		w.wallet("0.99", "0")
		w.equal(m)
	})
}

// A stop waits for what is owed as long as it may, says how much is left, and ends.
func TestDrainIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := meter.New(meter.Config{Store: deadStore{}, Clock: time.Now})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- m.Run(ctx) }()
		if err := m.Drain(t.Context()); err != nil {
			t.Errorf("nothing is owed: %v", err)
		}
		if err := m.GiveBack(t.Context(), ended("cal_1", 200)); pontage.CodeOf(err) != pontage.Unavailable {
			t.Errorf("got %v", err)
		}
		from := time.Now()
		short, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		if err := m.Drain(short); err == nil || time.Since(from) != 25*time.Second {
			t.Errorf("%v after %s", err, time.Since(from))
		}
		stop()
		if err := <-done; err != nil || time.Since(from) > 30*time.Second {
			t.Errorf("%v after %s", err, time.Since(from))
		}
	})
}
