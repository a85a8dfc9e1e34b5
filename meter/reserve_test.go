package meter_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// crowd reserves n priced calls at once, spread over the meters, and counts the answers.
func crowd(w *town, n int, meters ...*meter.Meter) (admitted []pontage.CallID, refused map[pontage.Code]int) {
	w.t.Helper()
	type answer struct {
		d   *pontage.Decision
		err error
	}
	answers := make([]answer, n)
	var start, all sync.WaitGroup
	start.Add(1)
	for i := range n {
		all.Go(func() {
			a := w.attempt(priced)
			start.Wait()
			answers[i].d, answers[i].err = meters[i%len(meters)].Reserve(w.t.Context(), a)
		})
	}
	start.Done()
	all.Wait()
	refused = map[pontage.Code]int{}
	for _, a := range answers {
		switch {
		case a.err != nil:
			w.t.Errorf("error instead of a decision: %v", a.err)
		case a.d.Admitted:
			admitted = append(admitted, a.d.CallID)
		default:
			refused[a.d.Refusal.Code]++
		}
	}
	return admitted, refused
}

// A wallet that pays for a hundred calls pays for a hundred, whoever asks at once.
func TestAThousandCallsOnAWalletWorthAHundred(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		w.exactlyAHundred(w.run(w.meter(nil)))
	})
}

// Two instances on one database are as exact as one.
func TestAThousandCallsOverTwoInstances(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		w.exactlyAHundred(w.run(w.meter(nil)), w.run(w.meter(open())))
	})
}

func (w *town) exactlyAHundred(meters ...*meter.Meter) {
	w.t.Helper()
	admitted, refused := crowd(w, 1000, meters...)
	if len(admitted) != 100 || refused[pontage.InsufficientCredit] != 900 {
		w.t.Fatalf("%d admitted, refused %v", len(admitted), refused)
	}
	w.wallet("1", "1")
	var all sync.WaitGroup
	for i, id := range admitted {
		all.Go(func() {
			if err := meters[i%len(meters)].Settle(w.t.Context(), meter.Ending{CallID: id, Status: 200}); err != nil {
				w.t.Errorf("settle: %v", err)
			}
		})
	}
	all.Wait()
	w.wallet("0", "0")
	w.equal(meters[0])
	w.must(meters[0].FoldNow(w.t.Context()))
	w.equal(meters[0])
}

// A decision that admits and one that refuses both say what the partner must know.
func TestADecisionSaysWhatWasTaken(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "0.51")
		m := w.run(w.meter(nil))
		for i, want := range []pontage.Payer{pontage.PayerAllowance, pontage.PayerAllowance, pontage.PayerWallet} {
			d := w.reserve(m, w.attempt(allowed))
			if !d.Admitted || d.Payer != want {
				t.Fatalf("%d: %+v", i, d)
			}
		}
		w.wallet("0.51", "0.5")
		d := w.reserve(m, w.attempt(allowed))
		if d.Admitted || d.Refusal.Code != pontage.InsufficientCredit || d.Limit != "wallet" || d.Left != "0.01" || d.Unit != "EUR" {
			t.Fatalf("%+v", d)
		}
		if d := w.reserve(m, w.attempt(free)); !d.Admitted || d.Payer != pontage.PayerNone || d.Charged != 0 {
			t.Fatalf("%+v", d)
		}
		if d := w.reserve(m, w.attempt(unpriced)); d.Refusal == nil || d.Refusal.Code != pontage.NotSellable {
			t.Fatalf("%+v", d)
		}
		w.equal(m)
	})
}

// A quote gives the decision and takes nothing.
func TestAQuoteTakesNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "0.01")
		m := w.run(w.meter(nil))
		for range 3 {
			d, err := m.Quote(t.Context(), w.attempt(priced))
			if err != nil || !d.Admitted || d.Charged != money("0.01") {
				t.Fatalf("%+v %v", d, err)
			}
		}
		w.wallet("0.01", "0")
		if w.usage() != (pontage.Usage{}) {
			t.Errorf("counted %+v", w.usage())
		}
	})
}

