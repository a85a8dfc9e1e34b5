package storage

import (
	"context"
	"database/sql"
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
	mutex sync.RWMutex
	known map[string]*sql.Stmt
}

func newPrepared(on preparer) *prepared {
	return &prepared{on: on, known: map[string]*sql.Stmt{}}
}

// get gives the statement with this text. It must be prepared outside of any context that may end.
func (p *prepared) get(ctx context.Context, text []byte) (*sql.Stmt, error) {
	p.mutex.RLock()
	s, ok := p.known[string(text)]
	p.mutex.RUnlock()
	if ok {
		return s, nil
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if s, ok = p.known[string(text)]; ok {
		return s, nil
	}
	s, err := p.on.PrepareContext(context.WithoutCancel(ctx), string(text))
	if err == nil {
		p.known[string(text)] = s
	}
	return s, err
}

func (p *prepared) close() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for _, s := range p.known {
		_ = s.Close()
	}
	clear(p.known)
}

// query runs a statement, prepared where it is of that kind.
func (r reader) query(ctx context.Context, s *statement) (*sql.Rows, error) {
	if !s.bound {
		return r.db.QueryContext(ctx, string(s.text))
	}
	kept, err := r.kept(ctx, s.text)
	if err != nil {
		return nil, err
	}
	return kept.QueryContext(ctx, s.args...)
}

// kept gives a prepared statement that runs where the reader reads: inside its transaction, if it has one.
func (r reader) kept(ctx context.Context, text []byte) (*sql.Stmt, error) {
	s, err := r.prepared.get(ctx, text)
	if transaction, ok := r.db.(bun.Tx); ok && err == nil {
		s = transaction.StmtContext(ctx, s)
	}
	return s, err
}

// run executes all parts of a bound statement.
func (t tx) run(ctx context.Context, s *statement) (changed int64, err error) {
	s.end()
	var from part
	for _, to := range s.parts {
		kept, err := t.kept(ctx, s.text[from.text:to.text])
		if err != nil {
			return 0, err
		}
		result, err := kept.ExecContext(ctx, s.args[from.args:to.args]...)
		if err != nil {
			return 0, err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return 0, err
		}
		changed, from = changed+n, to
	}
	return changed, nil
}
