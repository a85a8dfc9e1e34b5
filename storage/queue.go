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

// queue collects jobs. Whatever arrives while the last group is committed is the next group; nothing waits for company.
type queue struct {
	mutex   sync.Mutex
	waiting []*job
	closed  bool
	wake    chan struct{}
}

// maxGroup bounds how much work one failing commit can take with it, and how long the first of a group waits for the last.
const maxGroup = 512

var errClosed = pontage.E(pontage.Unavailable, "The database is closed; the server is shutting down.")

func (q *queue) put(j *job) error {
	q.mutex.Lock()
	if q.closed {
		q.mutex.Unlock()
		return errClosed
	}
	q.waiting = append(q.waiting, j)
	q.mutex.Unlock()
	q.ring()
	return nil
}

// ring wakes the writer; one signal is enough for any number of jobs.
func (q *queue) ring() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take gives the next group, waiting for one; empty means that the queue is closed and drained.
func (q *queue) take() []*job {
	for {
		q.mutex.Lock()
		n, closed := min(len(q.waiting), maxGroup), q.closed
		group := q.waiting[:n:n]
		q.waiting = q.waiting[n:]
		q.mutex.Unlock()
		if n > 0 || closed {
			return group
		}
		<-q.wake
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
	q.closed = true
	q.mutex.Unlock()
	q.ring()
}
