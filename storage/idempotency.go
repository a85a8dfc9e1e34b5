package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type idempotencyRow struct {
	bun.BaseModel `bun:"table:idempotency_records"`

	ID          pontage.IdempotencyID `bun:",pk"`
	Fingerprint []byte
	Answer      []byte
	CreatedAt   time.Time
	ExpiresAt   time.Time
}

// IdempotencyRecord implements pontage.IdempotencyReader.
func (r reader) IdempotencyRecord(ctx context.Context, id pontage.IdempotencyID) (*pontage.IdempotencyRecord, error) {
	var row idempotencyRow
	if err := r.db.NewSelect().Model(&row).Where("id = ?", string(id)).Scan(ctx); err != nil {
		return nil, translate(err, "idempotency key")
	}
	return &pontage.IdempotencyRecord{ID: row.ID, Fingerprint: row.Fingerprint, Answer: row.Answer,
		CreatedAt: row.CreatedAt.UTC(), ExpiresAt: row.ExpiresAt.UTC()}, nil
}

// InsertIdempotencyRecord implements pontage.IdempotencyWriter. On PostgreSQL it waits for a neighbour who inserts the same key, and
// then sees whether that one committed.
func (t tx) InsertIdempotencyRecord(ctx context.Context, r pontage.IdempotencyRecord) error {
	row := idempotencyRow{ID: r.ID, Fingerprint: notNil(r.Fingerprint), Answer: notNil(r.Answer),
		CreatedAt: stored(r.CreatedAt), ExpiresAt: stored(r.ExpiresAt)}
	result, err := t.db.NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").
		Set("fingerprint = excluded.fingerprint, answer = excluded.answer, created_at = excluded.created_at, expires_at = excluded.expires_at").
		Where("idempotency_row.expires_at <= excluded.created_at").Returning("NULL").Exec(ctx)
	if err != nil {
		return translate(err, "idempotency key")
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return orError(err, taken("idempotency key"))
	}
	return nil
}

// SetIdempotencyAnswer implements pontage.IdempotencyWriter.
func (t tx) SetIdempotencyAnswer(ctx context.Context, id pontage.IdempotencyID, answer []byte) error {
	return t.update(ctx, &idempotencyRow{ID: id, Answer: notNil(answer)}, "idempotency key", "answer")
}

// DeleteExpiredKeys implements pontage.IdempotencyWriter. What a neighbour is deleting is left to it.
func (t tx) DeleteExpiredKeys(ctx context.Context, by time.Time, limit int) (int, error) {
	deleted := 0
	for _, table := range []string{"idempotency_records", "call_keys"} {
		s := t.statement("DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table + " WHERE expires_at <= ")
		s.value(func(s *statement) { s.time(by) }).sql(" ORDER BY expires_at, id LIMIT ").value(func(s *statement) { s.number(int64(limit)) })
		if t.postgres {
			s.sql(" FOR UPDATE SKIP LOCKED")
		}
		n, err := t.execute(ctx, s.sql(")"), "idempotency key")
		if err != nil {
			return deleted, err
		}
		deleted += int(n)
	}
	return deleted, nil
}

const callKeyColumns = "id, fingerprint, call_id, expires_at"

// batchCallKeys finds the calls that were charged for keys.
func (t tx) batchCallKeys(keys pontage.BatchKeys, state *pontage.BatchState) *query {
	if len(keys.CallKeys) == 0 {
		return nil
	}
	s := t.planned("SELECT " + callKeyColumns + " FROM call_keys WHERE id IN ")
	return &query{in(s, keys.CallKeys), "call key", func(r row) error {
		var k pontage.KeyedCall
		if err := r.Scan(&k.ID, &k.Fingerprint, &k.CallID, timeInto(&k.ExpiresAt)); err != nil {
			return err
		}
		state.KeyedCalls[k.ID] = &k
		return nil
	}}
}

// putCallKeys takes the last of several calls for one key.
func putCallKeys(s *statement, calls []pontage.KeyedCall) {
	last := make(map[pontage.IdempotencyID]int, len(calls))
	for i, k := range calls {
		last[k.ID] = i
	}
	for i, k := range calls {
		if last[k.ID] != i {
			continue
		}
		s.sql("INSERT INTO call_keys ("+callKeyColumns+") VALUES ").rows(1, func(int) {
			s.string(string(k.ID)).string(k.Fingerprint).string(string(k.CallID)).time(k.ExpiresAt)
		})
		s.sql(" ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint, call_id = excluded.call_id, expires_at = excluded.expires_at").end()
	}
}
