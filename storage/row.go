package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// insert adds rows, whole or not at all. A taken key is Conflict and leaves the transaction usable: on PostgreSQL an ordinary error
// would end it.
func (t tx) insert(ctx context.Context, rows any, what string) error {
	result, err := t.db.NewInsert().Model(rows).On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return translate(err, what)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return orError(err, taken(what))
	}
	return nil
}

// update writes the columns of one row by its key; NotFound where there is none.
func (t tx) update(ctx context.Context, row any, what string, columns ...string) error {
	query := t.db.NewUpdate().Model(row).Column(columns...).WherePK()
	changed, err := affected(ctx, query, what)
	if err == nil && !changed {
		err = missing(what)
	}
	return err
}

// affected runs an update and says whether it met a row.
func affected(ctx context.Context, query *bun.UpdateQuery, what string) (bool, error) {
	result, err := query.Exec(ctx)
	if err != nil {
		return false, translate(err, what)
	}
	n, err := result.RowsAffected()
	return n > 0, translate(err, what)
}

func orError(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// mapped turns rows into what they mean.
func mapped[R, T any](rows []R, convert func(R) T) []T {
	all := make([]T, len(rows))
	for i, r := range rows {
		all[i] = convert(r)
	}
	return all
}

// stored is a time as both engines keep it.
func stored(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// encode writes a value as JSON text; nil maps and slices are NULL.
func encode[T any](value T, null bool) (*string, error) {
	if null {
		return nil, nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	return new(string(text)), nil
}

// decode reads what encode wrote; NULL leaves the zero value.
func decode[T any](text *string) (value T, err error) {
	if text == nil {
		return value, nil
	}
	if err := json.Unmarshal([]byte(*text), &value); err != nil {
		return value, fmt.Errorf("storage: %w", err)
	}
	return value, nil
}
