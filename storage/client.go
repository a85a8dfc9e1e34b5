package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type clientRow struct {
	bun.BaseModel `bun:"table:clients,alias:c"`

	ID         pontage.ClientID `bun:",pk"`
	AccountID  pontage.AccountID
	Name       string
	CreatedAt  time.Time
	DisabledAt time.Time `bun:",nullzero"`
}

func clientToRow(c pontage.Client) *clientRow {
	return &clientRow{
		ID: c.ID, AccountID: c.AccountID, Name: c.Name, CreatedAt: stored(c.CreatedAt), DisabledAt: stored(c.DisabledAt),
	}
}

func (row clientRow) client() pontage.Client {
	return pontage.Client{
		ID: row.ID, AccountID: row.AccountID, Name: row.Name,
		CreatedAt: row.CreatedAt.UTC(), DisabledAt: row.DisabledAt.UTC(),
	}
}

// Client gives one client; NotFound where there is none.
func (r reader) Client(ctx context.Context, id pontage.ClientID) (*pontage.Client, error) {
	s := r.fixed("SELECT " + clientColumns + " FROM clients c WHERE c.id = ")
	return one(ctx, r, s.value(func(s *statement) { s.string(string(id)) }), "client", clientTargets)
}

const clientColumns = "c.id, c.account_id, c.name, c.created_at, c.disabled_at"

func clientTargets(c *pontage.Client) []any {
	return []any{&c.ID, &c.AccountID, &c.Name, timeInto(&c.CreatedAt), timeInto(&c.DisabledAt)}
}

// Clients lists an account's clients, newest first.
func (r reader) Clients(ctx context.Context, account pontage.AccountID, page pontage.Page) ([]pontage.Client, error) {
	var rows []clientRow
	query, err := paged(r.db.NewSelect().Model(&rows).Where("c.account_id = ?", account), "c", page)
	if err != nil {
		return nil, err
	}
	if err := query.Scan(ctx); err != nil {
		return nil, translate(err, "client")
	}
	return mapped(rows, clientRow.client), nil
}

// ClientsByID gives the clients with these ids, in no order.
func (r reader) ClientsByID(ctx context.Context, ids []pontage.ClientID) ([]pontage.Client, error) {
	var rows []clientRow
	if len(ids) == 0 {
		return nil, nil
	}
	if err := r.db.NewSelect().Model(&rows).Where("c.id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, translate(err, "client")
	}
	return mapped(rows, clientRow.client), nil
}

// InsertClient adds a client; a taken id is Conflict.
func (t tx) InsertClient(ctx context.Context, c pontage.Client) error {
	return t.insert(ctx, clientToRow(c), "client")
}

// UpdateClient writes name and state; NotFound where there is no such client.
func (t tx) UpdateClient(ctx context.Context, c pontage.Client) error {
	t.cache.forgetLineages()
	return t.update(ctx, clientToRow(c), "client", "name", "disabled_at")
}

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

// ClientSecretsOf lists the secrets of several clients of one account, newest first, also those that ended.
func (r reader) ClientSecretsOf(ctx context.Context, account pontage.AccountID, clients []pontage.ClientID) ([]pontage.ClientSecret, error) {
	var rows []clientSecretRow
	if len(clients) == 0 {
		return nil, nil
	}
	query := r.db.NewSelect().Model(&rows).Where("s.client_id IN (?)", bun.List(clients)).
		Where("EXISTS (SELECT 1 FROM clients c WHERE c.id = s.client_id AND c.account_id = ?)", account).Order("s.created_at DESC", "s.id DESC")
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
