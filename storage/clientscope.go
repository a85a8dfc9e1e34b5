package storage

import (
	"context"

	"github.com/pontage/pontage"
)

// ClientScopes implements pontage.ClientScopeReader.
func (r reader) ClientScopes(ctx context.Context, clients ...pontage.ClientID) ([]pontage.ClientScope, error) {
	if len(clients) == 0 {
		return nil, nil
	}
	s := in(r.kept("SELECT client_id, scope_id, enabled, updated_at FROM client_scopes WHERE client_id IN "), clients)
	return list(ctx, r, s.sql(" ORDER BY client_id, scope_id"), "client scope", func(c *pontage.ClientScope) []any {
		return []any{&c.ClientID, &c.ScopeID, &c.Enabled, timeInto(&c.UpdatedAt)}
	})
}

// PutClientScopes implements pontage.ClientScopeWriter.
func (t tx) PutClientScopes(ctx context.Context, chosen []pontage.ClientScope) error {
	if len(chosen) == 0 {
		return nil
	}
	s := t.statement("INSERT INTO client_scopes (client_id, scope_id, enabled, updated_at) VALUES ")
	s.rows(len(chosen), func(i int) {
		c := chosen[i]
		s.string(string(c.ClientID)).string(string(c.ScopeID)).flag(c.Enabled).moment(c.UpdatedAt)
	})
	s.sql(" ON CONFLICT (client_id, scope_id) DO UPDATE SET enabled = excluded.enabled, updated_at = excluded.updated_at")
	_, err := t.change(ctx, s, "client scope")
	return err
}
