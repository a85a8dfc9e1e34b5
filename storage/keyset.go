package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/pontage/pontage"
)

// listAfter ends the statement of a list by time that begins behind a cursor, and runs it. The columns created_at and id are an index's.
func listAfter[T any](ctx context.Context, r reader, s *statement, alias string, p pontage.Keyset, what string, targets func(*T) []any) ([]T, error) {
	return listSorted(ctx, r, s, alias, nil, p, what, targets)
}

// listSorted is listAfter for a list that can be sorted otherwise, too.
func listSorted[T any](ctx context.Context, r reader, s *statement, alias string, all sortings, p pontage.Keyset, what string, targets func(*T) []any) ([]T, error) {
	by, err := s.sorted(alias+".created_at", p.By, all)
	if err != nil {
		return nil, err
	}
	if err := by.behind(s, alias+".id", p); err != nil {
		return nil, err
	}
	s.sql(by.order(alias+".id", p.OldestFirst) + " LIMIT ").value(func(s *statement) { s.number(int64(p.Limit)) })
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
