package storage

import (
	"sync"

	"github.com/pontage/pontage"
)

// maxRecentRows bounds the memory for it to some megabytes.
const maxRecentRows = 20_000

// recentLog keeps the rows of both logs that SQLite's batches wrote since the last fold, so that the fold need not read them again. Of
// each log it keeps a run of rows without a gap; where another process wrote in between, only what came after. A nil one keeps nothing.
type recentLog struct {
	mutex    sync.Mutex
	calls    []pontage.Call
	outcomes []pontage.EndedCall
}

// add keeps what a batch wrote; it follows the commit.
func (l *recentLog) add(state *pontage.BatchState, changes *pontage.BatchChanges) {
	if l == nil {
		return
	}
	ended := endedCalls(state, changes)
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.calls = extend(l.calls, changes.Calls, callSequence)
	l.outcomes = extend(l.outcomes, ended, outcomeSequence)
}

// endedCalls gives the outcomes with their calls: those the batch read, or made.
func endedCalls(state *pontage.BatchState, changes *pontage.BatchChanges) []pontage.EndedCall {
	if len(changes.Outcomes) == 0 {
		return nil
	}
	own := make(map[pontage.CallID]*pontage.Call, len(changes.Calls))
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

func callSequence(c *pontage.Call) int64         { return c.Sequence }
func outcomeSequence(e *pontage.EndedCall) int64 { return e.Outcome.Sequence }

// extend gives the run with fresh behind it; what leaves a gap, or makes it too long, begins a new one.
func extend[T any](run, fresh []T, sequence func(*T) int64) []T {
	if len(fresh) == 0 {
		return run
	}
	if n := len(run); n > 0 && (sequence(&fresh[0]) != sequence(&run[n-1])+1 || n+len(fresh) > maxRecentRows) {
		run = nil
	}
	return append(run, fresh...)
}

// after gives at most limit rows of each log behind from; ok only where there are any and none is missing.
func (l *recentLog) after(from watermarks, limit int) (tail pontage.Tail, ok bool) {
	if l == nil {
		return tail, false
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	calls, whole := behind(l.calls, from.calls, callSequence)
	outcomes, too := behind(l.outcomes, from.outcomes, outcomeSequence)
	if !whole || !too || len(calls)+len(outcomes) == 0 {
		return tail, false
	}
	return pontage.Tail{Calls: calls[:min(limit, len(calls))], Outcomes: outcomes[:min(limit, len(outcomes))]}, true
}

// behind gives the rows after a sequence. An empty run knows of none.
func behind[T any](run []T, from int64, sequence func(*T) int64) ([]T, bool) {
	if len(run) == 0 {
		return nil, true
	}
	skip := from + 1 - sequence(&run[0])
	if skip < 0 {
		return nil, false
	}
	return run[min(skip, int64(len(run))):], true
}

// forget drops what is folded.
func (l *recentLog) forget(to watermarks) {
	if l == nil {
		return
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.calls = drop(l.calls, to.calls, callSequence)
	l.outcomes = drop(l.outcomes, to.outcomes, outcomeSequence)
}

// drop copies what is left, so that the memory of the rest is given back.
func drop[T any](run []T, to int64, sequence func(*T) int64) []T {
	rest, ok := behind(run, to, sequence)
	if !ok || len(rest) == len(run) {
		return run
	}
	return append(make([]T, 0, len(rest)), rest...)
}
