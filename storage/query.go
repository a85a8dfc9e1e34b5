package storage

import (
	"context"
	"database/sql"
	"slices"
)

// row is what a query's result gives of one row; *sql.Rows is one.
type row interface{ Scan(targets ...any) error }

// query is a statement and what becomes of its rows; scan is nil where it gives none.
type query struct {
	statement *statement
	what      string
	scan      func(row) error
}

// queryAll runs queries in their order, on PostgreSQL in one round trip; nil ones are left out.
func (t tx) queryAll(ctx context.Context, queries []*query) error {
	queries = slices.DeleteFunc(queries, func(q *query) bool { return q == nil })
	if len(queries) == 0 {
		return nil
	}
	if unit, ok := t.db.(*lazily); ok {
		for _, q := range queries {
			if q.statement.refused {
				return errNUL
			}
		}
		return translate(unit.queryTogether(ctx, queries), "batch")
	}
	for _, q := range queries {
		err := t.each(ctx, q.statement, q.what, func(rows *sql.Rows) error {
			if q.scan == nil {
				return nil
			}
			return q.scan(rows)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
