package meter

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/pontage/pontage"
)

// runBatches writes batches until the queue is closed and empty. ctx must not end with Run's: what was queued is written.
func (m *Meter) runBatches(ctx context.Context) {
	for it := range m.queue {
		m.process(ctx, m.fill(m.gather([]*item{it})))
	}
	for m.syncing.Load() > 0 {
		<-m.synced
	}
}

// gather adds what comes until there are as many as the disk is still busy with, or it is done with those: smaller batches cost more, and to
// wait for it longer leaves the writer idle.
func (m *Meter) gather(batch []*item) []*item {
	for len(batch) < min(int(m.syncing.Load()), m.config.MaxBatch) {
		select {
		case it, open := <-m.queue:
			if !open {
				return batch
			}
			batch = append(batch, it)
		case <-m.synced:
		}
	}
	return batch
}

// fill adds what is waiting, without waiting for more. It lets those go first who can run now and are about to ask, so that they come
// along: where nobody else can run that takes no time, and where many can it makes the batches larger by as many.
func (m *Meter) fill(batch []*item) []*item {
	for waiting := -1; waiting < len(m.queue) && len(batch)+len(m.queue) < m.config.MaxBatch; {
		waiting = len(m.queue)
		runtime.Gosched()
	}
	batch = slices.Grow(batch, min(len(m.queue), m.config.MaxBatch))
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

// process writes one batch; it is answered once it is durable, when the next may be on its way.
func (m *Meter) process(ctx context.Context, items []*item) {
	taken := items[:0]
	for _, it := range items {
		if it.stage.CompareAndSwap(stageQueued, stageTaken) {
			taken = append(taken, it)
		}
	}
	if len(taken) > 0 {
		m.writeOrIsolate(ctx, taken)
	}
}

// answer tells the items what became of them. What a caller was given who left meanwhile is owed back.
func (m *Meter) answer(items []*item) {
	for _, it := range items {
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
	m.answer(items)
}

// write runs one batch in the store and keeps what the run that was committed took of the rates.
func (m *Meter) write(ctx context.Context, items []*item) (err error) {
	ctx, cancel := context.WithTimeout(ctx, m.config.BatchTimeout)
	defer cancel()
	var turn sync.Mutex
	var last *run
	over := false
	now := m.clock.Now()
	m.syncing.Add(int64(len(items)))
	err = m.store.Batch(ctx, keysOf(items, now), func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
		turn.Lock()
		defer turn.Unlock()
		if over {
			return nil, context.Canceled // the store gave up on this batch before it came to decide
		}
		last = m.newRun(state, now, items)
		return m.applySafely(last, items)
	}, func(lost error) {
		m.durable(last, items, lost)
		m.syncing.Add(-int64(len(items)))
		select {
		case m.synced <- struct{}{}:
		default:
		}
	})
	turn.Lock()
	over = true
	turn.Unlock()
	m.counts.batches.Add(1)
	if err != nil {
		m.syncing.Add(-int64(len(items)))
		if last != nil && errors.Is(err, pontage.ErrUnknownOutcome) {
			m.oweUnknown(last, items)
		}
		return unavailableIfTimedOut(err)
	}
	last.keep()
	return nil
}

// durable answers a batch that is on the disk, or may never come there.
func (m *Meter) durable(r *run, items []*item, lost error) {
	if lost != nil {
		m.oweUnknown(r, items)
		m.failAll(items, lost)
		return
	}
	for i, it := range items {
		it.result = r.results[i]
	}
	m.answer(items)
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
