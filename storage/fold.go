package storage

import (
	"context"
	"strconv"

	"github.com/pontage/pontage"
)

// stretch is what one fold takes: the rows of both logs from where the fold stands up to a point behind it.
type stretch struct {
	from progress
	to   watermarks
	pontage.Tail
}

// Fold counts the oldest unfolded rows into the books. The rows are read and counted before any unit of work, since they never
// change. They are then written in units that are short, because every call waits for them: some accounts each, with how far the
// fold came. Where another instance was faster it takes nothing more and says 0; what an interrupted one left is finished by the
// next, which reads the same rows and counts the same.
func (s *Store) Fold(ctx context.Context, limit int, count func(pontage.Tail) pontage.FoldChanges) (int, error) {
	if limit <= 0 {
		return 0, pontage.E(pontage.InvalidInput, "A fold needs a positive limit.").At("limit")
	}
	part, err := s.unfolded(ctx, limit)
	if err != nil || part.to == part.from.done {
		return 0, err
	}
	if part.Owners, err = s.owners.of(ctx, s.reader, lineagesIn(part.Tail)); err != nil {
		return 0, err
	}
	changes := count(part.Tail)
	due, keep := s.recent.due(part.from.done, changes.Addresses)
	changes.Addresses = due
	moved, err := s.writeFold(ctx, part, split(part.from.through, changes, usageRows(part.Calls)))
	if err != nil || !moved {
		return 0, err
	}
	keep(part.to)
	s.log.forget(part.to)
	return len(part.Calls) + len(part.Outcomes), nil
}

// writeFold writes the shares one after the other and says whether it came to the end.
func (s *Store) writeFold(ctx context.Context, part stretch, shares []share) (bool, error) {
	at := part.from
	for i, share := range shares {
		last := i == len(shares)-1
		to := progress{done: at.done, next: part.to, through: share.through}
		if last {
			to = progress{done: part.to, next: part.to}
		}
		moved := false
		var numbers map[pontage.StatisticKey]int64
		err := s.unit(ctx, func(ctx context.Context, t tx) (err error) {
			if moved, err = t.advance(ctx, at, to); err != nil || !moved {
				return err
			}
			if last {
				if err := t.foldOpenCalls(ctx, part.Tail); err != nil {
					return err
				}
			}
			numbers, err = t.writeShare(ctx, s.lines, share)
			return err
		})
		if err != nil || !moved {
			return false, err
		}
		s.lines.learn(numbers)
		at = to
	}
	return true, nil
}

// unfolded gives the next rows of both logs: from memory where this instance wrote them all, else read. A stretch that is under way
// is read again as it was.
func (s *Store) unfolded(ctx context.Context, limit int) (stretch, error) {
	from, err := s.folded(ctx)
	if err != nil {
		return stretch{}, err
	}
	part := stretch{from: from}
	if from.through == "" {
		if tail, ok := s.log.after(from.done, limit); ok {
			part.Tail = tail
			if part.cut(); part.to != from.done {
				return part, nil
			}
			part.Tail = pontage.Tail{}
		}
		if part.to, err = s.logEnd(ctx, from.done); err != nil || part.to == from.done {
			return part, err
		}
	} else {
		part.to, limit = from.next, int(max(from.next.calls-from.done.calls, from.next.outcomes-from.done.outcomes))
	}
	err = s.engine.snapshot(ctx, func(r reader) (err error) {
		part.Tail, err = r.next(ctx, from.done, part.to, limit)
		return err
	})
	if from.through == "" {
		part.cut()
	}
	return part, err
}

// logEnd gives the last sequences that may be folded: everything up to them is committed or will never be. Sequences are given out
// before the commit, so on PostgreSQL a row may become visible after one with a greater sequence; whoever takes a sequence holds the
// log's lock shared until the commit, and the one moment in which we hold it alone has no such writer.
func (s *Store) logEnd(ctx context.Context, from watermarks) (watermarks, error) {
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

// pair reads two numbers.
func (r reader) pair(ctx context.Context, text string) (watermarks, error) {
	w, err := one(ctx, r, r.fixed(text), "watermark", func(w *watermarks) []any { return []any{&w.calls, &w.outcomes} })
	if err != nil {
		return watermarks{}, err
	}
	return *w, nil
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
	first := func(s *statement) *statement {
		return s.sql(" ORDER BY sequence LIMIT ").value(func(s *statement) { s.number(int64(limit)) })
	}
	calls = r.fixed("SELECT "+callColumns+" FROM calls c WHERE ").between("c", from.calls, end.calls)
	outcomes = r.fixed("SELECT " + outcomeColumns + ", " + callColumns + " FROM (SELECT sequence, call_id, kind, status, code, transfer_id, ended_at, elapsed FROM outcomes i WHERE ")
	first(outcomes.between("i", from.outcomes, end.outcomes)).sql(") o JOIN calls c ON c.id = o.call_id ORDER BY o.sequence")
	return first(calls), outcomes
}

// cut leaves out outcomes whose call is not folded with or before them, so that nothing is given back that was not counted, and sets
// where the fold goes.
func (p *stretch) cut() {
	p.to = p.from.done
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