// A revocation, and every other change of the token, binds the very next call, whatever admission remembers.
func TestARevocationIsSeenAtOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		m := w.run(w.meter(nil))
		w.admit(m, priced)
		changed := w.lineage
		changed.Version, changed.Name = 2, "renamed"
		w.must(w.store.Write(t.Context(), func(tx pontage.Tx) error { return tx.UpdateLineage(t.Context(), changed) }))
		if _, err := m.Reserve(t.Context(), w.attempt(priced)); !errors.Is(err, meter.ErrStale) {
			t.Fatalf("got %v", err)
		}
		w.lineage.Version = 2
		w.admit(m, priced)
		w.must(w.store.Write(t.Context(), func(tx pontage.Tx) error {
			_, err := tx.RevokeLineage(t.Context(), w.lineage.ID, w.clock.Now())
			return err
		}))
		if d := w.reserve(m, w.attempt(priced)); d.Admitted || d.Refusal.Code != pontage.TokenRevoked {
			t.Fatalf("%+v", d)
		}
		if c := m.Counters(); c.Stale != 1 || c.Refused[pontage.TokenRevoked] != 1 || c.Admitted != 2 {
			t.Errorf("%+v", c)
		}
	})
}

// An account that is disabled and a token whose time is over are refused by what the database says now.
func TestADisabledAccountAndAnExpiredTokenAreDead(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		m := w.run(w.meter(nil))
		disable := func(at time.Time) {
			w.must(w.store.Write(t.Context(), func(tx pontage.Tx) error {
				account, err := tx.Account(t.Context(), w.account)
				if err != nil {
					return err
				}
				account.DisabledAt = at
				return tx.UpdateAccount(t.Context(), *account)
			}))
		}
		disable(w.clock.Now())
		if d := w.reserve(m, w.attempt(priced)); d.Admitted || d.Refusal.Code != pontage.Unauthenticated {
			t.Fatalf("%+v", d)
		}
		disable(time.Time{})
		w.admit(m, priced)
		w.clock.forward(w.lineage.ExpiresAt.Sub(w.clock.Now()))
		if d := w.reserve(m, w.attempt(priced)); d.Admitted || d.Refusal.Code != pontage.TokenExpired {
			t.Fatalf("%+v", d)
		}
		stranger := w.attempt(priced)
		stranger.Admission.LineageID = "lin_unknown"
		if d := w.reserve(m, stranger); d.Admitted || d.Refusal.Code != pontage.Unauthenticated {
			t.Fatalf("%+v", d)
		}
	})
}

// A client that is disabled is shut out with its next call, on the instance that did it and on every other; its account goes on.
func TestTheTokensOfADisabledClientAreDeadAtOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		client, lineage := pontage.NewClientID(w.clock.Now()), w.lineage
		lineage.ID, lineage.TokenID, lineage.ClientID = pontage.NewLineageID(w.clock.Now()), pontage.NewTokenID(w.clock.Now()), client
		w.must(w.store.Write(t.Context(), func(tx pontage.Tx) error {
			err := tx.InsertClient(t.Context(), pontage.Client{ID: client, AccountID: w.account, Name: "shop", CreatedAt: w.clock.Now()})
			if err != nil {
				return err
			}
			return tx.InsertLineage(t.Context(), lineage)
		}))
		meters := []*meter.Meter{w.run(w.meter(nil)), w.run(w.meter(open()))}
		for _, at := range []time.Time{{}, w.clock.Now(), {}} {
			w.must(w.store.Write(t.Context(), func(tx pontage.Tx) error {
				return tx.UpdateClient(t.Context(), pontage.Client{ID: client, AccountID: w.account, Name: "shop", DisabledAt: at})
			}))
			for _, m := range meters {
				a := w.attempt(priced)
				a.Admission.LineageID, a.Admission.TokenID, a.Admission.ClientID = lineage.ID, lineage.TokenID, client
				if d := w.reserve(m, a); d.Admitted != at.IsZero() || !d.Admitted && d.Refusal.Code != pontage.Unauthenticated {
					t.Fatalf("disabled at %v: %+v", at, d)
				}
				w.admit(m, priced)
			}
		}
	})
}

