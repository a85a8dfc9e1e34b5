package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"iter"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun/schema"

	"github.com/pontage/pontage"
)

// statement is SQL without reflection. Its values are written into the text by bun's dialect, so that several statements with many
// rows travel to a server as one; or, on SQLite, where nothing travels and parsing is what costs, the values of a bound statement are
// bound to one that is kept prepared.
type statement struct {
	dialect  schema.Dialect
	postgres bool
	bound    bool
	text     []byte
	args     []any
	// parts are where the single statements of a bound text end.
	parts []part
	// first says that the next value opens its bracket and needs no comma.
	first bool
	// rowsExpected is how many rows a page may have; 0 where nobody knows.
	rowsExpected int
	// refused says that a value held a NUL, which neither engine can keep.
	refused bool

	// planned says that the values go into columns; within rows, next is the column of the next one.
	planned bool
	columns []*column
	inRows  bool
	next    int
}

// part is an end in text and args, or columns.
type part struct{ text, args int }

// fixed is a statement whose text, but for the values, comes in few forms: on SQLite it is bound.
func (r reader) fixed(text string) *statement {
	s := r.statement(text)
	s.bound = !r.postgres
	return s
}

// kept is a statement that is bound and prepared on both engines: for reads whose plan never hangs on their values, and that PostgreSQL
// would spend longer on planning than on running.
func (r reader) kept(text string) *statement {
	s := r.statement(text)
	s.bound = true
	return s
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

// end ends one of several statements.
func (s *statement) end() *statement {
	if !s.bound && !s.planned {
		return s.sql(";")
	}
	if last := (part{len(s.text), len(s.args) + len(s.columns)}); len(s.parts) == 0 && last.text > 0 || len(s.parts) > 0 && s.parts[len(s.parts)-1] != last {
		s.parts = append(s.parts, last)
	}
	return s
}

// most is how many of the rows that are left one statement carries. A bound one carries one of few numbers, so that its texts are few.
func (s *statement) most(left int) int {
	switch {
	case !s.bound: // planned ones too
		return min(left, rowsPerStatement)
	case left >= 64:
		return 64
	case left >= 16:
		return 16
	case left >= 4:
		return 4
	}
	return 1
}

// chunks cuts rows into what one statement carries each.
func chunks[T any](s *statement, rows []T) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		for len(rows) > 0 {
			n := s.most(len(rows))
			if !yield(rows[:n]) {
				return
			}
			rows = rows[n:]
		}
	}
}

// bind adds a value to a bound statement.
func (s *statement) bind(value any) *statement {
	s.args = append(s.args, value)
	if s.postgres {
		s.text = strconv.AppendInt(append(s.text, '$'), int64(len(s.args)), 10)
	} else {
		s.text = append(s.text, '?')
	}
	return s
}

