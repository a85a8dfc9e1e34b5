package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pontage/pontage"
)

// together runs jobs as one group: the writer is held until all of them wait.
func together(t *testing.T, s *Store, jobs ...func(context.Context, tx) error) []error {
	t.Helper()
	w := s.engine.(*sqliteEngine).writer
	started, release := make(chan struct{}), make(chan struct{})
	held := make(chan error, 1)
	go func() {
		held <- s.unit(t.Context(), func(context.Context, tx) error { close(started); <-release; return nil })
	}()
	<-started
	answers := make([]chan error, len(jobs))
	for i, do := range jobs {
		answers[i] = make(chan error, 1)
		go func() { answers[i] <- s.unit(t.Context(), do) }()
		for waiting := 0; waiting <= i; { // one by one, so that the order is that of the list
			w.mutex.Lock()
			waiting = len(w.waiting)
			w.mutex.Unlock()
		}
	}
	close(release)
	if err := <-held; err != nil {
		t.Fatal(err)
	}
	errs := make([]error, len(jobs))
	for i := range answers {
		errs[i] = <-answers[i]
	}
	return errs
}

// A partner whose request is refused must not take with it what another partner was told is done, and the other way round.
func TestAFailingJobLeavesItsNeighboursAlone(t *testing.T) {
	s := mustOpen(t, freshSQLite(t))
	refused := pontage.E(pontage.Forbidden, "no")
	errs := together(t, s,
		addAccount("acc_1"),
		func(ctx context.Context, t tx) error { _ = addAccount("acc_2")(ctx, t); return refused },
		addAccount("acc_3"),
		func(ctx context.Context, t tx) error { _ = addAccount("acc_4")(ctx, t); panic("lost") },
		addAccount("acc_1"), // taken by a neighbour of the same group
		addAccount("acc_5"),
	)
	if errs[0] != nil || errs[2] != nil || errs[5] != nil {
		t.Fatalf("neighbours failed: %v", errs)
	}
	if !errors.Is(errs[1], refused) {
		t.Fatalf("own error %v", errs[1])
	}
	if errs[3] == nil || !strings.Contains(errs[3].Error(), "panic") {
		t.Fatalf("panic gave %v", errs[3])
	}
	wantCode(t, errs[4], pontage.Conflict)
	wantAccounts(t, s, "acc_1", "acc_3", "acc_5")
}

// Nobody may be told that something is written when the commit it was part of failed.
func TestAFailingCommitIsUnavailableForItsWholeGroup(t *testing.T) {
	s := mustOpen(t, freshSQLite(t))
	orphan := func(ctx context.Context, t tx) error { // a reference that is looked at when the transaction commits
		if _, err := t.db.ExecContext(ctx, "PRAGMA defer_foreign_keys = 1"); err != nil {
			return err
		}
		_, err := t.db.ExecContext(ctx, "INSERT INTO clients (id, account_id, name, created_at) VALUES ('cli_1', 'acc_none', '', '')")
		return err
	}
	refused := pontage.E(pontage.Forbidden, "no")
	errs := together(t, s, addAccount("acc_1"), orphan, addAccount("acc_2"), func(context.Context, tx) error { return refused })
	for i, err := range errs {
		if pontage.CodeOf(err) != pontage.Unavailable {
			t.Errorf("job %d: %v", i, err)
		}
	}
	wantAccounts(t, s)
	if err := s.unit(t.Context(), addAccount("acc_3")); err != nil {
		t.Fatalf("the writer did not recover: %v", err)
	}
}

// SQLite itself rolls everything back on a full disk: jobs of the group that were not run yet must still get their turn.
func TestALostTransactionLeavesTheRestOfTheQueueAlone(t *testing.T) {
	s := mustOpen(t, freshSQLite(t))
	lost := func(ctx context.Context, t tx) error {
		_, err := t.db.ExecContext(ctx, "ROLLBACK")
		return errors.Join(err, errors.New("disk full"))
	}
	errs := together(t, s, addAccount("acc_1"), lost, addAccount("acc_2"))
	wantCode(t, errs[0], pontage.Unavailable)
	wantCode(t, errs[1], pontage.Unavailable)
	if errs[2] != nil {
		t.Fatal(errs[2])
	}
	wantAccounts(t, s, "acc_2")
}

// A request that was given up while it waited must leave nothing behind.
func TestACancelledJobThatWaitsIsDropped(t *testing.T) {
	s := mustOpen(t, freshSQLite(t))
	started, release, held := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		held <- s.unit(t.Context(), func(context.Context, tx) error { close(started); <-release; return nil })
	}()
	<-started
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.unit(ctx, addAccount("acc_1")); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	close(release)
	if err := <-held; err != nil {
		t.Fatal(err)
	}
	wantAccounts(t, s)
}

// Once it runs, a unit is finished and its caller learns how it ended: "cancelled" would hide a charge that was written.
func TestACancelledUnitThatRunsIsFinishedAndAnswered(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := mustOpen(t, url)
		ctx, cancel := context.WithCancel(t.Context())
		err := s.unit(ctx, func(ctx context.Context, t tx) error {
			cancel()
			return addAccount("acc_1")(ctx, t)
		})
		if err != nil {
			t.Fatal(err)
		}
		wantAccounts(t, s, "acc_1")
	})
}

// A shutdown must not lose what was accepted.
func TestCloseDrainsTheQueueAndThenRefuses(t *testing.T) {
	url := freshSQLite(t)
	s := mustOpen(t, url)
	w := s.engine.(*sqliteEngine).writer
	started, release, answers := make(chan struct{}), make(chan struct{}), make(chan error, 11)
	go func() {
		answers <- s.unit(t.Context(), func(context.Context, tx) error { close(started); <-release; return nil })
	}()
	<-started
	for i := range 10 {
		go func() { answers <- s.unit(t.Context(), addAccount(pontage.AccountID(fmt.Sprint("acc_", i)))) }()
	}
	for waiting := 0; waiting < 10; {
		w.mutex.Lock()
		waiting = len(w.waiting)
		w.mutex.Unlock()
	}
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	close(release)
	for range 11 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	wantCode(t, s.unit(t.Context(), addAccount("acc_late")), pontage.Unavailable)
	wantCode(t, s.Ping(t.Context()), pontage.Unavailable)
	var n int
	if err := mustOpen(t, url).db.NewRaw("SELECT count(*) FROM accounts").Scan(t.Context(), &n); err != nil || n != 10 {
		t.Fatalf("%d accounts: %v", n, err)
	}
}

// After a sync that failed, a later commit must not look durable.
func TestAfterAFailedSyncNothingIsWrittenAnyMore(t *testing.T) {
	s := mustOpen(t, freshSQLite(t))
	w := s.engine.(*sqliteEngine).writer
	failed := errors.New("fsync")
	if err := s.unit(t.Context(), func(context.Context, tx) error { w.broken = failed; return nil }); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err := s.unit(t.Context(), addAccount("acc_1"))
		wantCode(t, err, pontage.Unavailable)
		if !errors.Is(err, failed) || !strings.Contains(err.Error(), "started again") {
			t.Fatal(err)
		}
	}
	wantAccounts(t, s)
}
