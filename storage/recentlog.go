package storage

import (
	"sync"

	"github.com/pontage/pontage"
)

// maxRecentRows is more than come between two folds; it bounds the memory to some 20 MiB for each log.
const maxRecentRows = 40_000

// recentLog keeps the rows of both logs that SQLite's batches wrote since the last fold, so that the fold need not read them again. Of
// each log it keeps a run of rows without a gap; where another process wrote in between, only what came after. A nil one keeps nothing.
type recentLog struct {
	mutex    sync.Mutex
	calls    logRun[pontage.Call]
	outcomes logRun[pontage.EndedCall]
}

func newRecentLog() *recentLog {
	return &recentLog{
		calls:    logRun[pontage.Call]{sequence: func(c *pontage.Call) int64 { return c.Sequence }},
		outcomes: logRun[pontage.EndedCall]{sequence: func(e *pontage.EndedCall) int64 { return e.Outcome.Sequence }},
	}
}

// add keeps what a batch wrote; it follows the commit, and the rows must not change any more.
func (l *recentLog) add(state *pontage.BatchState, changes *pontage.BatchChanges) {
	if l == nil {
		return
	}
	ended := endedCalls(state, changes)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.calls.add(changes.Calls)
	l.outcomes.add(ended)
}

// endedCalls gives the outcomes with their calls: those the batch read, or made.
func endedCalls(state *pontage.BatchState, changes *pontage.BatchChanges) []pontage.EndedCall {
	if len(changes.Outcomes) == 0 {
		return nil
	}
	own := make(map[pontage.CallID]*pontage.Call)
	for i := range changes.Calls {
		own[changes.Calls[i].ID] = &changes.Calls[i]
	}
	ended := make([]pontage.EndedCall, 0, len(changes.Outcomes))
	for _, o := range changes.Outcomes {
		call := own[o.CallID]
		if call == nil {
			call = state.Calls[o.CallID]
		}
		if call == nil { // a gap from which the next run begins anew; the fold reads
			return nil
		}
		ended = append(ended, pontage.EndedCall{Call: *call, Outcome: o})
	}
	return ended
}

// after gives at most limit rows of each log behind from; ok only where there are any and none is missing.
func (l *recentLog) after(from watermarks, limit int) (tail pontage.Tail, ok bool) {
	if l == nil {
		return tail, false
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if !l.calls.reaches(from.calls) || !l.outcomes.reaches(from.outcomes) {
		return tail, false
	}
	tail = pontage.Tail{Calls: l.calls.after(from.calls, limit), Outcomes: l.outcomes.after(from.outcomes, limit)}
	return tail, len(tail.Calls)+len(tail.Outcomes) > 0
}

// forget drops what is folded.
func (l *recentLog) forget(to watermarks) {
	if l == nil {
		return
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.calls.drop(to.calls)
	l.outcomes.drop(to.outcomes)
}

// logRun is a run of rows whose sequences have no gap, in the parts in which they came.
type logRun[T any] struct {
	sequence func(*T) int64
	parts    [][]T
	rows     int
}

func (r *logRun[T]) first() int64 { return r.sequence(&r.parts[0][0]) }

func (r *logRun[T]) last() int64 {
	part := r.parts[len(r.parts)-1]
	return r.sequence(&part[len(part)-1])
}

// add puts a part at the end; what leaves a gap, or makes the run too long, begins a new one.
func (r *logRun[T]) add(part []T) {
	if len(part) == 0 {
		return
	}
	if len(r.parts) > 0 && (r.sequence(&part[0]) != r.last()+1 || r.rows+len(part) > maxRecentRows) {
		r.parts, r.rows = nil, 0
	}
	r.parts, r.rows = append(r.parts, part), r.rows+len(part)
}

// reaches says whether no row behind from is missing, as far as the run goes; an empty one misses none that it knows of.
func (r *logRun[T]) reaches(from int64) bool { return len(r.parts) == 0 || r.first() <= from+1 }

// after gives at most limit rows behind from, which the run reaches.
func (r *logRun[T]) after(from int64, limit int) []T {
	var rows []T
	for _, part := range r.parts {
		if skip := from + 1 - r.sequence(&part[0]); skip < int64(len(part)) && len(rows) < limit {
			if rows == nil {
				rows = make([]T, 0, min(limit, r.rows))
			}
			part = part[max(0, skip):]
			rows = append(rows, part[:min(len(part), limit-len(rows))]...)
		}
	}
	return rows
}

// drop forgets the parts that end at to or before.
func (r *logRun[T]) drop(to int64) {
	for len(r.parts) > 0 {
		part := r.parts[0]
		if r.sequence(&part[len(part)-1]) > to {
			return
		}
		r.parts, r.rows = r.parts[1:], r.rows-len(part)
	}
	r.parts = nil
}
