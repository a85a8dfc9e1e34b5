package storage

import (
	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

var errPage = pontage.E(pontage.InvalidInput, "A page needs a positive limit and no negative skip.").At("limit")

// direction is how a page compares and sorts.
func direction(p pontage.Page) (behind, order string) {
	if p.OldestFirst {
		return " > ", " ASC"
	}
	return " < ", " DESC"
}

// behind adds " AND (at, id) < (…)": the rows that come after the page's place.
func behind(s *statement, at, id string, p pontage.Page) *statement {
	if p.After.Zero() {
		return s
	}
	sign, _ := direction(p)
	s.sql(" AND (" + at + ", " + id + ")" + sign + "(").value(func(s *statement) { s.time(p.After.At) })
	return s.sql(", ").value(func(s *statement) { s.string(p.After.ID) }).sql(")")
}

// listed ends the statement of a list that has at least one condition: what comes behind the page's place, in its order, and no more
// than the page.
func listed(s *statement, at, id string, p pontage.Page) (*statement, error) {
	_, order := direction(p)
	return page(behind(s, at, id, p).sql(" ORDER BY "+at+order+", "+id+order), p)
}

// page adds the end of a list's statement; an empty list is cheaper refused than asked for. SQLite plans anew for each value of a LIMIT
// that is a parameter alone, and never for one in a sum.
func page(s *statement, p pontage.Page) (*statement, error) {
	if p.Limit <= 0 || p.Skip < 0 {
		return nil, errPage
	}
	s.rowsExpected = p.Limit
	s.sql(" LIMIT 0 + ").value(func(s *statement) { s.number(int64(p.Limit)) })
	return s.sql(" OFFSET 0 + ").value(func(s *statement) { s.number(int64(p.Skip)) }), nil
}

// paged is listed for a query of bun's on the table with this alias. A page without a limit would read everything, so it is refused.
func paged(query *bun.SelectQuery, alias string, p pontage.Page) (*bun.SelectQuery, error) {
	if p.Limit <= 0 || p.Skip < 0 {
		return nil, errPage
	}
	sign, order := direction(p)
	if !p.After.Zero() {
		query.Where("("+alias+".created_at, "+alias+".id)"+sign+"(?, ?)", stored(p.After.At), p.After.ID)
	}
	return query.Order(alias+".created_at"+order, alias+".id"+order).Limit(int64(p.Limit)).Offset(int64(p.Skip)), nil
}
