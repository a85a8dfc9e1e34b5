package storage

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
)

// pageOfEach is a list that is read for several parents at once, a page of each: columns of from, sorted by time and id of alias, the
// places counted anew for each parent.
type pageOfEach struct{ columns, from, alias, parent string }

// byTime is the order of a page.
func byTime(alias string, p pontage.Keyset) string {
	order := " DESC"
	if p.OldestFirst {
		order = " ASC"
	}
	return " ORDER BY " + alias + ".created_at" + order + ", " + alias + ".id" + order
}

// begin is the statement up to the list of parents; conditions may follow that.
func (e pageOfEach) begin(p pontage.Keyset) string {
	return e.head(p) + e.from + " WHERE " + e.parent + " IN "
}

// head is the statement up to what it reads from.
func (e pageOfEach) head(p pontage.Keyset) string {
	return "SELECT * FROM (SELECT " + e.columns + ", row_number() OVER (PARTITION BY " + e.parent + byTime(e.alias, p) + ") AS place FROM "
}

// listEach ends such a statement and runs it.
func listEach[T any](ctx context.Context, r reader, s *statement, e pageOfEach, p pontage.Keyset, what string, targets func(*T) []any) ([]T, error) {
	if err := behindCursor(s, e.alias, p); err != nil {
		return nil, err
	}
	s.sql(") page WHERE place <= ").value(func(s *statement) { s.number(int64(p.Limit)) })
	var place int64
	return list(ctx, r, s.sql(byTime("page", p)), what, func(t *T) []any { return append(targets(t), &place) })
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

// holds adds the condition that a text holds a part, whatever the case of ASCII letters: all that both engines fold alike.
func (s *statement) holds(column, part string) *statement {
	if part == "" {
		return s
	}
	lower := func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	find := "instr(lower(" + column + "), "
	if s.postgres {
		find = "strpos(lower(" + column + ` COLLATE "C"), `
	}
	return s.sql(" AND " + find).value(func(s *statement) { s.string(strings.Map(lower, part)) }).sql(") > 0")
}
