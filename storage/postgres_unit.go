package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
)

// lazily is a unit of work on PostgreSQL that goes to the server as seldom as it can: it begins with its first statement, and writes
// that nobody waits for travel with the next statement or with the commit. A unit of such writes alone is one round trip.
type lazily struct {
	bun.Conn
	begun bool
	// later are the writes that wait.
	later []step
}

const begin = "BEGIN ISOLATION LEVEL READ COMMITTED"

// ahead is what must be sent before the next statement.
func (l *lazily) ahead() []step {
	steps := l.later
	if !l.begun {
		steps = append([]step{{text: begin}}, steps...)
	}
	l.begun, l.later = true, nil
	return steps
}

// commit makes the unit durable. What was never begun is one round trip, from its begin on.
func (l *lazily) commit(ctx context.Context) error {
	switch {
	case l.begun && l.status() == statusFailed: // the server would answer COMMIT by rolling back, and not call it an error
		return errRolledBack
	case !l.begun && len(l.later) == 0:
		return nil
	}
	steps := l.later
	if !l.begun {
		steps = l.ahead()
	}
	l.later = nil
	return l.sendSteps(ctx, append(steps, step{text: "COMMIT"}), nil)
}

var errRolledBack = errors.New("storage: a statement of the unit of work failed and its error was lost")

// rollback ends a transaction that is still open. It needs no context of the caller's: where it fails, the pool closes the connection.
func (l *lazily) rollback() {
	if !l.begun || l.status() == statusIdle {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), rollbackTimeout)
	defer cancel()
	_, _ = l.send(ctx, "ROLLBACK")
}

const rollbackTimeout = 5 * time.Second

// The states of a connection, as the protocol names them.
const (
	statusIdle   = 'I'
	statusFailed = 'E'
)

func (l *lazily) status() (status byte) {
	_ = l.Conn.Conn.Raw(func(connection any) error {
		status = connection.(*stdlib.Conn).Conn().PgConn().TxStatus()
		return nil
	})
	return status
}

// send is one round trip. A context that has ended already says so itself; the driver would call the connection bad.
func (l *lazily) send(ctx context.Context, text string) (sql.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return l.Conn.Conn.ExecContext(ctx, text)
}

// ExecContext runs a statement, in one round trip with a begin that must be sent before. Its text holds its values.
func (l *lazily) ExecContext(ctx context.Context, query string, _ ...any) (sql.Result, error) {
	steps := l.ahead()
	if len(steps) == 1 && steps[0].text == begin {
		return l.send(ctx, begin+";"+query)
	}
	if err := l.sendSteps(ctx, steps, nil); err != nil {
		return nil, err
	}
	return l.send(ctx, query)
}

// QueryContext runs a query; what must be sent before has a round trip of its own, since only the first result of a text is read.
func (l *lazily) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := l.sendSteps(ctx, l.ahead(), nil); err != nil {
		return nil, err
	}
	return l.Conn.Conn.QueryContext(ctx, query, args...)
}

// NewSelect and its siblings make bun's queries go through the methods above.
func (l *lazily) NewSelect() *bun.SelectQuery { return l.Conn.NewSelect().Conn(l) }

// NewInsert implements bun.IDB.
func (l *lazily) NewInsert() *bun.InsertQuery { return l.Conn.NewInsert().Conn(l) }

// NewUpdate implements bun.IDB.
func (l *lazily) NewUpdate() *bun.UpdateQuery { return l.Conn.NewUpdate().Conn(l) }

// NewDelete implements bun.IDB.
func (l *lazily) NewDelete() *bun.DeleteQuery { return l.Conn.NewDelete().Conn(l) }

// NewRaw implements bun.IDB.
func (l *lazily) NewRaw(query string, args ...any) *bun.RawQuery {
	return l.Conn.NewRaw(query, args...).Conn(l)
}

// insertLater is insertFresh of one row for units of work that end where the key is taken: on PostgreSQL it is sent with what comes
// after it, and so is its error.
func (t tx) insertLater(ctx context.Context, s *statement, what string) error {
	if !s.planned {
		return t.insertFresh(ctx, s, 1, what)
	}
	return t.later(s)
}

// later sends a planned statement with what comes after it.
func (t tx) later(s *statement) error {
	if s.refused {
		return errNUL
	}
	unit := t.db.(*lazily) // every unit of work on PostgreSQL is one
	unit.later = append(unit.later, s.steps()...)
	return nil
}
