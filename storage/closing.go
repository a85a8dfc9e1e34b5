package storage

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/pontage/pontage"
)

const closingColumns = "day, previous, calls, outcomes, first_open, key_id, signature, closed_at"

func closingTargets(c *pontage.Closing) []any {
	return []any{&c.Day, &c.Previous, &c.Calls, &c.Outcomes, &c.FirstOpen, &c.KeyID, bytesInto(&c.Signature), timeInto(&c.ClosedAt)}
}

// LastClosing implements pontage.ClosingReader.
func (r reader) LastClosing(ctx context.Context) (*pontage.Closing, error) {
	return one(ctx, r, r.statement("SELECT "+closingColumns+" FROM closings ORDER BY day DESC LIMIT 1"), "closed day", closingTargets)
}

// lastClosing gives nil where no day is closed yet.
func (r reader) lastClosing(ctx context.Context) (*pontage.Closing, error) {
	c, err := r.LastClosing(ctx)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, nil
	}
	return c, err
}

// Closings implements pontage.ClosingReader in two statements; the totals pass by in the order of their closings.
func (r reader) Closings(ctx context.Context, see func(pontage.Closing, []pontage.ClosedTotal) error) error {
	all, err := list(ctx, r, r.statement("SELECT "+closingColumns+" FROM closings ORDER BY day"), "closed days", closingTargets)
	if err != nil {
		return err
	}
	var day pontage.Period
	var totals []pontage.ClosedTotal
	// seen hands over all closings before the given day; those without totals have none in between.
	seen := func(before pontage.Period) error {
		for len(all) > 0 && (before == "" || all[0].Day < before) {
			var its []pontage.ClosedTotal
			if all[0].Day == day {
				its = totals
			}
			if err := see(all[0], its); err != nil {
				return err
			}
			all = all[1:]
		}
		return nil
	}
	s := r.statement("SELECT closing, " + totalColumns + " FROM closed_totals ORDER BY closing, dimension, day, account_id, key, host")
	err = r.each(ctx, s, "closed days", func(rows *sql.Rows) error {
		var of pontage.Period
		var total pontage.ClosedTotal
		if err := rows.Scan(append([]any{&of}, totalTargets(&total)...)...); err != nil {
			return err
		}
		if of != day {
			if err := seen(of); err != nil {
				return err
			}
			day, totals = of, nil
		}
		totals = append(totals, total)
		return nil
	})
	if err != nil {
		return err
	}
	return seen("")
}

// CloseDays sums up what the closings lack in one snapshot, since rows up to the watermarks never change, and writes it in a unit of
// work. That two closings follow the same one is refused by the database: then another instance was faster.
func (s *Store) CloseDays(ctx context.Context, through pontage.Period,
	sign func(pontage.Closing, []byte, []pontage.ClosedTotal) (string, []byte)) (*pontage.Closing, error) {
	if day, err := pontage.ParsePeriod(string(through)); err != nil || len(day) != len("2026-11-20") {
		return nil, pontage.E(pontage.InvalidInput, "Only a day can be closed.").At("through")
	}
	var c *pontage.Closing
	var before []byte
	var totals []pontage.ClosedTotal
	err := s.engine.snapshot(ctx, func(r reader) (err error) {
		if err := r.byAnyPlan(ctx); err != nil {
			return err
		}
		c, before, totals, err = r.nextClosing(ctx, through)
		return err
	})
	if err != nil || c == nil {
		return nil, err
	}
	c.ClosedAt = s.now()
	c.KeyID, c.Signature = sign(*c, before, totals)
	written := false
	err = s.unit(ctx, func(ctx context.Context, t tx) (err error) {
		written, err = t.insertClosing(ctx, *c, totals)
		return err
	})
	if err != nil || !written {
		return nil, err
	}
	return c, nil
}

// nextClosing gives what closes the days up to through, or nil while that cannot be: nothing new, not folded, or calls still open.
func (r reader) nextClosing(ctx context.Context, through pontage.Period) (*pontage.Closing, []byte, []pontage.ClosedTotal, error) {
	last, err := r.lastClosing(ctx)
	if err != nil || last != nil && last.Day >= through {
		return nil, nil, nil, err
	}
	folded, err := r.folded(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	w := folded.done
	c := &pontage.Closing{Day: through, Calls: w.calls, Outcomes: w.outcomes, FirstOpen: 1}
	var before []byte
	if last != nil {
		c.Previous, before, c.FirstOpen = last.Day, last.Signature, last.FirstOpen
	}
	ready, err := r.canClose(ctx, c, last == nil)
	if err != nil || !ready {
		return nil, nil, nil, err
	}
	totals, err := r.totals(ctx, portion{after: last, upTo: everywhere(w), through: through})
	if err == nil {
		c.FirstOpen, err = r.firstOpen(ctx, c)
	}
	return c, before, totals, err
}

// canClose says whether every call of the days is folded and ended; the first closing also needs one of them among the
// oldest of the log, so that a fresh database has none. None of it walks through the log.
func (r reader) canClose(ctx context.Context, c *pontage.Closing, first bool) (bool, error) {
	end := r.moment(dayEnd(c.Day))
	text := "SELECT (CASE WHEN EXISTS (SELECT 1 FROM open_calls o JOIN calls c ON c.id = o.call_id WHERE c.decided_at < " + end + ")" +
		" OR EXISTS (SELECT 1 FROM calls c WHERE " + sequences("c", c.Calls, everything.calls) + " AND c.decided_at < " + end + ") THEN 1 ELSE 0 END)," +
		" (SELECT count(*) FROM (SELECT decided_at FROM calls ORDER BY sequence LIMIT 1000) oldest WHERE decided_at < " + end + ")"
	found, err := r.pair(ctx, text)
	return err == nil && found.calls == 0 && (!first || found.outcomes > 0), err
}

// firstOpen gives the sequence before which the closing leaves no call.
func (r reader) firstOpen(ctx context.Context, c *pontage.Closing) (int64, error) {
	text := "SELECT COALESCE((SELECT c.sequence FROM calls c WHERE " + sequences("c", c.FirstOpen-1, c.Calls) + " AND c.decided_at >= " +
		r.moment(dayEnd(c.Day)) + " ORDER BY c.sequence LIMIT 1), " + strconv.FormatInt(c.Calls, 10) + " + 1), 0"
	found, err := r.pair(ctx, text)
	return found.calls, err
}

// insertClosing says whether the closing before had none after it yet.
func (t tx) insertClosing(ctx context.Context, c pontage.Closing, totals []pontage.ClosedTotal) (bool, error) {
	s := t.statement("INSERT INTO closings (" + closingColumns + ") VALUES ")
	s.rows(1, func(int) { closingValues(s, c) })
	n, err := t.execute(ctx, s.sql(" ON CONFLICT DO NOTHING"), "closed day")
	if err != nil || n == 0 {
		return false, err
	}
	s = t.statement("")
	insertRows(s, "closed_totals", "closing, "+totalColumns, totals, func(s *statement, v pontage.ClosedTotal) {
		s.string(string(c.Day))
		totalValues(s, v)
	})
	return true, t.executeAny(ctx, s, "closed day")
}

func closingValues(s *statement, c pontage.Closing) {
	s.string(string(c.Day)).string(string(c.Previous)).number(c.Calls).number(c.Outcomes).number(c.FirstOpen)
	s.string(c.KeyID).hash(c.Signature).time(c.ClosedAt)
}
