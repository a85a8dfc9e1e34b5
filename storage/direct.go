package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
)

// direct runs the writer's prepared statements at SQLite's driver: database/sql would copy every argument of every statement. Like the
// connection it belongs to who owns the writer's turn.
type direct struct {
	conn   *sql.Conn
	known  map[string]driver.Stmt
	values []driver.NamedValue
	// scratch is the text that batches and folds are gathered in, one after the other.
	scratch statement
}

func newDirect(conn *sql.Conn) *direct { return &direct{conn: conn, known: map[string]driver.Stmt{}} }

// exec runs one statement; it is prepared the first time, outside of any context that may end.
func (d *direct) exec(ctx context.Context, text []byte, args []any) (driver.Result, error) {
	kept, ok := d.known[string(text)]
	if !ok {
		var err error
		if kept, err = d.prepare(context.WithoutCancel(ctx), string(text)); err != nil {
			return nil, err
		}
	}
	d.values = d.values[:0]
	for i, arg := range args {
		d.values = append(d.values, driver.NamedValue{Ordinal: i + 1, Value: arg})
	}
	return kept.(driver.StmtExecContext).ExecContext(ctx, d.values)
}

func (d *direct) prepare(ctx context.Context, text string) (kept driver.Stmt, err error) {
	err = d.conn.Raw(func(connection any) error {
		preparer, ok := connection.(driver.ConnPrepareContext)
		if !ok {
			return fmt.Errorf("storage: the driver's %T prepares nothing", connection)
		}
		kept, err = preparer.PrepareContext(ctx, text)
		return err
	})
	if err == nil {
		d.known[text] = kept
	}
	return kept, err
}

func (d *direct) close() {
	for _, kept := range d.known {
		_ = kept.Close()
	}
}

// gathered is an empty text for many rows. There is one at a time: it must be executed before the next is asked for.
func (t tx) gathered() *statement {
	s := t.planned("")
	if t.direct == nil {
		return s
	}
	old := &t.direct.scratch
	clear(old.args) // so that nothing is kept alive by what was written last
	s.text, s.args, s.parts = old.text[:0], old.args[:0], old.parts[:0]
	*old = *s
	return old
}
