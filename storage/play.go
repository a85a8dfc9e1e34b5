package storage

import (
	"context"

	"github.com/pontage/pontage"
)

// PlayGrant implements pontage.PlayReader.
func (r reader) PlayGrant(ctx context.Context, account pontage.AccountID) (*pontage.PlayGrant, error) {
	s := r.fixed("SELECT account_id, day, amount FROM play_grants WHERE account_id = ").value(func(s *statement) { s.string(string(account)) })
	return one(ctx, r, s, "play grant", func(g *pontage.PlayGrant) []any { return []any{&g.AccountID, textInto(&g.Day), &g.Amount} })
}

// PutPlayGrant implements pontage.PlayWriter.
func (t tx) PutPlayGrant(ctx context.Context, g pontage.PlayGrant) error {
	s := t.fixed("INSERT INTO play_grants (account_id, day, amount) VALUES ")
	s.rows(1, func(int) { s.string(string(g.AccountID)).string(string(g.Day)).number(int64(g.Amount)) })
	_, err := t.change(ctx, s.sql(" ON CONFLICT (account_id) DO UPDATE SET day = excluded.day, amount = excluded.amount"), "play grant")
	return err
}
