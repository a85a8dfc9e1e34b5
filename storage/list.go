package storage

import (
	"context"
	"database/sql"
)

// maxRowsAhead bounds for how many rows memory is taken when the first has come: a page with the row that says whether there is another.
const maxRowsAhead = 101

// list runs s and gives its rows; targets names the places of one row's columns.
func list[T any](ctx context.Context, r reader, s *statement, what string, targets func(*T) []any) ([]T, error) {
	if s.bound && !s.postgres {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		// SQLite's short reads are over before anybody hangs up; to be ready for it costs two goroutines a read.
		ctx = context.WithoutCancel(ctx)
	}
	var all []T
	var row, empty T
	places := targets(&row)
	err := r.each(ctx, s, what, func(rows *sql.Rows) error {
		row = empty
		if err := rows.Scan(places...); err != nil {
			return err
		}
		if all == nil {
			all = make([]T, 0, min(s.rowsExpected, maxRowsAhead))
		}
		all = append(all, row)
		return nil
	})
	return all, err
}

// one is list for the statements that find one row or none, which is NotFound.
func one[T any](ctx context.Context, r reader, s *statement, what string, targets func(*T) []any) (*T, error) {
	all, err := list(ctx, r, s, what, targets)
	switch {
	case err != nil:
		return nil, err
	case len(all) == 0:
		return nil, missing(what)
	}
	return &all[0], nil
}
