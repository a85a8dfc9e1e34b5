package storage

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
)

// queryKept runs a bound statement that each connection prepares once. It goes past bun, which would write the values into the text.
func (r reader) queryKept(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	args = append([]any{pgx.QueryExecModeCacheStatement}, args...)
	switch db := r.db.(type) {
	case *bun.DB:
		return db.DB.QueryContext(ctx, text, args...)
	case bun.Tx:
		return db.Tx.QueryContext(ctx, text, args...)
	}
	return r.db.QueryContext(ctx, text, args...)
}

// step is a statement on its way to the server; a planned one is prepared and has parameters.
type step struct {
	text    string
	planned bool
	columns []*column
}

func (s step) parameters() [][]byte {
	return mapped(s.columns, (*column).parameter)
}

// allBinary says that parameters are in binary form, all of them.
var allBinary = []int16{1}

// queryTogether runs queries in one round trip, with what must be sent before. PostgreSQL runs statement by statement, each on what was
// committed when it began: what follows a lock sees what the lock waited for.
func (l *lazily) queryTogether(ctx context.Context, queries []*query) error {
	steps := l.ahead()
	results := make([]*query, len(steps), len(steps)+len(queries))
	for _, q := range queries {
		more := q.statement.steps()
		steps = append(steps, more...)
		results = append(results, q)
	}
	return l.sendSteps(ctx, steps, results)
}

// sendSteps is one round trip, and one more for what the connection has not prepared yet. The rows of a step go to the query beside it.
func (l *lazily) sendSteps(ctx context.Context, steps []step, queries []*query) error {
	if len(steps) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return l.Conn.Raw(func(connection any) error {
		conn := connection.(*stdlib.Conn).Conn()
		var batch pgconn.Batch
		for _, s := range steps {
			if !s.planned {
				batch.ExecParams(s.text, nil, nil, nil, nil)
				continue
			}
			prepared, err := conn.Prepare(ctx, s.text, s.text)
			if err != nil {
				return err
			}
			batch.ExecStatement(prepared, s.parameters(), allBinary, nil)
		}
		results := conn.PgConn().ExecBatch(ctx, &batch)
		err := readResults(results, queries)
		if closed := results.Close(); closed != nil { // what went wrong at the server is said here
			return closed
		}
		return err
	})
}

// readResults hands the rows to the queries they belong to; nil ones take none.
func readResults(results *pgconn.MultiResultReader, queries []*query) error {
	for n := 0; results.NextResult(); n++ {
		if n >= len(queries) || queries[n] == nil || queries[n].scan == nil {
			_, _ = results.ResultReader().Close() // its error is the whole's too
			continue
		}
		r := textRow{fields: results.ResultReader().FieldDescriptions()}
		for results.ResultReader().NextRow() {
			r.values = results.ResultReader().Values()
			if err := queries[n].scan(&r); err != nil {
				return translate(err, queries[n].what)
			}
		}
	}
	return nil
}
