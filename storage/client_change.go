package storage

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

const selectClients = "SELECT " + clientColumns + " FROM clients c WHERE "

// ClientPage implements pontage.ClientReader.
func (r reader) ClientPage(ctx context.Context, account pontage.AccountID, f pontage.ClientFilter, page pontage.Keyset) ([]pontage.Client, error) {
	s := r.fixed(selectClients + "c.deleted_at IS NULL AND c.account_id = ").value(func(s *statement) { s.string(string(account)) })
	s.either(f.Active, "c.disabled_at IS NULL").holds("c.name", f.Name)
	return listSorted(ctx, r, s, "c", sortings{pontage.SortByName: byText("c.name")}, page, "client", clientTargets)
}

// ClientsByID implements pontage.ClientReader.
func (r reader) ClientsByID(ctx context.Context, ids []pontage.ClientID) ([]pontage.Client, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return list(ctx, r, in(r.fixed(selectClients+"c.id IN "), ids), "client", clientTargets)
}

// CountClients implements pontage.ClientReader.
func (r reader) CountClients(ctx context.Context, account pontage.AccountID) (int, error) {
	s := r.fixed("SELECT count(*) FROM clients WHERE deleted_at IS NULL AND account_id = ").value(func(s *statement) { s.string(string(account)) })
	return r.count(ctx, s, "client")
}

// count runs a statement that gives one number.
func (r reader) count(ctx context.Context, s *statement, what string) (int, error) {
	n, err := one(ctx, r, s, what, func(n *int) []any { return []any{n} })
	if err != nil {
		return 0, err
	}
	return *n, nil
}

// LockClient implements pontage.ClientWriter. SQLite's unit of work is the only writer already.
func (t tx) LockClient(ctx context.Context, id pontage.ClientID) (*pontage.Client, error) {
	s := t.fixed(selectClients + "c.id = ").value(func(s *statement) { s.string(string(id)) })
	if t.postgres {
		s.sql(" FOR NO KEY UPDATE")
	}
	return one(ctx, t.reader, s, "client", clientTargets)
}

// UpdateClient implements pontage.ClientWriter.
func (t tx) UpdateClient(ctx context.Context, c pontage.Client) error {
	t.cache.forgetLineages()
	s := t.fixed("UPDATE clients SET name = ").value(func(s *statement) { s.string(c.Name) })
	s.sql(", disabled_at = ").value(func(s *statement) { s.time(c.DisabledAt) })
	n, err := t.change(ctx, s.sql(" WHERE deleted_at IS NULL AND id = ").value(func(s *statement) { s.string(string(c.ID)) }), "client")
	return met(n, err, "client")
}

// DeleteClient implements pontage.ClientWriter.
func (t tx) DeleteClient(ctx context.Context, id pontage.ClientID, at time.Time) error {
	t.cache.forgetLineages()
	s := t.fixed("UPDATE clients SET disabled_at = coalesce(disabled_at, ").value(func(s *statement) { s.moment(at) })
	s.sql("), deleted_at = ").value(func(s *statement) { s.moment(at) })
	n, err := t.change(ctx, s.sql(" WHERE deleted_at IS NULL AND id = ").value(func(s *statement) { s.string(string(id)) }), "client")
	if err := met(n, err, "client"); err != nil {
		return err
	}
	for _, set := range []string{
		"UPDATE client_secrets SET revoked_at = @ WHERE revoked_at IS NULL AND client_id = ",
		"UPDATE lineages SET version = version + 1, updated_at = @, revoked_at = @ WHERE revoked_at IS NULL AND client_id = ",
	} {
		if err := t.changeAt(ctx, set, string(id), at); err != nil {
			return err
		}
	}
	for _, table := range []string{"members", "domains", "client_scopes"} {
		of := t.fixed("DELETE FROM " + table + " WHERE client_id = ").value(func(s *statement) { s.string(string(id)) })
		if _, err := t.change(ctx, of, table); err != nil {
			return err
		}
	}
	return nil
}
