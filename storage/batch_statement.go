package storage

import (
	"context"
	"database/sql"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun/schema"

	"github.com/pontage/pontage"
)

// statement is SQL text with its values written into it by bun's dialect. It exists for the statements that carry many rows: it
// needs no reflection, and several of them can travel to the server as one text.
type statement struct {
	dialect  schema.Dialect
	postgres bool
	text     []byte
	// first says that the next value opens its bracket and needs no comma.
	first bool
	// refused says that a value held a NUL, which neither engine can keep.
	refused bool
}

func (r reader) statement(text string) *statement {
	s := &statement{dialect: r.db.Dialect(), postgres: r.postgres}
	return s.sql(text)
}

// sql adds text as it stands; it must never hold a value from outside.
func (s *statement) sql(text string) *statement {
	s.text = append(s.text, text...)
	return s
}

// rows adds "(…),(…)", one bracket per index, with what write adds for it.
func (s *statement) rows(count int, write func(i int)) *statement {
	for i := range count {
		if i > 0 {
			s.text = append(s.text, ',')
		}
		s.text = append(s.text, '(')
		s.first = true
		write(i)
		s.text = append(s.text, ')')
	}
	return s
}

// list adds "(a,b,…)" for IN.
func (s *statement) list(count int, write func(i int)) *statement {
	return s.rows(1, func(int) {
		for i := range count {
			write(i)
		}
	})
}

func (s *statement) comma() {
	if !s.first {
		s.text = append(s.text, ',')
	}
	s.first = false
}

// string adds a quoted value, the empty one too.
func (s *statement) string(value string) *statement {
	s.comma()
	if strings.IndexByte(value, 0) >= 0 {
		s.refused = true
		return s
	}
	s.text = s.dialect.AppendString(s.text, value)
	return s
}

// optional adds NULL for the empty string.
func (s *statement) optional(value string) *statement {
	if value == "" {
		return s.null()
	}
	return s.string(value)
}

func (s *statement) null() *statement {
	s.comma()
	s.text = append(s.text, "NULL"...)
	return s
}

func (s *statement) number(value int64) *statement {
	s.comma()
	s.text = strconv.AppendInt(s.text, value, 10)
	return s
}

func (s *statement) flag(value bool) *statement {
	s.comma()
	s.text = s.dialect.AppendBool(s.text, value)
	return s
}

// time adds NULL for the zero time. The type is said where PostgreSQL could not tell it from its place.
func (s *statement) time(value time.Time) *statement {
	if value.IsZero() {
		return s.null()
	}
	s.comma()
	s.text = s.dialect.AppendTime(s.text, value)
	if s.postgres {
		s.text = append(s.text, "::timestamptz"...)
	}
	return s
}

func (s *statement) address(value netip.Addr) *statement {
	if !value.IsValid() {
		return s.null()
	}
	return s.string(value.String())
}

// value adds one value outside of any bracket.
func (s *statement) value(write func(*statement)) *statement {
	s.first = true
	write(s)
	return s
}

// words gives the i-th element of a slice of typed strings to list and rows.
func words[T ~string](s *statement, values []T) func(int) {
	return func(i int) { s.string(string(values[i])) }
}

var errNUL = pontage.E(pontage.InvalidInput, "The text contains characters that cannot be stored.")

// each runs s and hands every row to scan.
func (r reader) each(ctx context.Context, s *statement, what string, scan func(*sql.Rows) error) error {
	if s.refused {
		return errNUL
	}
	rows, err := r.db.QueryContext(ctx, string(s.text))
	if err != nil {
		return translate(err, what)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return translate(err, what)
		}
	}
	return translate(rows.Err(), what)
}

// execute runs s and says how many rows it changed; for several statements in one text that number means nothing.
func (t tx) execute(ctx context.Context, s *statement, what string) (int64, error) {
	if s.refused {
		return 0, errNUL
	}
	result, err := t.db.ExecContext(ctx, string(s.text))
	if err != nil {
		return 0, translate(err, what)
	}
	n, err := result.RowsAffected()
	return n, translate(err, what)
}
