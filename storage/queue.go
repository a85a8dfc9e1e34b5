package storage

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/pontage/pontage"
)

// job is one unit of work on its way through the queue.
type job struct {
	ctx   context.Context
	do    func(context.Context, tx) error
	state atomic.Int32
	err   error
	done  chan struct{}
	// durable is told when the disk has what the job wrote, or an error where that will never be known, if the job is to be answered before that;
	// nil for one that is answered then.
	durable func(error)
}

// The states of a job: whoever moves it out of queued decides whether it runs.
const (
	queued int32 = iota
	running
	abandoned
)

// start says whether the job is to be run; one whose caller went away is not.
func (j *job) start() bool {
	if j.ctx.Err() != nil {
		return false
	}
	return j.state.CompareAndSwap(queued, running)
}

// urgency is one for a job that need not wait for company.
func (j *job) urgency() int {
	if j.durable != nil {
		return 1
	}
	return 0
}

// committed follows the commit, or the failure, of the job.
func (j *job) committed() {
	if j.durable != nil {
		close(j.done)
	}
}

// kept follows committed once the disk has what the job wrote and saw, or lost is why that will never be known.
func (j *job) kept(lost error) {
	switch {
	case j.durable == nil:
		j.err = orError(j.err, lost)
		close(j.done)
	case j.err == nil:
		j.durable(lost)
	}
}

// queue collects jobs. Whatever arrives while the last group is committed is the next group; it waits for company only as long as the disk is
// busy with a greater one. One at a time owns the turn to run groups: whoever puts a job that is due while nobody does runs it himself, which
// spares two switches between goroutines, and hands what arrived meanwhile over to the writer's own goroutine.
type queue struct {
	mutex   sync.Mutex
	waiting []*job
	// owned says that somebody runs groups; while nobody does, nothing that waits is due.
	owned  bool
	closed bool
	// urgent counts those that wait and have gathered company already; syncing are jobs that the disk is busy with.
	urgent, syncing int
	handover        chan struct{}
	// drained is closed once the queue is closed and nothing waits or runs.
	drained chan struct{}
}

// maxGroup bounds how much work one failing commit can take with it, and how long the first of a group waits for the last.
const maxGroup = 512

var errClosed = pontage.E(pontage.Unavailable, "The database is closed; the server is shutting down.")

func newQueue() queue { return queue{handover: make(chan struct{}, 1), drained: make(chan struct{})} }

// due says whether the next group is to be run: not as long as it is smaller than what the disk is busy with, as many small commits cost more
// than a few.
func (q *queue) due() bool {
	return len(q.waiting) > 0 && (len(q.waiting) >= q.syncing || q.urgent > 0 || q.closed)
}

// put adds a job; own says that the caller owns the turn now.
func (q *queue) put(j *job) (own bool, err error) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if q.closed {
		return false, errClosed
	}
	q.waiting = append(q.waiting, j)
	q.urgent += j.urgency()
	own = !q.owned && q.due()
	q.owned = q.owned || own
	return own, nil
}

// next gives the owner the next group; an empty one ends the turn.
func (q *queue) next() []*job {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if !q.due() {
		q.end()
		return nil
	}
	n := min(len(q.waiting), maxGroup)
	group := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	for _, j := range group {
		q.urgent -= j.urgency()
	}
	return group
}

// leave ends the turn of a caller who has run his own job: what waits is handed over.
func (q *queue) leave() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if !q.due() {
		q.end()
	} else {
		q.handover <- struct{}{} // has room: there is one owner
	}
}

func (q *queue) end() {
	q.owned = false
	if q.closed {
		close(q.drained)
	}
}

// putBack returns jobs that were not started to the front.
func (q *queue) putBack(jobs []*job) {
	q.mutex.Lock()
	q.waiting = append(jobs[:len(jobs):len(jobs)], q.waiting...)
	for _, j := range jobs {
		q.urgent += j.urgency()
	}
	q.mutex.Unlock()
}

func (q *queue) close() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if q.closed {
		return
	}
	q.closed = true
	switch {
	case q.owned:
	case len(q.waiting) == 0:
		close(q.drained)
	default:
		q.begin()
	}
}

// synced changes how many jobs the disk is busy with. Once it is done with those before, what waits is due.
func (q *queue) synced(by int) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	q.syncing += by
	if !q.owned && q.due() {
		q.begin()
	}
}

// begin hands the turn to the writer's own goroutine.
func (q *queue) begin() {
	q.owned = true
	q.handover <- struct{}{} // has room: nobody owned the turn
}
