package storage

import (
	"time"

	"github.com/pontage/pontage"
)

// sorting is what a list compares: a time, or a text as pontage.SortText makes it.
type sorting struct {
	by   string
	text bool
}

// sortings are what a list can be sorted by beside by time.
type sortings map[pontage.SortKey]func(s *statement) sorting

// byText sorts by a text.
func byText(expression string) func(*statement) sorting {
	return func(s *statement) sorting { return sorting{s.lower(expression), true} }
}

// byMoment sorts by a time that may be missing.
func byMoment(expression string) func(*statement) sorting {
	return func(s *statement) sorting {
		never := "'" + pontage.SortTime(time.Time{}).Format(sqliteTime) + "'"
		if s.postgres {
			never = "timestamptz 'epoch'"
		}
		return sorting{"coalesce(" + expression + ", " + never + ")", false}
	}
}

// sorted is what a page of a list compares, its time of creation if nothing else is asked; InvalidInput at "order" for what the list does not know.
func (s *statement) sorted(creation string, by pontage.SortKey, all sortings) (sorting, error) {
	if by == "" {
		return sorting{by: creation}, nil
	}
	known, ok := all[by]
	if !ok {
		return sorting{}, pontage.E(pontage.InvalidInput, "This list cannot be sorted so.").At("order")
	}
	return known(s), nil
}

// lower folds what both engines fold alike, and compares by bytes.
func (s *statement) lower(expression string) string {
	if s.postgres {
		return "lower((" + expression + `) COLLATE "C")`
	}
	return "lower(" + expression + ")"
}

// order is the end of a sorted list's statement.
func (o sorting) order(id string, ascending bool) string {
	direction := " DESC"
	if ascending {
		direction = " ASC"
	}
	return " ORDER BY " + o.by + direction + ", " + id + direction
}

// behind adds the condition that a row lies behind the page's cursor.
func (o sorting) behind(s *statement, id string, p pontage.Keyset) error {
	if p.Limit <= 0 {
		return pontage.E(pontage.InvalidInput, "A page needs a positive limit.").At("limit")
	}
	if p.After == (pontage.Cursor{}) {
		return nil
	}
	sign := "<"
	if p.OldestFirst {
		sign = ">"
	}
	s.sql(" AND ("+o.by+", "+id+") "+sign+" ").rows(1, func(int) {
		if o.text {
			s.string(p.After.Key)
		} else {
			s.moment(p.After.At)
		}
		s.string(p.After.ID)
	})
	return nil
}
