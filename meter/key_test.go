package meter_test

import (
	"sync"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// keyed is a call of the priced scope under a key.
func (w *town) keyed(id pontage.IdempotencyID, fingerprint string) pontage.Attempt {
	a := w.attempt(priced)
	a.Key = &pontage.CallKey{ID: id, Fingerprint: fingerprint}
	return a
}

// want expects a refusal with this code, or admission for an empty one, and what it cost.
func (w *town) want(d *pontage.Decision, code pontage.Code, charged string) *pontage.Decision {
	w.t.Helper()
	var got pontage.Code
	if d.Refusal != nil {
		got = d.Refusal.Code
	}
	if got != code || d.Admitted != (code == "") || d.Charged.String() != charged {
		w.t.Fatalf("want %q at %s, got %+v", code, charged, d)
	}
	return d
}

// A partner who repeats a call because its answer was lost must not pay twice, and must not get a call for nothing.
func TestCallsUnderOneKeyAreChargedOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		m, ctx := w.run(w.meter(nil)), t.Context()
		first := w.want(w.reserve(m, w.keyed("k", "f")), "", "0.01")
		d := w.want(w.reserve(m, w.keyed("k", "f")), pontage.KeyInProgress, "0")
		if d.Refusal.RetryAfter <= 0 || d.Limit != "idempotencyKey" {
			t.Errorf("in progress: %+v", d)
		}
		w.must(m.Settle(ctx, meter.Ending{CallID: first.CallID, Status: 200}))
		again := w.want(w.reserve(m, w.keyed("k", "f")), "", "0")
		if again.CallID == first.CallID || again.Payer != pontage.PayerWallet || again.Repeats != first.CallID {
			t.Errorf("repeat: %+v", again)
		}
		w.must(m.Settle(ctx, meter.Ending{CallID: again.CallID, Status: 200}))
		w.want(w.reserve(m, w.keyed("k", "g")), pontage.KeyReused, "0")
		w.want(w.reserve(m, w.keyed("other", "f")), "", "0.01")
		w.wallet("0.99", "0.01")
		if u := w.usage(); u.TotalRequests != 3 || u.WalletRequests != 2 || u.WalletAmount != money("0.02") {
			t.Errorf("usage %+v", u)
		}
		receipt, err := m.Receipt(ctx, w.by(), again.CallID)
		w.must(err)
		if n := len(receipt.Checks); receipt.Charged != 0 || n == 0 || receipt.Checks[n-1] != (meter.Check{Name: "idempotencyKey", Passed: true}) {
			t.Errorf("receipt %+v", receipt)
		}
		w.clock.forward(pontage.IdempotencyLifetime)
		w.want(w.reserve(m, w.keyed("k", "g")), "", "0.01")
		w.equal(m)
	})
}

// What was given back was not paid, so it must not make the next call free.
func TestAKeyIsFreeAgainOnceItsCallIsGivenBack(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "1")
		m, ctx := w.run(w.meter(nil)), t.Context()
		released := w.want(w.reserve(m, w.keyed("k", "f")), "", "0.01")
		w.must(m.Release(ctx, meter.Ending{CallID: released.CallID, Code: pontage.BadGateway}))
		refunded := w.want(w.reserve(m, w.keyed("k", "f")), "", "0.01")
		w.must(m.Settle(ctx, meter.Ending{CallID: refunded.CallID, Status: 200}))
		w.must(m.Refund(ctx, meter.Ending{CallID: refunded.CallID, Code: pontage.BadGateway}))
		w.wallet("1", "0")
		third := w.want(w.reserve(m, w.keyed("k", "other")), "", "0.01")
		w.must(m.Settle(ctx, meter.Ending{CallID: third.CallID, Status: 200}))
		failed := w.want(w.reserve(m, w.keyed("k", "other")), "", "0")
		w.must(m.Release(ctx, meter.Ending{CallID: failed.CallID, Code: pontage.BadGateway}))
		w.want(w.reserve(m, w.keyed("k", "other")), "", "0") // the repeat failed, what was paid is still paid
		w.wallet("0.99", "0")
		w.equal(m)
	})
}

// A repeat is a call of its own: whoever may not call may not repeat, and an empty wallet does not hinder who has paid.
func TestARepeatNeedsALiveTokenAndNoCredit(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "0.01")
		m, ctx := w.run(w.meter(nil)), t.Context()
		first := w.want(w.reserve(m, w.keyed("k", "f")), "", "0.01")
		w.must(m.Settle(ctx, meter.Ending{CallID: first.CallID, Status: 200}))
		w.want(w.reserve(m, w.attempt(priced)), pontage.InsufficientCredit, "0")
		w.want(w.reserve(m, w.keyed("k", "f")), "", "0")
		w.must(w.store.Write(ctx, func(tx pontage.Tx) error {
			_, err := tx.RevokeLineage(ctx, w.lineage.ID, w.clock.Now())
			return err
		}))
		w.want(w.reserve(m, w.keyed("k", "f")), pontage.TokenRevoked, "0")
		w.equal(m)
	})
}

// A hundred at once under one key, on two instances: one pays, and nobody gets through before it has.
func TestOfAHundredUnderOneKeyOnePays(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newTown(t, open(), "5")
		meters := []*meter.Meter{w.run(w.meter(nil)), w.run(w.meter(open()))}
		all := func() map[string]int {
			var mutex sync.Mutex
			var group sync.WaitGroup
			got := map[string]int{}
			for i := range 100 {
				group.Go(func() {
					d, err := meters[i%2].Reserve(t.Context(), w.keyed("k", "f"))
					mutex.Lock()
					defer mutex.Unlock()
					switch {
					case err != nil:
						t.Error(err)
					case d.Admitted && d.Repeats == "":
						got["paid"]++
						got[string(d.CallID)]++
					case d.Admitted:
						got["repeated"]++
					default:
						got[string(d.Refusal.Code)]++
					}
				})
			}
			group.Wait()
			return got
		}
		got := all()
		if got["paid"] != 1 || got[string(pontage.KeyInProgress)] != 99 {
			t.Fatalf("at first: %v", got)
		}
		for id := range got {
			if call, _, err := w.store.Call(t.Context(), pontage.CallID(id)); err == nil {
				w.must(meters[0].Settle(t.Context(), meter.Ending{CallID: call.ID, Status: 200}))
			}
		}
		if got := all(); got["repeated"] != 100 {
			t.Errorf("afterwards: %v", got)
		}
		w.wallet("4.99", "0")
		w.equal(meters[0])
	})
}
