package storage

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

// syncer has the commits of SQLite's writer on the disk, one sync after the other, while the writer goes on to the next. Until then nobody is
// told of a commit: neither who made it nor who has read it.
type syncer struct {
	sync func() error
	// busy is told how many jobs more, or less, wait for the disk.
	busy func(by int)
	log  *slog.Logger
	// begun is the number of the newest commit, which others may see from the moment on that it is counted; kept are those on the disk.
	begun, kept atomic.Int64
	// failed is a sync that failed, and is never taken back: what the kernel dropped then cannot be known from here.
	failed atomic.Pointer[error]

	mutex   sync.Mutex
	waiting []synced
	// passed is closed and made anew with each sync.
	passed chan struct{}
	wake   chan struct{}
	ended  chan struct{}
}

// synced is a group whose commit has number n, or that has seen it.
type synced struct {
	n    int64
	jobs []*job
}

func newSyncer(sync func() error, busy func(by int), log *slog.Logger) *syncer {
	s := &syncer{sync: sync, busy: busy, log: log, passed: make(chan struct{}), wake: make(chan struct{}, 1), ended: make(chan struct{})}
	go s.loop()
	return s
}

// begin comes before each commit.
func (s *syncer) begin() { s.begun.Add(1) }

// answer tells jobs that the writer is done with how they ended, once the disk has what they wrote and saw.
func (s *syncer) answer(jobs []*job) {
	for _, j := range jobs {
		j.committed()
	}
	n := s.begun.Load()
	if s.kept.Load() >= n {
		tell(jobs, s.lost())
		return
	}
	s.busy(slow(jobs))
	s.mutex.Lock()
	s.waiting = append(s.waiting, synced{n, jobs})
	s.mutex.Unlock()
	select {
	case s.wake <- struct{}{}:
	default: // it is about to look anyway
	}
}

// seen waits until the disk has every commit that somebody may have read by now.
func (s *syncer) seen(ctx context.Context) error {
	for n := s.begun.Load(); s.kept.Load() < n; {
		s.mutex.Lock()
		passed := s.passed
		s.mutex.Unlock()
		if s.kept.Load() >= n {
			break
		}
		select {
		case <-passed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// BeforeQuery and AfterQuery make every read that bun runs on a pool wait as well.
func (s *syncer) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

// AfterQuery implements bun.QueryHook. A caller who left does not wait, and learns nothing.
func (s *syncer) AfterQuery(ctx context.Context, _ *bun.QueryEvent) { _ = s.seen(ctx) }

func (s *syncer) loop() {
	defer close(s.ended)
	for range s.wake {
		for groups := s.take(); len(groups) > 0; groups = s.take() {
			s.keep(groups)
		}
	}
}

func (s *syncer) take() []synced {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	groups := s.waiting
	s.waiting = nil
	return groups
}

// keep syncs what the groups wrote, and tells them.
func (s *syncer) keep(groups []synced) {
	n := groups[len(groups)-1].n
	if s.failed.Load() == nil {
		if err := s.sync(); err != nil {
			s.log.Error("a sync failed", "error", err)
			s.failed.Store(new(errors.Join(pontage.ErrUnknownOutcome, err)))
		}
	}
	lost := s.lost()
	if lost != nil {
		n = math.MaxInt64 // what is there may be read; nobody will ever know better
	}
	s.pass(n)
	for _, g := range groups {
		tell(g.jobs, lost)
		s.busy(-slow(g.jobs))
	}
}

// lost is what whoever wrote is told after a sync that failed.
func (s *syncer) lost() error {
	if failed := s.failed.Load(); failed != nil {
		return notCommitted(*failed, true)
	}
	return nil
}

// pass lets those go on who have read up to commit n.
func (s *syncer) pass(n int64) {
	s.kept.Store(n)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	close(s.passed)
	s.passed = make(chan struct{})
}

// close waits until everybody is told; the writer must have stopped.
func (s *syncer) close() {
	close(s.wake)
	<-s.ended
}

func tell(jobs []*job, lost error) {
	for _, j := range jobs {
		j.kept(lost)
	}
}

// slow counts the jobs that are answered when the disk has them.
func slow(jobs []*job) (n int) {
	for _, j := range jobs {
		n += 1 - j.urgency()
	}
	return n
}
