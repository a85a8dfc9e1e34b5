package storage

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/pontage/pontage"
)

// stretch is what one fold takes: the rows of both logs in (from, to].
type stretch struct {
	from, to watermarks
	pontage.Tail
}

// Fold counts the oldest unfolded rows into the books. The rows are read and counted before the unit of work, since they never
// change; the unit then moves both watermarks if they still stand where they stood. Where another instance was faster it takes
// nothing and says 0.
func (s *Store) Fold(ctx context.Context, limit int, count func(pontage.Tail) pontage.FoldChanges) (int, error) {
	part, err := s.unfolded(ctx, limit)
	if err != nil || part.to == part.from {
		return 0, err
	}
	changes := count(part.Tail)
	due, keep := s.recent.due(part.from, changes.Addresses)
	changes.Addresses = due
	moved := false
	err = s.unit(ctx, func(ctx context.Context, t tx) (err error) {
		if moved, err = t.moveWatermarks(ctx, part); err != nil || !moved {
			return err
		}
		if err := t.foldOpenCalls(ctx, part.Tail); err != nil {
			return err
		}
		if err := t.foldUsageCalls(ctx, part.Calls); err != nil {
			return err
		}
		return t.foldChanges(ctx, changes)
	})
	if err != nil || !moved {
		return 0, err
	}
	keep(part.to)
	return len(part.Calls) + len(part.Outcomes), nil
}

// unfolded reads the next rows of both logs.
func (s *Store) unfolded(ctx context.Context, limit int) (stretch, error) {
	var part stretch
	if limit <= 0 {
		return part, pontage.E(pontage.InvalidInput, "A fold needs a positive limit.").At("limit")
	}
	end, err := s.logEnd(ctx)
	if err != nil {
		return part, err
	}
	err = s.engine.snapshot(ctx, func(r reader) (err error) {
		if part.from, err = r.watermarks(ctx); err != nil {
			return err
		}
		part.Tail, err = r.next(ctx, part.from, end, limit)
		return err
	})
	part.cut()
	return part, err
}

// logEnd gives the last sequences that may be folded: everything up to them is committed or will never be. Sequences are given out
// before the commit, so on PostgreSQL a row may become visible after one with a greater sequence; whoever takes a sequence holds the
// log's lock shared until the commit, and the one moment in which we hold it alone has no such writer.
func (s *Store) logEnd(ctx context.Context) (watermarks, error) {
	from, err := s.watermarks(ctx)
	if err != nil {
		return watermarks{}, err
	}
	end, err := s.lastSequences(ctx)
	if err != nil || !s.postgres || end == from {
		return end, err
	}
	err = s.unit(ctx, func(ctx context.Context, t tx) (err error) {
		lock := t.statement("SELECT pg_advisory_xact_lock(" + strconv.Itoa(logLock) + ")")
		if _, err = t.execute(ctx, lock, "log"); err != nil {
			return err
		}
		end, err = t.lastSequences(ctx)
		return err
	})
	return end, err
}

func (r reader) lastSequences(ctx context.Context) (watermarks, error) {
	return r.pair(ctx, "SELECT COALESCE((SELECT max(sequence) FROM calls), 0), COALESCE((SELECT max(sequence) FROM outcomes), 0)")
}

// next reads at most limit rows of each log in (from, end]; outcomes are cut before they look for their calls.
func (r reader) next(ctx context.Context, from, end watermarks, limit int) (pontage.Tail, error) {
	var tail pontage.Tail
	var err error
	calls, outcomes := r.nextRows(from, end, limit)
	if tail.Calls, err = list(ctx, r, calls, "call", callTargets); err != nil {
		return tail, err
	}
	tail.Outcomes, err = list(ctx, r, outcomes, "outcome", endedTargets)
	return tail, err
}

func (r reader) nextRows(from, end watermarks, limit int) (calls, outcomes *statement) {
	first := " ORDER BY sequence LIMIT " + strconv.Itoa(limit)
	calls = r.fixed("SELECT "+callColumns+" FROM calls c WHERE ").between("c", from.calls, end.calls).sql(first)
	outcomes = r.fixed("SELECT " + outcomeColumns + ", " + callColumns + " FROM (SELECT sequence, call_id, kind, status, code, transfer_id, ended_at, elapsed FROM outcomes i WHERE ")
	outcomes.between("i", from.outcomes, end.outcomes).sql(first + ") o JOIN calls c ON c.id = o.call_id ORDER BY o.sequence")
	return calls, outcomes
}

// cut leaves out outcomes whose call is not folded with or before them, so that nothing is given back that was not counted, and sets
// where the watermarks go.
func (p *stretch) cut() {
	p.to = p.from
	if n := len(p.Calls); n > 0 {
		p.to.calls = p.Calls[n-1].Sequence
	}
	for i, o := range p.Outcomes {
		if o.Call.Sequence > p.to.calls {
			p.Outcomes = p.Outcomes[:i]
			break
		}
		p.to.outcomes = o.Outcome.Sequence
	}
}

// moveWatermarks says whether they still stood at the beginning of the stretch; then they stand at its end.
func (t tx) moveWatermarks(ctx context.Context, part stretch) (bool, error) {
	if t.postgres { // in two statements: the second one must see what the lock waited for
		s := t.statement("SELECT name FROM watermarks ORDER BY name FOR UPDATE")
		if err := t.each(ctx, s, "watermark", func(*sql.Rows) error { return nil }); err != nil {
			return false, err
		}
	}
	now, err := t.watermarks(ctx)
	if err != nil || now != part.from {
		return false, err
	}
	s := t.statement("UPDATE watermarks SET sequence = CASE name WHEN 'calls' THEN ").value(func(s *statement) { s.number(part.to.calls) })
	s.sql(" ELSE ").value(func(s *statement) { s.number(part.to.outcomes) })
	_, err = t.execute(ctx, s.sql(" END"), "watermark")
	return true, err
}
