package storage

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/pontage/pontage"
)

// DeleteCalls looks at the oldest rows alone, so that a step costs the same however long the log is, and deletes those of them that a
// closing holds whole: an ending that no closing has seen yet keeps its call.
func (s *Store) DeleteCalls(ctx context.Context, before time.Time, limit int) (int, error) {
	if limit <= 0 {
		return 0, pontage.E(pontage.InvalidInput, "Calls are deleted by a positive limit.").At("limit")
	}
	last, err := s.lastClosing(ctx)
	if err != nil || last == nil {
		return 0, err
	}
	if end := dayEnd(last.Day); before.After(end) {
		before = end
	}
	read := s.statement("SELECT c.id FROM (SELECT id, decided_at FROM calls WHERE sequence <= " + strconv.FormatInt(last.Calls, 10) +
		" ORDER BY sequence LIMIT " + strconv.Itoa(limit) + ") c WHERE c.decided_at < " + s.moment(before) +
		" AND NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.call_id = c.id AND o.sequence > " + strconv.FormatInt(last.Outcomes, 10) + ")")
	ids, err := list(ctx, s.reader, read, "call", func(id *pontage.CallID) []any { return []any{id} })
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return len(ids), s.unit(ctx, func(ctx context.Context, t tx) error {
		d := t.fixed("")
		for some := range slices.Chunk(ids, rowsPerStatement) {
			in(d.sql("DELETE FROM outcomes WHERE call_id IN "), some).end()
			in(d.sql("DELETE FROM calls WHERE id IN "), some).end()
		}
		return t.executeAny(ctx, d, "call")
	})
}
