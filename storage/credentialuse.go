package storage

import (
	"context"
	"database/sql"
	"time"
)

// CredentialUses implements pontage.CredentialUseReader.
func (r reader) CredentialUses(ctx context.Context, ids []string) (map[string]time.Time, error) {
	uses := make(map[string]time.Time, len(ids))
	if len(ids) == 0 {
		return uses, nil
	}
	s := in(r.fixed("SELECT id, last_used_at FROM credential_uses WHERE id IN "), ids)
	err := r.each(ctx, s, "credential", func(rows *sql.Rows) error {
		var id string
		var at time.Time
		err := rows.Scan(&id, timeInto(&at))
		uses[id] = at
		return err
	})
	return uses, err
}

// UseCredential implements pontage.CredentialUseWriter.
func (t tx) UseCredential(ctx context.Context, id string, at, before time.Time) error {
	s := t.fixed("INSERT INTO credential_uses (id, last_used_at) VALUES ")
	s.rows(1, func(int) { s.string(id).moment(at) })
	s.sql(" ON CONFLICT (id) DO UPDATE SET last_used_at = excluded.last_used_at WHERE credential_uses.last_used_at < ")
	_, err := t.change(ctx, s.value(func(s *statement) { s.moment(before) }), "credential")
	return err
}
