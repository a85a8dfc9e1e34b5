package storage

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// LastVerification implements pontage.ClosingReader.
func (r reader) LastVerification(ctx context.Context) (*pontage.Verification, error) {
	s := r.statement("SELECT started_at, finished_at, elapsed, differences FROM verifications")
	return one(ctx, r, s, "verification", func(v *pontage.Verification) []any {
		return []any{timeInto(&v.StartedAt), timeInto(&v.FinishedAt), durationInto(&v.Elapsed), &v.Differences}
	})
}

// BeginVerification implements pontage.ClosingWriter in one conditional update.
func (t tx) BeginVerification(ctx context.Context, at, before time.Time) (bool, error) {
	s := t.statement("UPDATE verifications SET started_at = ").value(func(s *statement) { s.time(at) })
	s.sql(" WHERE started_at IS NULL OR started_at < ").value(func(s *statement) { s.time(before) })
	n, err := t.execute(ctx, s, "verification")
	return n > 0, err
}

// FinishVerification implements pontage.ClosingWriter.
func (t tx) FinishVerification(ctx context.Context, v pontage.Verification) error {
	s := t.statement("UPDATE verifications SET (started_at, finished_at, elapsed, differences) = ")
	s.rows(1, func(int) {
		s.time(v.StartedAt).time(v.FinishedAt).number(v.Elapsed.Microseconds()).number(v.Differences)
	})
	_, err := t.execute(ctx, s, "verification")
	return err
}
