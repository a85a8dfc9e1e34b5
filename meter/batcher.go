package meter

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/pontage/pontage"
)

// runBatches writes batches until the queue is closed and empty. ctx must not end with Run's: what was queued is written.
func (m *Meter) runBatches(ctx context.Context) {
	batch := make([]*item, 0, m.config.MaxBatch)
	for it := range m.queue {
		batch = m.fill(append(batch[:0], it))
		m.process(ctx, batch)
	}
}

// fill adds what is waiting, without waiting for more. It lets those go first who can run now and are about to ask, so that they come
// along: where nobody else can run that takes no time, and where many can it makes the batches larger by as many.
func (m *Meter) fill(batch []*item) []*item {
	for waiting := -1; waiting < len(m.queue) && len(batch)+len(m.queue) < m.config.MaxBatch; {
		waiting = len(m.queue)
		runtime.Gosched()
	}
	for len(batch) < m.config.MaxBatch {
		select {
		case it, open := <-m.queue:
			if !open {
				return batch
			}
			batch = append(batch, it)
		default:
			return batch
		}
	}
	return batch
}

// process writes one batch and answers it. What a caller was given who left meanwhile is owed back.
func (m *Meter) process(ctx context.Context, items []*item) {
	taken := items[:0]
	for _, it := range items {
		if it.stage.CompareAndSwap(stageQueued, stageTaken) {
			taken = append(taken, it)
		}
	}
	if len(taken) == 0 {
		return
	}
	m.writeOrIsolate(ctx, taken)
	for _, it := range taken {
		m.counts.note(it)
		if it.result.verdict.repeated {
			m.owed.forget(it.attempt.CallID) // the proxy that was told nothing has asked again, and is told now
		}
		if it.stage.CompareAndSwap(stageTaken, stageAnswered) {
			close(it.done)
		} else if it.givenForNothing() {
			m.oweAdmitted(it.result.verdict.row)
		}
	}
}

// givenForNothing says whether the item admitted a call whose caller has left. A call that was charged on admission and may be
// repeated stays charged: the repeat finds it paid.
func (it *item) givenForNothing() bool {
	row := it.result.verdict.row
	if it.kind != kindReserve || it.result.err != nil || row == nil || row.State == pontage.CallRefused {
		return false
	}
	return row.State != pontage.CallSettled || !it.attempt.Repeatable
}

// writeOrIsolate writes the items together; where that fails for a reason that may lie in one of them, each is run again alone and
// fails alone. A Conflict is run again even if it was alone: another instance wrote first, and now its row can be seen.
func (m *Meter) writeOrIsolate(ctx context.Context, items []*item) {
	err := m.write(ctx, items)
	if err == nil {
		return
	}
	code := pontage.CodeOf(err)
	if code == pontage.Unavailable || len(items) == 1 && code != pontage.Conflict {
		m.failAll(items, err)
		return
	}
	m.counts.isolated.Add(1)
	for i := range items {
		err := m.write(ctx, items[i:i+1])
		if pontage.CodeOf(err) == pontage.Unavailable {
			m.failAll(items[i:], err)
			return
		}
		if err != nil {
			m.failAll(items[i:i+1], err)
		}
	}
}

func (m *Meter) failAll(items []*item, err error) {
	public := pontage.Public(err)
	if public.Code == pontage.Unavailable && public.RetryAfter == 0 {
		public = public.After(time.Second)
	}
	m.log.Error("batch failed", slog.Int("items", len(items)), slog.String("error", err.Error()))
	for _, it := range items {
		it.result = result{err: public}
	}
}

// write runs one batch in the store and keeps the results of the run that was committed.
func (m *Meter) write(ctx context.Context, items []*item) (err error) {
	ctx, cancel := context.WithTimeout(ctx, m.config.BatchTimeout)
	defer cancel()
	var turn sync.Mutex
	var last *run
	over := false
	now := m.clock.Now()
	err = m.store.Batch(ctx, keysOf(items, now), func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
		turn.Lock()
		defer turn.Unlock()
		if over {
			return nil, context.Canceled // the store gave up on this batch before it came to decide
		}
		last = m.newRun(state, now, items)
		return m.applySafely(last, items)
	})
	turn.Lock()
	over = true
	turn.Unlock()
	m.counts.batches.Add(1)
	if err != nil {
		if last != nil && errors.Is(err, pontage.ErrUnknownOutcome) {
			m.oweUnknown(last, items)
		}
		return unavailableIfTimedOut(err)
	}
	if last == nil {
		return pontage.E(pontage.Internal, "The batch was not decided.")
	}
	last.keep()
	for i, it := range items {
		it.result = last.results[i]
	}
	return nil
}

// applySafely turns a panic into an error of this batch, so that the one item that caused it is found by isolation and the others,
// and the instance, go on.
func (m *Meter) applySafely(r *run, items []*item) (changes *pontage.BatchChanges, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			m.log.Error("a decision panicked", slog.Any("cause", cause), slog.String("stack", string(debug.Stack())))
			changes, err = nil, pontage.E(pontage.Internal, "Internal server error.")
		}
	}()
	return r.apply(items)
}

func unavailableIfTimedOut(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return pontage.E(pontage.Unavailable, "The database does not answer. Try again.").After(time.Second).Because(err)
	}
	return err
}
