package storagetest_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func record(id pontage.IdempotencyID, at time.Time) pontage.IdempotencyRecord {
	return pontage.IdempotencyRecord{ID: id, Fingerprint: []byte{0, 1, 255}, Answer: []byte{}, CreatedAt: at, ExpiresAt: at.Add(time.Hour)}
}

// A key that is taken must stay taken until it expires, and its answer must come back as it was kept.
func TestAKeyIsTakenUntilItExpires(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		if _, err := store.IdempotencyRecord(ctx, "k"); pontage.CodeOf(err) != pontage.NotFound {
			t.Fatalf("unknown key: %v", err)
		}
		insert := func(at time.Time) error {
			return store.Write(ctx, func(tx pontage.Tx) error {
				if err := tx.InsertIdempotencyRecord(ctx, record("k", at)); err != nil {
					return err
				}
				return tx.SetIdempotencyAnswer(ctx, "k", []byte{9, 0, 200})
			})
		}
		if err := insert(start); err != nil {
			t.Fatal(err)
		}
		want := record("k", start)
		want.Answer = []byte{9, 0, 200}
		got, err := open().IdempotencyRecord(ctx, "k")
		if diff := cmp.Diff(&want, got); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
		if err := insert(start.Add(time.Hour - time.Microsecond)); pontage.CodeOf(err) != pontage.Conflict {
			t.Errorf("a live key was taken again: %v", err)
		}
		if err := insert(start.Add(time.Hour)); err != nil {
			t.Errorf("an expired key is not free: %v", err)
		}
		unknown := func(tx pontage.Tx) error { return tx.SetIdempotencyAnswer(ctx, "other", nil) }
		if err := store.Write(ctx, unknown); pontage.CodeOf(err) != pontage.NotFound {
			t.Errorf("an answer without a key: %v", err)
		}
	})
}

// Of many units of work that claim one key at once, on two instances, one may commit; where it fails, the key must be free again.
func TestOneUnitOfWorkHasAKey(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		stores, ctx := []*storage.Store{open(), open()}, t.Context()
		broken := errors.New("broken")
		var won, lost, failed atomic.Int64
		var group errgroup.Group
		for i := range 20 {
			group.Go(func() error {
				err := stores[i%2].Write(ctx, func(tx pontage.Tx) error {
					if err := tx.InsertIdempotencyRecord(ctx, record("k", start)); err != nil || i%4 != 0 {
						return err
					}
					return broken
				})
				switch {
				case err == nil:
					won.Add(1)
				case errors.Is(err, broken):
					failed.Add(1)
				case pontage.CodeOf(err) == pontage.Conflict:
					lost.Add(1)
				default:
					return err
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			t.Fatal(err)
		}
		if won.Load() != 1 || won.Load()+lost.Load()+failed.Load() != 20 {
			t.Errorf("%d won, %d lost, %d failed", won.Load(), lost.Load(), failed.Load())
		}
	})
}

// A batch must find the call that was charged for a key, with its outcomes, and its last word on the key must stay.
func TestABatchFindsTheCallOfAKey(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		who := newTenant(t, store, 1000)
		c := who.call(7, start)
		if ok, err := reserve(ctx, store, who, c); err != nil || !ok {
			t.Fatal(ok, err)
		}
		key := pontage.KeyedCall{CallKey: pontage.CallKey{ID: "k", Fingerprint: "f"}, CallID: c.ID, ExpiresAt: start.Add(time.Hour)}
		old := key
		old.CallID = "cal_0"
		for _, put := range [][]pontage.KeyedCall{{old}, {old, key}} {
			err := storagetest.Batch(ctx, store, pontage.BatchKeys{Now: start}, func(*pontage.BatchState) (*pontage.BatchChanges, error) {
				return &pontage.BatchChanges{KeyedCalls: put}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if ok, err := end(ctx, store, who, c, pontage.OutcomeSettled, 200); err != nil || !ok {
			t.Fatal(ok, err)
		}
		keys := pontage.BatchKeys{Now: start, CallKeys: []pontage.IdempotencyID{"none", "k", "k"}}
		err := storagetest.Batch(ctx, open(), keys, func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
			want := map[pontage.IdempotencyID]*pontage.KeyedCall{"k": &key}
			if diff := cmp.Diff(want, state.KeyedCalls); diff != "" {
				t.Error(diff)
			}
			if state.Calls[c.ID] == nil || len(state.Ended[c.ID]) != 1 {
				t.Errorf("the call %+v with outcomes %+v", state.Calls[c.ID], state.Ended[c.ID])
			}
			return nil, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Expired keys must go in small steps, and only they.
func TestExpiredKeysAreDeletedInSteps(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		ids := []pontage.IdempotencyID{"a", "b", "c", "d"}
		err := store.Write(ctx, func(tx pontage.Tx) error {
			for i, id := range ids {
				if err := tx.InsertIdempotencyRecord(ctx, record(id, start.Add(time.Duration(i)*time.Hour))); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		calls := make([]pontage.KeyedCall, len(ids))
		for i, id := range ids {
			calls[i] = pontage.KeyedCall{CallKey: pontage.CallKey{ID: id}, CallID: "cal_1", ExpiresAt: start.Add(time.Duration(i+1) * time.Hour)}
		}
		err = storagetest.Batch(ctx, store, pontage.BatchKeys{Now: start}, func(*pontage.BatchState) (*pontage.BatchChanges, error) {
			return &pontage.BatchChanges{KeyedCalls: calls}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{4, 2, 0} {
			err := store.Write(ctx, func(tx pontage.Tx) error {
				n, err := tx.DeleteExpiredKeys(ctx, start.Add(3*time.Hour), 2)
				if n != want {
					t.Errorf("deleted %d, want %d", n, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := store.IdempotencyRecord(ctx, "d"); err != nil {
			t.Errorf("a live key is gone: %v", err)
		}
	})
}
