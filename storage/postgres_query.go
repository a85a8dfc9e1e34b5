package storage

import (
	"context"
	"database/sql"
	"strings"

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

// queryTogether runs queries in one round trip, with what must be sent before. They are one text, of which PostgreSQL runs statement
// by statement, each on what was committed when it began: what follows a lock sees what the lock waited for.
func (l *lazily) queryTogether(ctx context.Context, queries []*query) error {
	var text strings.Builder
	ahead := l.ahead()
	text.WriteString(ahead)
	for _, q := range queries {
		text.Write(q.statement.text)
		text.WriteByte(';')
	}
	return l.Conn.Raw(func(connection any) error {
		results := connection.(*stdlib.Conn).Conn().PgConn().Exec(ctx, text.String())
		err := readResults(results, strings.Count(ahead, ";"), queries)
		if closed := results.Close(); closed != nil { // what went wrong at the server is said here
			return closed
		}
		return err
	})
}

// readResults hands the rows to the queries they belong to; the first results belong to none.
func readResults(results *pgconn.MultiResultReader, before int, queries []*query) error {
	for n := -before; results.NextResult(); n++ {
		if n < 0 || queries[n].scan == nil {
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
