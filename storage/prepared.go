package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync"

	"github.com/uptrace/bun"
)

// preparer makes prepared statements; *sql.DB and *sql.Conn are such.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// prepared keeps SQLite's statements by their text, so that what every call runs is parsed once. Only texts that hold no values come
// here, so there are as many as there are places in the code.
type prepared struct {
	on    preparer
	known sync.Map // text -> *sql.Stmt
	mutex sync.Mutex
}

func newPrepared(on preparer) *prepared { return &prepared{on: on} }

// get gives the statement with this text. It is prepared outside of any context that may end.
func (p *prepared) get(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := p.known.Load(text); ok {
		return s.(*sql.Stmt), nil
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if s, ok := p.known.Load(text); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := p.on.PrepareContext(context.WithoutCancel(ctx), text)
	if err == nil {
		p.known.Store(text, s)
	}
	return s, err
}

func (p *prepared) close() {
	p.known.Range(func(text, s any) bool {
		p.known.Delete(text)
		_ = s.(*sql.Stmt).Close()
		return true
	})
}

// query runs a statement, prepared where it is of that kind.
func (r reader) query(ctx context.Context, s *statement) (*sql.Rows, error) {
	text := string(s.text)
	if !s.bound {
		return r.db.QueryContext(ctx, text)
	}
	if s.postgres {
		return r.queryKept(ctx, text, s.args)
	}
	if transaction, ok := r.db.(bun.Tx); ok {
		return r.queryIn(ctx, transaction.Tx, text, s.args)
	}
	kept, err := r.prepared.get(ctx, text)
	if err != nil {
		return nil, err
	}
	return kept.QueryContext(ctx, s.args...)
}

// queryIn runs inside a transaction. It holds a connection of the pool already and must not wait for another one to prepare on: all
// of them may be held by others who wait as well. So a text that is new here is run as it is, and prepared beside.
func (r reader) queryIn(ctx context.Context, transaction *sql.Tx, text string, args []any) (*sql.Rows, error) {
	if kept, ok := r.prepared.known.Load(text); ok {
		return transaction.StmtContext(ctx, kept.(*sql.Stmt)).QueryContext(ctx, args...)
	}
	go func() { _, _ = r.prepared.get(context.WithoutCancel(ctx), text) }()
	return transaction.QueryContext(ctx, text, args...)
}

// run executes all parts of a bound statement and says how many rows they changed.
func (t tx) run(ctx context.Context, s *statement) (changed int64, err error) {
	err = t.runParts(ctx, s, func(result driver.Result) error {
		n, err := result.RowsAffected()
		changed += n
		return err
	})
	return changed, err
}

// append executes all parts of a bound INSERT and gives the number of the last row.
func (t tx) append(ctx context.Context, s *statement) (last int64, err error) {
	err = t.runParts(ctx, s, func(result driver.Result) (err error) {
		last, err = result.LastInsertId()
		return err
	})
	return last, err
}

func (t tx) runParts(ctx context.Context, s *statement, done func(driver.Result) error) error {
	s.end()
	var from part
	for _, to := range s.parts {
		result, err := t.direct.exec(ctx, s.text[from.text:to.text], s.args[from.args:to.args])
		if err != nil {
			return err
		}
		if err := done(result); err != nil {
			return err
		}
		from = to
	}
	return nil
}
