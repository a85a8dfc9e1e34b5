package storage

import (
	"context"
	"database/sql"
)

// row is what a query's result gives of one row; *sql.Rows is one.
type row interface{ Scan(targets ...any) error }

// query is a statement and what becomes of its rows; scan is nil where it gives none.
type query struct {
	statement *statement
	what      string
	scan      func(row) error
}

// queryAll runs queries in their order; nil ones are left out.
func (t tx) queryAll(ctx context.Context, queries []*query) error {
	for _, q := range queries {
		if q == nil {
			continue
		}
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
