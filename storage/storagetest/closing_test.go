package storagetest_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
)

// seal signs with what it saw, so that a reader can see whether it sees the same.
func seal(c pontage.Closing, before []byte, totals []pontage.ClosedTotal) (string, []byte) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d %d %d %x %+v", c.Day, c.Previous, c.Calls, c.Outcomes, c.FirstOpen, before, totals))
	return "k", sum[:]
}

func day(n int) pontage.Period { return pontage.DayOf(start.AddDate(0, 0, n)) }

// rest ends what is open and folds everything.
func (y *year) rest() {
	y.t.Helper()
	for len(y.open) > 0 {
		y.batch(0)
	}
	foldAll(y.t, y.store, meter.Fold, new(atomic.Int64))
}

func (y *year) closeDays(through pontage.Period) *pontage.Closing {
	y.t.Helper()
	c, err := y.store.CloseDays(y.t.Context(), through, seal)
	if err != nil {
		y.t.Fatal(err)
	}
	return c
}

// delete deletes a step and forgets what is gone, as nobody ends so old a call any more.
func (y *year) delete(before time.Time, limit int) int {
	y.t.Helper()
	n, err := y.store.DeleteCalls(y.t.Context(), before, limit)
	if err != nil {
		y.t.Fatal(err)
	}
	for id := range y.settled {
		if _, _, err := y.store.Call(y.t.Context(), id); pontage.CodeOf(err) == pontage.NotFound {
			delete(y.settled, id)
		}
	}
	return n
}

// sealsHold reads all closings back and signs them again.
func sealsHold(t *testing.T, store *storage.Store) (closings, totals int) {
	t.Helper()
	var before pontage.Closing
	err := store.Read(t.Context(), func(r pontage.Reader) error {
		return r.Closings(t.Context(), func(c pontage.Closing, all []pontage.ClosedTotal) error {
			_, want := seal(c, before.Signature, all)
			if c.Previous != before.Day || c.KeyID != "k" || !bytes.Equal(c.Signature, want) {
				t.Errorf("%s after %s: %x, want %x", c.Day, before.Day, c.Signature, want)
			}
			before, closings, totals = c, closings+1, totals+len(all)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return closings, totals
}

// The books must be proved equal at any moment of any history, whatever was closed and deleted on the way: calls that come late for a
// closed day, refunds of closed calls, folds that lag, and steps of any length.
func TestTheBooksAreEqualWhateverIsClosedAndDeleted(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		closed, deleted := 0, 0
		for seed := range uint64(3) {
			random := rand.New(rand.NewPCG(seed, 7))
			y := newYear(t, store, 10+seed)
			last := -1
			if c, err := store.LastClosing(t.Context()); err == nil {
				for day(last) < c.Day {
					last++
				}
			}
			for range 25 {
				y.step()
				switch random.IntN(5) {
				case 0:
					if _, err := store.Fold(t.Context(), 1+random.IntN(9), meter.Fold); err != nil {
						t.Fatal(err)
					}
				case 1, 2:
					y.rest()
					through := last + 1 + random.IntN(8)
					if c := y.closeDays(day(through)); c != nil {
						closed, last = closed+1, through
					}
				case 3:
					deleted += y.delete(start.AddDate(0, 0, random.IntN(90)), 1+random.IntN(400))
				}
				mustEqual(t, store)
			}
			y.rest()
		}
		closings, totals := sealsHold(t, store)
		if closings != closed || closed < 5 || deleted < 20 {
			t.Errorf("%d closings, %d of ours, %d calls deleted", closings, closed, deleted)
		}
		mustEqual(t, store)
		t.Logf("%d closings with %d totals, %d calls deleted", closings, totals, deleted)
	})
}

// A day must not be closed while something of it can still happen.
func TestADayStaysOpenUntilItIsWhole(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		refused := func(when string) {
			t.Helper()
			if c, err := store.CloseDays(t.Context(), day(0), seal); c != nil || err != nil {
				t.Errorf("%s: %+v, %v", when, c, err)
			}
		}
		refused("no call ever")
		who := newTenant(t, store, 100)
		c, other := who.call(1, start), who.call(1, start.AddDate(0, 0, 1))
		for _, call := range []pontage.Call{other, c} {
			if ok, err := reserve(t.Context(), store, who, call); err != nil || !ok {
				t.Fatal(ok, err)
			}
		}
		refused("not folded")
		foldAll(t, store, meter.Fold, new(atomic.Int64))
		refused("open")
		if _, err := end(t.Context(), store, who, c, pontage.OutcomeSettled, 200); err != nil {
			t.Fatal(err)
		}
		refused("end not folded")
		foldAll(t, store, meter.Fold, new(atomic.Int64))
		closing, err := store.CloseDays(t.Context(), day(0), seal)
		if err != nil || closing == nil || closing.FirstOpen != 1 || closing.Previous != "" || !closing.ClosedAt.Equal(start) {
			t.Fatalf("%+v, %v", closing, err)
		}
		refused("closed already")
		mustEqual(t, store)
		if n, err := store.DeleteCalls(t.Context(), start.AddDate(1, 0, 0), 10); n != 1 || err != nil {
			t.Errorf("deleted %d, %v: the other day is open", n, err)
		}
		if _, _, err := store.Call(t.Context(), c.ID); pontage.CodeOf(err) != pontage.NotFound {
			t.Errorf("the call is %v", err)
		}
		for _, through := range []pontage.Period{"", "2026", "2026-11", "2026-02-30"} {
			if _, err := store.CloseDays(t.Context(), through, seal); pontage.CodeOf(err) != pontage.InvalidInput {
				t.Errorf("%q: %v", through, err)
			}
		}
		if _, err := store.DeleteCalls(t.Context(), start, 0); pontage.CodeOf(err) != pontage.InvalidInput {
			t.Error(err)
		}
		mustEqual(t, store)
	})
}

