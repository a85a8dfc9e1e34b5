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

// answer tells the caller how it ended.
func (j *job) answer() { close(j.done) }

// queue collects jobs. Whatever arrives while the last group is committed is the next group; nothing waits for company. One at a
// time owns the turn to run groups: whoever puts a job while nobody does runs it himself, which spares two switches between
// goroutines, and hands what arrived meanwhile over to the writer's own goroutine.
type queue struct {
	mutex   sync.Mutex
	waiting []*job
	// owned says that somebody runs groups; while nobody does, nothing waits.
	owned    bool
	closed   bool
	handover chan struct{}
	// drained is closed once the queue is closed and nothing waits or runs.
	drained chan struct{}
}

// maxGroup bounds how much work one failing commit can take with it, and how long the first of a group waits for the last.
const maxGroup = 512

var errClosed = pontage.E(pontage.Unavailable, "The database is closed; the server is shutting down.")

func newQueue() queue { return queue{handover: make(chan struct{}, 1), drained: make(chan struct{})} }

// put adds a job; own says that the caller owns the turn now.
func (q *queue) put(j *job) (own bool, err error) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if q.closed {
		return false, errClosed
	}
	q.waiting = append(q.waiting, j)
	own, q.owned = !q.owned, true
	return own, nil
}

// next gives the owner the next group; an empty one ends the turn.
func (q *queue) next() []*job {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	n := min(len(q.waiting), maxGroup)
	group := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	if n == 0 {
		q.end()
	}
	return group
}

// leave ends the turn of a caller who has run his own job: what waits is handed over.
func (q *queue) leave() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if len(q.waiting) == 0 {
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
	q.mutex.Unlock()
}

func (q *queue) close() {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if q.closed {
		return
	}
	q.closed = true
	if !q.owned {
		close(q.drained)
	}
}
