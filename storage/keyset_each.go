package storage

import (
	"context"

	"github.com/pontage/pontage"
)

// pageOfEach is a list that is read for several parents at once, a page of each: columns of from, sorted by time, or by another of the columns, and
// id of alias, the places counted anew for each parent.
type pageOfEach struct {
	columns, from, alias, parent string
	// by is a text column, empty for created_at.
	by string
}

func (e pageOfEach) sorting(alias string) sorting {
	if e.by == "" {
		return sorting{by: alias + ".created_at"}
	}
	return sorting{alias + "." + e.by, true}
}

func (e pageOfEach) order(alias string, p pontage.Keyset) string {
	return e.sorting(alias).order(alias+".id", p.OldestFirst)
}

// begin is the statement up to the list of parents; conditions may follow that.
func (e pageOfEach) begin(p pontage.Keyset) string {
	return e.head(p) + e.from + " WHERE " + e.parent + " IN "
}

// head is the statement up to what it reads from.
func (e pageOfEach) head(p pontage.Keyset) string {
	return "SELECT * FROM (SELECT " + e.columns + ", row_number() OVER (PARTITION BY " + e.parent + e.order(e.alias, p) + ") AS place FROM "
}

// listEach ends such a statement and runs it.
func listEach[T any](ctx context.Context, r reader, s *statement, e pageOfEach, p pontage.Keyset, what string, targets func(*T) []any) ([]T, error) {
	if err := e.sorting(e.alias).behind(s, e.alias+".id", p); err != nil {
		return nil, err
	}
	s.sql(") page WHERE place <= ").value(func(s *statement) { s.number(int64(p.Limit)) })
	var place int64
	return list(ctx, r, s.sql(e.order("page", p)), what, func(t *T) []any { return append(targets(t), &place) })
}

// either adds the condition or its opposite; nil adds nothing. A condition that is unknown does not hold.
func (s *statement) either(want *bool, condition string) *statement {
	if want == nil {
		return s
	}
	return s.sql(" AND coalesce(" + condition + ", FALSE) = ").value(func(s *statement) { s.flag(*want) })
}

// set is the condition that a flag in a JSON column is set.
func (s *statement) set(column, name string) string {
	if s.postgres {
		return "(" + column + "::json ->> '" + name + "')::boolean"
	}
	return "json_extract(" + column + ", '$." + name + "')"
}

// field is a text in a JSON column.
func (s *statement) field(column, name string) string {
	if s.postgres {
		return "(" + column + "::json ->> '" + name + "')"
	}
	return "json_extract(" + column + ", '$." + name + "')"
}

// holds adds the condition that a text holds a part, whatever the case of ASCII letters: all that both engines fold alike.
func (s *statement) holds(column, part string) *statement {
	if part == "" {
		return s
	}
	find := "instr("
	if s.postgres {
		find = "strpos("
	}
	return s.sql(" AND " + find + s.lower(column) + ", ").value(func(s *statement) { s.string(pontage.SortText(part)) }).sql(") > 0")
}