// A call that a refund came for after its day was closed must stay until a closing holds the refund too.
func TestALateRefundKeepsItsCallUntilItIsClosed(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		y := newYear(t, store, 4)
		for len(y.settled) < 3 {
			y.step()
		}
		y.rest()
		y.closeDays(day(90))
		for n := len(y.settled); len(y.settled) == n; {
			y.batch(0)
		}
		mustEqual(t, store)
		all := 0
		for n := y.delete(start.AddDate(1, 0, 0), 7); n > 0; n = y.delete(start.AddDate(1, 0, 0), 7) {
			all += n
			mustEqual(t, store)
		}
		y.rest()
		if c := y.closeDays(day(91)); c == nil {
			t.Fatal("not closed")
		}
		mustEqual(t, store)
		if n := y.delete(start.AddDate(1, 0, 0), 7); n != 1 || all == 0 {
			t.Errorf("%d calls went before the refund was closed, %d after", all, n)
		}
		mustEqual(t, store)
		sealsHold(t, store)
	})
}

// Instances that close at the same moment must make one closing, and instances that delete must delete once.
func TestInstancesCloseTogetherOnce(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		y := newYear(t, store, 5)
		for range 10 {
			y.step()
		}
		y.rest()
		var made atomic.Int64
		together := errgroup.Group{}
		for i := range 8 {
			together.Go(func() error {
				c, err := store.CloseDays(t.Context(), day(30+i), seal)
				if c != nil {
					made.Add(1)
				}
				return err
			})
			together.Go(func() error {
				_, err := store.DeleteCalls(t.Context(), start.AddDate(0, 0, 20), 15)
				return err
			})
		}
		if err := together.Wait(); err != nil {
			t.Fatal(err)
		}
		mustEqual(t, store)
		if closings, _ := sealsHold(t, store); closings != int(made.Load()) || closings == 0 {
			t.Errorf("%d closings, %d answered", closings, made.Load())
		}
	})
}

// Verify runs once for all instances: the one that begins it keeps the others from it.
func TestAVerificationBeginsOnceAndIsKept(t *testing.T) {
	each(t, func(t *testing.T, store *storage.Store) {
		if v, err := store.LastVerification(t.Context()); err != nil || *v != (pontage.Verification{}) {
			t.Fatalf("%+v, %v", v, err)
		}
		var began atomic.Int64
		together := errgroup.Group{}
		for range 6 {
			together.Go(func() error {
				return store.Write(context.Background(), func(tx pontage.Tx) error {
					ok, err := tx.BeginVerification(t.Context(), start, start.Add(-time.Hour))
					if ok {
						began.Add(1)
					}
					return err
				})
			})
		}
		if err := together.Wait(); err != nil || began.Load() != 1 {
			t.Fatal(began.Load(), err)
		}
		want := pontage.Verification{StartedAt: start, FinishedAt: start.Add(3 * time.Second), Elapsed: 3 * time.Second, Differences: 2}
		write(t, store, func(tx pontage.Tx) error { return tx.FinishVerification(t.Context(), want) })
		if v, err := store.LastVerification(t.Context()); err != nil || *v != want {
			t.Errorf("%+v, %v", v, err)
		}
	})
}
