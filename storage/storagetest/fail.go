package storagetest

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/pontage/pontage"
)

// ErrInjected is the failure of FailAt; errors.Is finds it under what the rules made of it.
var ErrInjected = errors.New("injected failure")

// Failing is a store that fails once.
type Failing struct {
	pontage.Store
	left    atomic.Int64
	reached atomic.Bool
}

// FailAt gives a store whose n-th step, counted from 1, fails as Unavailable. Steps are the writing methods of a unit of work, the
// commit of each unit, and each Batch, Fold, CloseDays and DeleteCalls before its commit. A test loops n from 1 until the flow gets through without
// Reached, and sees after each failure that nothing is half-done.
func FailAt(store pontage.Store, n int) *Failing {
	f := &Failing{Store: store}
	f.left.Store(int64(n))
	return f
}

// Reached says whether the failure has happened.
func (f *Failing) Reached() bool { return f.reached.Load() }

func (f *Failing) step() error {
	if f.left.Add(-1) != 0 {
		return nil
	}
	f.reached.Store(true)
	return pontage.E(pontage.Unavailable, "The database cannot be reached.").Because(ErrInjected)
}

// Write runs do on a transaction whose steps are counted; the commit is one of them.
func (f *Failing) Write(ctx context.Context, do func(pontage.Tx) error) error {
	return f.Store.Write(ctx, func(tx pontage.Tx) error {
		if err := do(failingTx{tx, f}); err != nil {
			return err
		}
		return f.step()
	})
}

// Batch counts as one step, which fails after the decision and before the writing.
func (f *Failing) Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error {
	return f.Store.Batch(ctx, keys, func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
		changes, err := decide(state)
		if err != nil {
			return nil, err
		}
		return changes, f.step()
	}, durable)
}

// Fold counts as one step, which fails before it starts.
func (f *Failing) Fold(ctx context.Context, limit int, count func(pontage.Tail) pontage.FoldChanges) (int, error) {
	if err := f.step(); err != nil {
		return 0, err
	}
	return f.Store.Fold(ctx, limit, count)
}

// CloseDays counts as one step, which fails before it starts.
func (f *Failing) CloseDays(ctx context.Context, through pontage.Period,
	sign func(pontage.Closing, []byte, []pontage.ClosedTotal) (string, []byte)) (*pontage.Closing, error) {
	if err := f.step(); err != nil {
		return nil, err
	}
	return f.Store.CloseDays(ctx, through, sign)
}

// DeleteCalls counts as one step, which fails before it starts.
func (f *Failing) DeleteCalls(ctx context.Context, before time.Time, limit int) (int, error) {
	if err := f.step(); err != nil {
		return 0, err
	}
	return f.Store.DeleteCalls(ctx, before, limit)
}

type failingTx struct {
	pontage.Tx
	of *Failing
}

// step runs write unless it is the one to fail.
func (f failingTx) step(write func() error) error {
	if err := f.of.step(); err != nil {
		return err
	}
	return write()
}

func (f failingTx) said(write func() (bool, error)) (bool, error) {
	if err := f.of.step(); err != nil {
		return false, err
	}
	return write()
}

func (f failingTx) counted(write func() (int, error)) (int, error) {
	if err := f.of.step(); err != nil {
		return 0, err
	}
	return write()
}
