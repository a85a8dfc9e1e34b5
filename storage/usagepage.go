package storage

import (
	"context"
	"math"

	"github.com/pontage/pontage"
)

// usagePage collects a page of calls.
type usagePage struct {
	pontage.UsageCallQuery
	skip, limit int
	oldest      bool
	// behind is the sequence of the call behind which the page begins.
	behind int64
	calls  []pontage.Call
}

// usagePage begins the page that is asked for; nil where it is behind a call that was deleted, and all that is older with it.
func (r reader) usagePage(ctx context.Context, q pontage.UsageCallQuery) (*usagePage, error) {
	p := &usagePage{UsageCallQuery: q, skip: q.Page.Skip, limit: q.Page.Limit, oldest: q.Page.OldestFirst, behind: math.MaxInt64}
	if p.oldest {
		p.behind = 0
	}
	if q.Page.After.Zero() {
		return p, nil
	}
	after, _, err := r.Call(ctx, pontage.CallID(q.Page.After.ID))
	switch {
	case pontage.CodeOf(err) == pontage.NotFound && p.oldest: // what is left of the list is younger
		return p, nil
	case pontage.CodeOf(err) == pontage.NotFound:
		return nil, nil
	case err != nil:
		return nil, err
	}
	p.behind = after.Sequence
	return p, nil
}

// bounds are the first and the last sequence that the page may hold.
func (p *usagePage) bounds() (first, last int64) {
	if p.oldest {
		return p.behind + 1, math.MaxInt64
	}
	return 1, p.behind - 1
}

func (p *usagePage) order(column string) string {
	if p.oldest {
		return " ORDER BY " + column
	}
	return " ORDER BY " + column + " DESC"
}

// of narrows a statement to those of the calls that belong to the page's list.
func (p *usagePage) of(s *statement, sequences []int64) *statement {
	s.sql(" WHERE c.sequence IN ").list(len(sequences), func(i int) { s.number(sequences[i]) })
	return p.narrow(s).sql(notReleased)
}

// narrow adds what the query asks of calls beside their line.
func (p *usagePage) narrow(s *statement) *statement {
	if p.ClientID != "" {
		s.sql(" AND c.lineage_id IN (SELECT l.id FROM lineages l WHERE l.client_id = ").value(func(s *statement) { s.string(string(p.ClientID)) }).sql(")")
	}
	if p.LineageID != "" {
		s.sql(" AND c.lineage_id = ").value(func(s *statement) { s.string(string(p.LineageID)) })
	}
	if p.ScopeID != "" {
		s.sql(" AND c.scope_id = ").value(func(s *statement) { s.string(string(p.ScopeID)) })
	}
	return s
}

func (p *usagePage) full() bool { return len(p.calls) == p.limit }

// missing is how many calls the page still needs, with those before it.
func (p *usagePage) missing() int { return p.skip + p.limit - len(p.calls) }

// atOnce is how many calls are looked up at once: hardly more than are missing, or as many as can be where others lie in between.
func (p *usagePage) atOnce() int {
	if p.ClientID != "" || p.LineageID != "" || p.ScopeID != "" {
		return callsPerRead
	}
	return p.missing() + callsSpare
}

func (p *usagePage) take(calls []pontage.Call) {
	n := min(p.skip, len(calls))
	p.skip, calls = p.skip-n, calls[n:]
	p.calls = append(p.calls, calls[:min(len(calls), p.limit-len(p.calls))]...)
}
