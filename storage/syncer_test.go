package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// busyFor is how long a test looks for an answer that must not come.
const busyFor = 20 * time.Millisecond

// busyDisk lets every sync of the writer's commits wait for an answer.
type busyDisk struct {
	t      *testing.T
	asked  chan struct{}
	answer chan error
}

func newBusyDisk(t *testing.T, s *Store) busyDisk {
	d := busyDisk{t, make(chan struct{}, 100), make(chan error)}
	syncs := s.engine.(*sqliteEngine).writer.syncs
	really := syncs.sync
	syncs.sync = func() error {
		d.asked <- struct{}{}
		if err := <-d.answer; err != nil {
			return err
		}
		return really()
	}
	t.Cleanup(func() { close(d.answer) }) // before the store is closed
	return d
}

// silent fails if anybody is told while the disk is busy.
func (d busyDisk) silent(told ...<-chan error) {
	d.t.Helper()
	looked, cancel := context.WithTimeout(d.t.Context(), busyFor)
	defer cancel()
	for i, one := range told {
		select {
		case err := <-one:
			d.t.Fatalf("%d was told before the disk had it: %v", i, err)
		case <-looked.Done():
		}
	}
}

func beside(do func() error) <-chan error {
	told := make(chan error, 1)
	go func() { told <- do() }()
	return told
}