// The same call id is charged once, however often a proxy repeats it, and buys nothing else.
func TestARepeatedCallIsChargedOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		meters := []*meter.Meter{w.run(w.meter(nil)), w.run(w.meter(open()))}
		a := w.attempt(priced)
		a.CallID, a.Repeatable, a.Hold = "proxy-request-1", true, 0
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				d, err := meters[i%2].Reserve(t.Context(), a)
				if err != nil || !d.Admitted || d.Payer != pontage.PayerWallet || d.Charged != money("0.01") {
					t.Errorf("%+v %v", d, err)
				}
			})
		}
		all.Wait()
		w.wallet("0.99", "0")
		if got := w.usage().TotalRequests; got != 1 {
			t.Errorf("counted %d", got)
		}
		other := w.attempt(free)
		other.CallID, other.Repeatable = a.CallID, true
		if d := w.reserve(meters[0], other); d.Admitted || d.Refusal.Code != pontage.Conflict {
			t.Errorf("%+v", d)
		}
		w.must(meters[0].Refund(t.Context(), meter.Ending{CallID: a.CallID, Code: pontage.BadGateway}))
		if d := w.reserve(meters[1], a); d.Admitted || d.Refusal.Code != pontage.Conflict {
			t.Errorf("a call that was paid back is free: %+v", d)
		}
		w.wallet("1", "0")
		w.equal(meters[0])
	})
}

// A refusal is logged with its reason; rate refusals and dead tokens are only counted.
func TestRefusalsAreLoggedWithinBounds(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "0")
		w.scopes[priced].RatePerMinute = 5
		m := w.run(w.meter(nil))
		for range 8 {
			if d := w.reserve(m, w.attempt(priced)); d.Refusal == nil || d.Refusal.Code != pontage.InsufficientCredit {
				t.Fatalf("%+v", d)
			}
		}
		w.clock.forward(2 * time.Minute)
		w.scopes[free].RatePerMinute = 1
		w.admit(m, free)
		if d := w.reserve(m, w.attempt(free)); d.Refusal == nil || d.Refusal.Code != pontage.RateLimited || d.Refusal.RetryAfter <= 0 {
			t.Fatalf("%+v", d)
		}
		entries, err := m.Errors(t.Context(), w.by(), nil, pontage.Page{Limit: 100})
		w.must(err)
		if len(entries) != 5 || entries[0].Status != 402 || entries[0].ScopeName != w.scopes[priced].Name {
			t.Errorf("%d entries: %+v", len(entries), entries)
		}
		if c := m.Counters(); c.Unlogged != 3 || c.Refused[pontage.InsufficientCredit] != 8 || c.Refused[pontage.RateLimited] != 1 {
			t.Errorf("%+v", c)
		}
	})
}

// A token whose calls the API keeps failing is slowed down.
func TestTooManyReleasedCallsAreRefused(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "10")
		m := w.run(meter.New(meter.Config{Store: w.store, Clock: w.clock.Now, MaxReleasesPerMinute: 3, FoldEvery: time.Hour, ReapEvery: time.Hour}))
		for range 4 {
			w.must(m.Release(t.Context(), meter.Ending{CallID: w.admit(m, priced), Status: 503}))
		}
		d := w.reserve(m, w.attempt(priced))
		if d.Admitted || d.Refusal.Code != pontage.RateLimited || d.Limit != "releases" {
			t.Fatalf("%+v", d)
		}
		w.admit(m, free)
		w.clock.forward(61 * time.Second)
		w.admit(m, priced)
	})
}

