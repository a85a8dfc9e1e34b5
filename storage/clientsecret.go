package storage

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type clientSecretRow struct {
	bun.BaseModel `bun:"table:client_secrets,alias:s"`

	ID       pontage.SecretID `bun:",pk"`
	ClientID pontage.ClientID
	secretColumns
}

func clientSecretToRow(s pontage.ClientSecret) *clientSecretRow {
	return &clientSecretRow{ID: s.ID, ClientID: s.ClientID, secretColumns: secretColumns{
		Label: s.Label, KeyID: s.KeyID, Hash: notNil(s.Hash),
		CreatedAt: stored(s.CreatedAt), ExpiresAt: stored(s.ExpiresAt), RevokedAt: stored(s.RevokedAt),
	}}
}

func (row clientSecretRow) clientSecret() pontage.ClientSecret {
	return pontage.ClientSecret{
		ID: row.ID, ClientID: row.ClientID, Label: row.Label, KeyID: row.KeyID, Hash: row.Hash,
		CreatedAt: row.CreatedAt.UTC(), ExpiresAt: row.ExpiresAt.UTC(), RevokedAt: row.RevokedAt.UTC(),
	}
}

// ClientSecret gives one secret; NotFound where there is none.
func (r reader) ClientSecret(ctx context.Context, id pontage.SecretID) (*pontage.ClientSecret, error) {
	s := r.fixed("SELECT " + clientSecretColumns + " FROM client_secrets s WHERE s.id = ")
	return one(ctx, r, s.value(func(s *statement) { s.string(string(id)) }), "client secret", clientSecretTargets)
}

const clientSecretColumns = "s.id, s.client_id, s.label, s.key_id, s.hash, s.created_at, s.expires_at, s.revoked_at"

func clientSecretTargets(s *pontage.ClientSecret) []any {
	return []any{&s.ID, &s.ClientID, &s.Label, &s.KeyID, bytesInto(&s.Hash), timeInto(&s.CreatedAt), timeInto(&s.ExpiresAt), timeInto(&s.RevokedAt)}
}

// secretOwner is a secret with its client and account, as one row.
type secretOwner struct {
	secret  pontage.ClientSecret
	client  pontage.Client
	account pontage.Account
}

func (o *secretOwner) targets() []any {
	return append(append(clientSecretTargets(&o.secret), clientTargets(&o.client)...), accountTargets(&o.account)...)
}

// SecretOwner gives a secret, its client and that one's account; NotFound where there is no such secret.
func (r reader) SecretOwner(ctx context.Context, id pontage.SecretID) (*pontage.ClientSecret, *pontage.Client, *pontage.Account, error) {
	s := r.kept("SELECT " + clientSecretColumns + ", " + clientColumns + ", " + accountColumns + " FROM client_secrets s" +
		" JOIN clients c ON c.id = s.client_id JOIN accounts a ON a.id = c.account_id WHERE s.id = ")
	o, err := one(ctx, r, s.value(func(s *statement) { s.string(string(id)) }), "client secret", (*secretOwner).targets)
	if err != nil {
		return nil, nil, nil, err
	}
	return &o.secret, &o.client, &o.account, nil
}

// ClientSecrets lists a client's secrets, newest first, also those that ended.
func (r reader) ClientSecrets(ctx context.Context, client pontage.ClientID) ([]pontage.ClientSecret, error) {
	var rows []clientSecretRow
	query := r.db.NewSelect().Model(&rows).Where("s.client_id = ?", client).Order("s.created_at DESC", "s.id DESC")
	if err := query.Scan(ctx); err != nil {
		return nil, translate(err, "client secret")
	}
	return mapped(rows, clientSecretRow.clientSecret), nil
}

// InsertClientSecret adds a secret; a taken id is Conflict.
func (t tx) InsertClientSecret(ctx context.Context, s pontage.ClientSecret) error {
	return t.insert(ctx, clientSecretToRow(s), "client secret")
}

// UpdateClientSecret writes all but owner and time of creation; NotFound where there is no such secret.
func (t tx) UpdateClientSecret(ctx context.Context, s pontage.ClientSecret) error {
	return t.update(ctx, clientSecretToRow(s), "client secret", secretChanges...)
}
