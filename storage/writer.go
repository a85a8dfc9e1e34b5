package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/uptrace/bun"
	"modernc.org/sqlite"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage/walvfs"
)

// writer has SQLite's one writing connection and commits the queue in groups. What it holds belongs to who owns the queue's turn.
type writer struct {
	queue
	conn    bun.Conn
	moving  *checkpointer
	syncs   *syncer
	kept    *prepared
	direct  *direct
	cache   *rowCache
	now     func() time.Time
	log     *slog.Logger
	stopped chan struct{}
	// broken is set once a sync failed and never taken back: what the kernel dropped then cannot be known from here.
	broken error

	begin, commit, rollback, savepoint, release, rollbackTo *sql.Stmt
}

func newWriter(ctx context.Context, db *bun.DB, options Options) (*writer, error) {
	conn, err := firstConnection(ctx, db)
	if err != nil {
		return nil, translate(err, "database")
	}
	log, err := logOf(ctx, conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	w := &writer{queue: newQueue(), conn: conn, moving: newCheckpointer(db, options.Logger), kept: newPrepared(conn.Conn), direct: newDirect(conn.Conn), cache: newRowCache(),
		now: options.Clock.Now, log: options.Logger, stopped: make(chan struct{})}
	w.syncs = newSyncer(func() error { return walvfs.Sync(log) }, w.synced, options.Logger)
	for text, statement := range map[string]**sql.Stmt{
		"BEGIN IMMEDIATE": &w.begin, "COMMIT": &w.commit, "ROLLBACK": &w.rollback,
		"SAVEPOINT job": &w.savepoint, "RELEASE job": &w.release, "ROLLBACK TO job": &w.rollbackTo,
	} {
		if *statement, err = conn.PrepareContext(ctx, text); err != nil {
			return nil, translate(err, "database")
		}
	}
	go w.loop()
	return w, nil
}

// logOf is the path of the write-ahead log as SQLite knows it.
func logOf(ctx context.Context, conn bun.Conn) (string, error) {
	var path, mode string
	err := conn.QueryRowContext(ctx, "SELECT file, (SELECT journal_mode FROM pragma_journal_mode) FROM pragma_database_list WHERE name = 'main'").Scan(&path, &mode)
	if err == nil && mode != "wal" {
		err = fmt.Errorf("storage: SQLite cannot have a write-ahead log at %s; use a folder on a local disk", path)
	}
	return path + "-wal", translate(err, "database")
}

// submit queues do and waits until the disk has it or, where durable is told of that, until it is committed. A caller whose context ends
// first is answered at once while do has not started; afterwards the outcome is near and is waited for, so that nobody is told "cancelled"
// about something that was written.
func (w *writer) submit(ctx context.Context, do func(context.Context, tx) error, durable func(error)) error {
	j := &job{ctx: ctx, do: do, done: make(chan struct{}), durable: durable}
	own, err := w.put(j)
	if err != nil {
		return err
	}
	if own {
		w.run(w.next())
		w.leave()
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		if j.state.CompareAndSwap(queued, abandoned) {
			return ctx.Err()
		}
		<-j.done
	}
	return j.err
}

// close drains the queue and gives the connection back.
func (w *writer) close() {
	w.queue.close()
	<-w.stopped
}

func (w *writer) loop() {
	defer close(w.stopped)
	for open := true; open; {
		select {
		case <-w.handover:
			for group := w.next(); len(group) > 0; group = w.next() {
				w.run(group)
			}
		case <-w.drained:
			open = false
		}
	}
	w.syncs.close()
	for _, s := range []*sql.Stmt{w.begin, w.commit, w.rollback, w.savepoint, w.release, w.rollbackTo} {
		_ = s.Close()
	}
	w.moving.close()
	w.direct.close()
	w.kept.close()
	_ = w.conn.Close()
}

// run commits one group. Every job is answered when the disk has what it saw, also one that failed: what it failed on may have been a
// neighbour's row that is not there until then.
func (w *writer) run(group []*job) {
	w.moveRest()
	ran, err := w.attemptAll(group)
	if err == nil {
		err = w.finish(ran)
	}
	if err != nil {
		_ = execute(w.rollback) // without a transaction there is nothing to roll back
		w.cache.clear()
		w.fail(ran, err)
	}
	w.syncs.answer(ran)
}

// attemptAll runs the jobs that still have a caller in one transaction. It gives an error only where all of it is lost; jobs that
// it did not come to are put back then.
func (w *writer) attemptAll(group []*job) (ran []*job, err error) {
	if err = w.broken; err == nil {
		err = execute(w.begin)
	}
	for i, j := range group {
		if !j.start() {
			continue
		}
		ran = append(ran, j)
		switch {
		case err != nil:
		case len(group) == 1: // nobody else is in the transaction, so it needs no savepoint
			j.err = w.call(j)
		default:
			if err = w.attempt(j); err != nil {
				w.putBack(group[i+1:])
				return ran, err
			}
		}
	}
	return ran, err
}

// finish commits what the jobs wrote. Of one that was alone and failed nothing is kept.
func (w *writer) finish(ran []*job) error {
	if len(ran) == 0 || len(ran) == 1 && ran[0].err != nil {
		_ = execute(w.rollback) // SQLite may have rolled back by itself
		return nil
	}
	w.syncs.begin()
	err := w.distrust(execute(w.commit))
	w.moving.wrote()
	return err
}

// moveRest does the writer's part in keeping the log short.
func (w *writer) moveRest() {
	for _, failed := range []*error{w.moving.failed.Load(), w.syncs.failed.Load()} {
		if failed != nil {
			w.broken = *failed
		}
	}
	if w.broken == nil && w.moving.long.CompareAndSwap(true, false) {
		_, err := moveLog(w.conn.Conn)
		_ = w.distrust(err) // what is not moved stays in the log
	}
}

// attempt runs one job in its savepoint. It gives an error only where the whole transaction is lost: SQLite itself rolls back
// on a full disk or an I/O error, and then the savepoint is gone.
func (w *writer) attempt(j *job) error {
	if err := execute(w.savepoint); err != nil {
		return err
	}
	j.err = w.call(j)
	if j.err == nil {
		return execute(w.release)
	}
	if err := execute(w.rollbackTo); err != nil {
		return j.err
	}
	return execute(w.release)
}

// call runs the job's function. It is not interrupted by its caller's context: SQLite answers an interrupt during a write by
// rolling back everything, the neighbours too.
func (w *writer) call(j *job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(w.log, p)
		}
	}()
	return j.do(context.WithoutCancel(j.ctx), tx{reader{db: w.conn, now: w.now, prepared: w.kept}, w.cache, w.direct})
}