// A caller that gives up while its batch is written holds nothing.
func TestACallerThatLeavesHoldsNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		gate := &gatedStore{Store: w.store, entered: make(chan struct{}, 8), pass: make(chan struct{}, 8)}
		m := w.run(w.meter(gate))
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() {
			_, err := m.Reserve(ctx, w.attempt(priced))
			left <- err
		}()
		<-gate.entered
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
		gate.pass <- struct{}{} // the reservation is written after all
		<-gate.entered          // and its release follows
		w.wallet("1", "0.01")
		gate.pass <- struct{}{}
		close(gate.pass)
		w.admit(m, free) // the next batch is after the release
		w.wallet("1", "0")
		w.equal(m)
	})
}

// gatedStore lets batches wait before they are written.
type gatedStore struct {
	*storage.Store
	entered, pass chan struct{}
}

func (g *gatedStore) Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error {
	select {
	case g.entered <- struct{}{}:
	default:
	}
	<-g.pass
	return g.Store.Batch(ctx, keys, decide, durable)
}

// One call that cannot be written fails alone; those that share its batch are decided.
func TestAPoisonedCallFailsAlone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		gate := &gatedStore{Store: w.store, entered: make(chan struct{}, 64), pass: make(chan struct{})}
		m := w.run(w.meter(gate))
		taken := w.admitGated(m, gate)
		results := make(chan error, 11)
		go func() { _, err := m.Reserve(t.Context(), w.attempt(free)); results <- err }()
		<-gate.entered // this batch waits while the others gather behind it
		for i := range 10 {
			a := w.attempt(priced)
			if i == 4 {
				a.CallID = taken // an id that is in the log already, without being a repeat
			}
			if i == 7 {
				a.Match = &pontage.Match{Scope: a.Match.Scope} // a mistake of a caller
			}
			go func() { _, err := m.Reserve(t.Context(), a); results <- err }()
		}
		for m.Counters().Queued < 10 {
			runtime.Gosched()
		}
		close(gate.pass)
		failed := 0
		for range 11 {
			if err := <-results; err != nil {
				failed++
			}
		}
		if c := m.Counters(); failed != 2 || c.Isolated < 1 || c.Admitted != 10 {
			t.Errorf("%d failed, %+v", failed, c)
		}
		w.wallet("1", "0.09")
		w.equal(m)
	})
}

// admitGated admits one call through the gate.
func (w *town) admitGated(m *meter.Meter, gate *gatedStore) pontage.CallID {
	done := make(chan pontage.CallID)
	go func() { done <- w.admit(m, priced) }()
	<-gate.entered
	gate.pass <- struct{}{}
	return <-done
}

// A queue that is full says so at once, and so does a meter that has stopped.
func TestOverflowAndStopAreUnavailable(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		m := meter.New(meter.Config{Store: w.store, Clock: w.clock.Now, QueueLength: 1})
		ctx, stop := context.WithCancel(t.Context())
		waiting := make(chan error, 1)
		go func() { _, err := m.Reserve(t.Context(), w.attempt(priced)); waiting <- err }()
		for m.Counters().Queued < 1 {
			runtime.Gosched()
		}
		_, err := m.Reserve(t.Context(), w.attempt(priced))
		if pontage.CodeOf(err) != pontage.Unavailable || pontage.Public(err).RetryAfter <= 0 {
			t.Fatalf("got %v", err)
		}
		stop()
		w.must(m.Run(ctx)) // what was queued is written before Run returns
		w.must(<-waiting)
		w.wallet("1", "0.01")
		if _, err := m.Reserve(t.Context(), w.attempt(priced)); pontage.CodeOf(err) != pontage.Unavailable {
			t.Fatalf("got %v", err)
		}
	})
}