// rows adds "(…),(…)", one bracket per index, with what write adds for it.
func (s *statement) rows(count int, write func(i int)) *statement {
	if s.planned && count > 1 {
		return s.unnested(count, write)
	}
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

// list adds "(a,b,…)".
func (s *statement) list(count int, write func(i int)) *statement {
	return s.rows(1, func(int) {
		for i := range count {
			write(i)
		}
	})
}

// in adds "(a,b,…)" for IN; bound, it is one value, an array, whatever its length.
func in[T ~string](s *statement, values []T) *statement {
	if s.bound && s.postgres {
		return s.sql("(SELECT unnest(").bind(mapped(values, func(v T) string { return string(v) })).sql("::text[]))")
	}
	if s.bound {
		return s.sql("(SELECT value FROM json_each(").array(values).sql("))")
	}
	if s.planned && len(values) > 1 {
		return s.sql("(").unnested(len(values), func(i int) { s.string(string(values[i])) }).sql(")")
	}
	return s.list(len(values), func(i int) { s.string(string(values[i])) })
}

// array binds a JSON array.
func (s *statement) array(values any) *statement {
	text, err := json.Marshal(values)
	s.refused = s.refused || err != nil
	return s.bind(string(text))
}

func (s *statement) comma() {
	if s.inRows {
		return
	}
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
	if s.bound {
		return s.bind(strings.ToValidUTF8(value, "\uFFFD"))
	}
	if s.planned {
		s.column(kindText).text(strings.ToValidUTF8(value, "\uFFFD"))
		return s
	}
	s.text = s.dialect.AppendString(s.text, value)
	return s
}

// optional adds NULL for the empty string.
func (s *statement) optional(value string) *statement {
	if value == "" {
		return s.null(kindText)
	}
	return s.string(value)
}

func (s *statement) null(k *kind) *statement {
	s.comma()
	if s.planned {
		s.column(k).null()
		return s
	}
	if s.bound {
		return s.bind(nil)
	}
	s.text = append(s.text, "NULL"...)
	return s
}

func (s *statement) number(value int64) *statement {
	s.comma()
	if s.bound {
		return s.bind(value)
	}
	if s.planned {
		s.column(kindNumber).number(value)
		return s
	}
	s.text = strconv.AppendInt(s.text, value, 10)
	return s
}

func (s *statement) flag(value bool) *statement {
	s.comma()
	if s.bound {
		return s.bind(value)
	}
	if s.planned {
		s.column(kindFlag).flag(value)
		return s
	}
	s.text = s.dialect.AppendBool(s.text, value)
	return s
}

// time adds NULL for the zero time. The type is said where PostgreSQL could not tell it from its place.
func (s *statement) time(value time.Time) *statement {
	if value.IsZero() {
		return s.null(kindTime)
	}
	s.comma()
	if s.bound {
		return s.bind(value.UTC().Format(sqliteTime))
	}
	if s.planned {
		s.column(kindTime).time(value)
		return s
	}
	s.text = s.dialect.AppendTime(s.text, value)
	if s.postgres {
		s.text = append(s.text, "::timestamptz"...)
	}
	return s
}

// moment adds a time that is never NULL.
func (s *statement) moment(value time.Time) *statement {
	switch {
	case !value.IsZero():
		return s.time(value)
	case s.planned:
		s.comma()
		s.column(kindTime).time(value)
		return s
	}
	return s.string("0001-01-01 00:00:00+00:00")
}

func (s *statement) address(value netip.Addr) *statement {
	if !value.IsValid() {
		return s.null(kindText)
	}
	return s.string(value.String())
}

// hash adds bytes that may be none but never NULL.
func (s *statement) hash(value []byte) *statement {
	s.comma()
	if s.bound {
		return s.bind(notNil(value))
	}
	if s.planned {
		s.column(kindBytes).text(string(value))
		return s
	}
	s.text = s.dialect.AppendBytes(s.text, notNil(value))
	return s
}

// value adds one value outside of any bracket.
func (s *statement) value(write func(*statement)) *statement {
	s.first = true
	write(s)
	return s
}

var errNUL = pontage.E(pontage.InvalidInput, "The text contains characters that cannot be stored.")

// each runs s and hands every row to scan.
func (r reader) each(ctx context.Context, s *statement, what string, scan func(*sql.Rows) error) error {
	if s.refused {
		return errNUL
	}
	rows, err := r.query(ctx, s)
	if err == nil {
		err = scanAll(rows, scan)
	}
	if err == nil && r.syncs != nil {
		err = r.syncs.seen(ctx)
	}
	return translate(err, what)
}

func scanAll(rows *sql.Rows, scan func(*sql.Rows) error) error {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// execute runs s and says how many rows it changed; for several statements in one text that number means nothing.
func (t tx) execute(ctx context.Context, s *statement, what string) (int64, error) {
	if s.refused {
		return 0, errNUL
	}
	if s.bound {
		n, err := t.run(ctx, s)
		return n, translate(err, what)
	}
	if s.planned {
		return 0, t.later(s)
	}
	result, err := t.db.ExecContext(ctx, string(s.text))
	if err != nil {
		return 0, translate(err, what)
	}
	n, err := result.RowsAffected()
	return n, translate(err, what)
}