func panicked(log *slog.Logger, p any) error {
	log.Error("panic in a unit of work", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	return fmt.Errorf("storage: panic in a unit of work: %v", p)
}

// fail gives every job of a lost group the same answer.
func (w *writer) fail(ran []*job, cause error) {
	w.log.Error("a commit failed", "jobs", len(ran), "error", cause)
	err := notCommitted(cause, w.broken != nil)
	for _, j := range ran {
		j.err = err
	}
}

// notCommitted is what callers are told whose commit failed or, where it is broken, may have failed like all that follow.
func notCommitted(cause error, broken bool) error {
	advice := "check its disk for space and errors"
	if broken {
		advice = "the disk failed to keep what was written; writing stops until the server is started again"
	}
	return unavailable("The database could not commit. Try again.", fmt.Errorf("%s: %w", advice, cause))
}

// distrust ends all writing after a failed sync: the next one would succeed although the pages of this one may be gone.
func (w *writer) distrust(err error) error {
	if isSyncFailure(err) {
		w.broken = err
		return errors.Join(pontage.ErrUnknownOutcome, err)
	}
	return err
}

func isSyncFailure(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == ioErrorSync || e.Code() == ioErrorFolderSync)
}

// SQLite's result codes for a sync that failed, of a file and of a folder.
const (
	ioErrorSync       = 10 | 4<<8
	ioErrorFolderSync = 10 | 5<<8
)

func execute(s *sql.Stmt) error {
	_, err := s.ExecContext(context.Background())
	return err
}
