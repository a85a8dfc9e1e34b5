package storage

import (
	"context"

	"github.com/pontage/pontage"
)

const (
	echoColumns  = "id, account_id, api_id, collection, name, body, created_at, expires_at"
	selectEchoes = "SELECT " + echoColumns + " FROM echoes WHERE "
)

func echoTargets(e *pontage.Echo) []any {
	return []any{&e.ID, &e.AccountID, &e.APIID, &e.Collection, &e.Name, bytesInto(&e.Body), timeInto(&e.CreatedAt), timeInto(&e.ExpiresAt)}
}

// Echo implements pontage.PlayReader.
func (r reader) Echo(ctx context.Context, id pontage.EchoID) (*pontage.Echo, error) {
	s := r.fixed(selectEchoes + "id = ").value(func(s *statement) { s.string(string(id)) })
	return one(ctx, r, s, "echo", echoTargets)
}

// Echoes implements pontage.PlayReader.
func (r reader) Echoes(ctx context.Context, account pontage.AccountID, api pontage.APIID, collection string, limit int) ([]pontage.Echo, error) {
	s := r.fixed(selectEchoes + "account_id = ").value(func(s *statement) { s.string(string(account)) })
	s.sql(" AND api_id = ").value(func(s *statement) { s.string(string(api)) })
	s.sql(" AND collection = ").value(func(s *statement) { s.string(collection) })
	s.sql(" ORDER BY created_at DESC, id DESC LIMIT ").value(func(s *statement) { s.number(int64(limit)) })
	return list(ctx, r, s, "echoes", echoTargets)
}

// CountEchoes implements pontage.PlayReader.
func (r reader) CountEchoes(ctx context.Context, account pontage.AccountID) (int, error) {
	s := r.fixed("SELECT count(*) FROM echoes WHERE account_id = ").value(func(s *statement) { s.string(string(account)) })
	n, err := one(ctx, r, s, "echoes", func(n *int) []any { return []any{n} })
	if err != nil {
		return 0, err
	}
	return *n, nil
}

// PutEcho implements pontage.PlayWriter. On PostgreSQL those who put for the same account wait for each other.
func (t tx) PutEcho(ctx context.Context, e pontage.Echo, most int) error {
	account := func(s *statement) { s.string(string(e.AccountID)) }
	if t.postgres {
		lock := t.statement("SELECT pg_advisory_xact_lock(hashtextextended('echoes ' || ").value(account).sql(", 0))")
		if _, err := t.execute(ctx, lock, "echo"); err != nil {
			return err
		}
	}
	s := t.fixed("INSERT INTO echoes (" + echoColumns + ") VALUES ")
	s.rows(1, func(int) {
		s.string(string(e.ID)).string(string(e.AccountID)).string(string(e.APIID)).string(e.Collection).string(e.Name)
		s.hash(e.Body).moment(e.CreatedAt).moment(e.ExpiresAt)
	})
	s.sql(" ON CONFLICT (id) DO UPDATE SET body = excluded.body, created_at = excluded.created_at, expires_at = excluded.expires_at")
	if _, err := t.change(ctx, s, "echo"); err != nil {
		return err
	}
	s = t.fixed("DELETE FROM echoes WHERE id IN (SELECT id FROM echoes WHERE account_id = ").value(account)
	s.sql(" ORDER BY created_at DESC, id DESC LIMIT 1000 OFFSET ").value(func(s *statement) { s.number(int64(most)) })
	_, err := t.change(ctx, s.sql(")"), "echo")
	return err
}

// DeleteEchoes implements pontage.PlayWriter.
func (t tx) DeleteEchoes(ctx context.Context, account pontage.AccountID) (int, error) {
	s := t.fixed("DELETE FROM echoes WHERE account_id = ").value(func(s *statement) { s.string(string(account)) })
	return t.change(ctx, s, "echo")
}
