package storage

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// TakeHit implements pontage.RateHitWriter. On PostgreSQL those who count the same key wait for each other.
func (t tx) TakeHit(ctx context.Context, h pontage.RateHit, limit int) (time.Time, error) {
	key := func(s *statement) { s.string(h.Key) }
	if t.postgres {
		lock := t.statement("SELECT pg_advisory_xact_lock(hashtextextended(").value(key).sql(", 0))")
		if _, err := t.execute(ctx, lock, "rate limit"); err != nil {
			return time.Time{}, err
		}
	}
	s := t.fixed("SELECT expires_at FROM rate_hits WHERE key = ").value(key)
	s.sql(" AND expires_at > ").value(func(s *statement) { s.moment(h.At) })
	s.sql(" ORDER BY expires_at DESC LIMIT 1 OFFSET ").value(func(s *statement) { s.number(int64(limit - 1)) })
	full, err := list(ctx, t.reader, s, "rate limit", func(at *time.Time) []any { return []any{timeInto(at)} })
	if err != nil {
		return time.Time{}, err
	}
	if len(full) > 0 {
		return full[0], nil
	}
	s = t.fixed("INSERT INTO rate_hits (id, key, created_at, expires_at) VALUES ")
	s.rows(1, func(int) { s.string(string(h.ID)).string(h.Key).moment(h.At).moment(h.ExpiresAt) })
	return time.Time{}, t.insertFresh(ctx, s, 1, "rate limit")
}

// ReturnHits implements pontage.RateHitWriter.
func (t tx) ReturnHits(ctx context.Context, ids []pontage.RateHitID) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := t.change(ctx, in(t.fixed("DELETE FROM rate_hits WHERE id IN "), ids), "rate limit")
	return err
}

// expiring are the tables whose rows are deleted once they are over.
var expiring = []string{"rate_hits", "sessions", "confirmations", "mails", "notifications", "echoes"}

// DeleteExpired implements pontage.ExpiryWriter. What a neighbour is deleting is left to it.
func (t tx) DeleteExpired(ctx context.Context, by time.Time, limit int) (int, error) {
	deleted := 0
	for _, table := range expiring {
		s := t.statement("DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table + " WHERE expires_at <= ")
		s.value(func(s *statement) { s.moment(by) }).sql(" ORDER BY expires_at, id LIMIT ").value(func(s *statement) { s.number(int64(limit)) })
		if t.postgres {
			s.sql(" FOR UPDATE SKIP LOCKED")
		}
		n, err := t.change(ctx, s.sql(")"), table)
		if err != nil {
			return deleted, err
		}
		deleted += n
	}
	return deleted, nil
}
