package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/pontage/pontage"
)

// after ends the statement of a list by time that begins behind a cursor. The columns created_at and id are an index's.
func after(s *statement, alias string, p pontage.Keyset) (*statement, error) {
	if err := behindCursor(s, alias, p); err != nil {
		return nil, err
	}
	return s.sql(byTime(alias, p) + " LIMIT ").value(func(s *statement) { s.number(int64(p.Limit)) }), nil
}

// behindCursor adds the condition that a row lies behind a cursor.
func behindCursor(s *statement, alias string, p pontage.Keyset) error {
	if p.Limit <= 0 {
		return pontage.E(pontage.InvalidInput, "A page needs a positive limit.").At("limit")
	}
	sign := "<"
	if p.OldestFirst {
		sign = ">"
	}
	if p.After != (pontage.Cursor{}) {
		s.sql(" AND ("+alias+".created_at, "+alias+".id) "+sign+" ").rows(1, func(int) { s.moment(p.After.At).string(p.After.ID) })
	}
	return nil
}

// listAfter runs the statement of such a list.
func listAfter[T any](ctx context.Context, r reader, s *statement, alias string, p pontage.Keyset, what string, targets func(*T) []any) ([]T, error) {
	s, err := after(s, alias, p)
	if err != nil {
		return nil, err
	}
	return list(ctx, r, s, what, targets)
}

// change runs an UPDATE or DELETE of single rows and says how many it met.
func (t tx) change(ctx context.Context, s *statement, what string) (int, error) {
	n, err := t.execute(ctx, s, what)
	return int(n), err
}

// met turns "no row" into NotFound.
func met(n int, err error, what string) error {
	if err == nil && n == 0 {
		return missing(what)
	}
	return err
}

// json adds a value as JSON text.
func (s *statement) json(value any) *statement {
	text, err := json.Marshal(value)
	s.refused = s.refused || err != nil
	return s.string(string(text))
}

// jsonInto reads what json wrote; NULL and the empty text leave the zero value.
func jsonInto[T any](to *T) sql.Scanner {
	return scanner(func(source any) error {
		var text string
		if err := textInto(&text).Scan(source); err != nil || text == "" {
			return err
		}
		if err := json.Unmarshal([]byte(text), to); err != nil {
			return fmt.Errorf("storage: %w", err)
		}
		return nil
	})
}