// A commit that power can still take must not be told to anybody: not to who made it, and not to who reads it, whichever way.
func TestNobodyIsToldOfACommitBeforeTheDiskHasIt(t *testing.T) {
	s := mustOpen(t, freshSQLite(t))
	if err := s.unit(t.Context(), addAccount("acc_0")); err != nil {
		t.Fatal(err)
	}
	disk := newBusyDisk(t, s)
	made := beside(func() error { return s.unit(t.Context(), addAccount("acc_1")) })
	<-disk.asked
	read := func(r pontage.Reader) error { _, err := r.Account(t.Context(), "acc_1"); return err }
	list := func(r pontage.Reader) error { _, err := r.Accounts(t.Context(), pontage.Page{Limit: 1}); return err }
	told := []<-chan error{
		made,
		beside(func() error { return list(s) }),
		beside(func() error { return s.Read(t.Context(), list) }),
		beside(func() error { return read(s) }),
		beside(func() error { return s.Read(t.Context(), read) }),
		beside(func() error { _, err := s.Wallet(t.Context(), "acc_1"); return err }),
		beside(func() error {
			return s.Read(t.Context(), func(r pontage.Reader) error { _, err := r.Wallet(t.Context(), "acc_1"); return err })
		}),
		beside(func() error { return s.unit(t.Context(), func(ctx context.Context, t tx) error { return read(t) }) }),
	}
	disk.silent(told...)
	for range 3 { // one for each group of writers, at most
		select {
		case disk.answer <- nil:
		case <-time.After(busyFor):
		}
	}
	for i, one := range told {
		if err := <-one; err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
}

// While the disk keeps one batch the next is written: that is what makes the writer fast. Each is told of in its turn.
func TestBatchesAreWrittenWhileTheDiskKeepsTheLastOne(t *testing.T) {
	s := mustOpen(t, freshSQLite(t))
	disk := newBusyDisk(t, s)
	var told []<-chan error
	for _, id := range []pontage.CallID{"cal_1", "cal_2", "cal_3"} {
		durable := make(chan error, 1)
		told = append(told, durable)
		if err := s.Batch(t.Context(), pontage.BatchKeys{Now: noon}, oneCall(id), func(err error) { durable <- err }); err != nil {
			t.Fatal(err)
		}
		if len(told) == 1 {
			<-disk.asked
		}
	}
	disk.silent(told...)
	disk.answer <- nil
	if err := <-told[0]; err != nil {
		t.Fatal(err)
	}
	disk.silent(told[1:]...)
	disk.answer <- nil // one sync for both that were written meanwhile
	if err := errors.Join(<-told[1], <-told[2]); err != nil {
		t.Fatal(err)
	}
}

func oneCall(id pontage.CallID) func(*pontage.BatchState) (*pontage.BatchChanges, error) {
	return func(*pontage.BatchState) (*pontage.BatchChanges, error) {
		return &pontage.BatchChanges{Calls: []pontage.Call{{ID: id, State: pontage.CallRefused, DecidedAt: noon}}}, nil
	}
}

// What a failed sync was to keep may be gone although it can be read: who wrote it learns that nobody knows, and nothing is written any more.
func TestAFailedSyncIsToldAndStopsTheWriter(t *testing.T) {
	s := mustOpen(t, freshSQLite(t))
	disk := newBusyDisk(t, s)
	durable := make(chan error, 1)
	if err := s.Batch(t.Context(), pontage.BatchKeys{Now: noon}, oneCall("cal_1"), func(err error) { durable <- err }); err != nil {
		t.Fatal(err)
	}
	made := beside(func() error { return s.unit(t.Context(), addAccount("acc_1")) })
	<-disk.asked
	broken := errors.New("input/output error")
	disk.answer <- broken
	for who, err := range map[string]error{"batch": <-durable, "unit": <-made} {
		if pontage.CodeOf(err) != pontage.Unavailable || !errors.Is(err, broken) || !errors.Is(err, pontage.ErrUnknownOutcome) {
			t.Errorf("the %s was told %v", who, err)
		}
	}
	err := s.Batch(t.Context(), pontage.BatchKeys{Now: noon}, oneCall("cal_2"), func(error) { t.Error("told of a batch that was refused") })
	wantCode(t, err, pontage.Unavailable)
	if _, err := s.Accounts(t.Context(), pontage.Page{Limit: 1}); err != nil {
		t.Errorf("reading ended as well: %v", err)
	}
}

// Many small commits cost more than a few: as long as the disk is busy with more jobs than wait, more are waited for. Nothing waits longer
// than the disk is busy.
func TestAGroupWaitsForAsManyAsTheDiskIsBusyWith(t *testing.T) {
	put := func(q *queue, j *job) bool {
		t.Helper()
		own, err := q.put(j)
		if err != nil {
			t.Fatal(err)
		}
		return own
	}
	for name, c := range map[string]struct {
		then func(q *queue) (due bool)
		want int
	}{
		"as many":          {func(q *queue) bool { return put(q, &job{}) }, 2},
		"the disk is done": {func(q *queue) bool { q.synced(-2); return len(q.handover) == 1 }, 1},
		"a whole batch":    {func(q *queue) bool { return put(q, &job{durable: func(error) {}}) }, 2},
		"the end":          {func(q *queue) bool { q.close(); return len(q.handover) == 1 }, 1},
	} {
		q := newQueue()
		q.synced(2)
		if put(&q, &job{}) {
			t.Errorf("%s: one job began at once", name)
		}
		if !c.then(&q) || len(q.next()) != c.want {
			t.Errorf("%s: it did not begin", name)
		}
		if len(q.next()) != 0 || q.owned {
			t.Errorf("%s: it did not end", name)
		}
	}
}

// The log must be found under whatever name the database is given.
func TestTheLogIsFoundBehindLinksAndRelativePaths(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	for _, link := range [][2]string{{"there", "folder"}, {"there/pontage.db", "link.db"}} {
		if err := errors.Join(os.MkdirAll("there", 0o700), os.Symlink(filepath.Join(folder, link[0]), link[1])); err != nil {
			t.Fatal(err)
		}
	}
	for i, path := range []string{"folder/pontage.db", "link.db", "there/../there/pontage.db", "sqlite:./there/pontage.db", "a b%20c?.db"} {
		s := mustOpen(t, path)
		if err := s.unit(t.Context(), addAccount(pontage.AccountID(fmt.Sprint("acc_", i)))); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}
