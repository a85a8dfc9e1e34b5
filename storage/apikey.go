package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type apiKeyRow struct {
	bun.BaseModel `bun:"table:api_keys,alias:k"`

	ID        pontage.APIKeyID `bun:",pk"`
	AccountID pontage.AccountID
	secretColumns
}

// secretColumns are what an API key and a client secret have in common.
type secretColumns struct {
	Label     string
	KeyID     string
	Hash      []byte
	CreatedAt time.Time
	ExpiresAt time.Time `bun:",nullzero"`
	RevokedAt time.Time `bun:",nullzero"`
}

// secretChanges are the columns of a secret that an update may change: all but its owner and its birth.
var secretChanges = []string{"label", "key_id", "hash", "expires_at", "revoked_at"}

func apiKeyToRow(k pontage.APIKey) *apiKeyRow {
	return &apiKeyRow{ID: k.ID, AccountID: k.AccountID, secretColumns: secretColumns{
		Label: k.Label, KeyID: k.KeyID, Hash: notNil(k.Hash),
		CreatedAt: stored(k.CreatedAt), ExpiresAt: stored(k.ExpiresAt), RevokedAt: stored(k.RevokedAt),
	}}
}

func (row apiKeyRow) apiKey() pontage.APIKey {
	return pontage.APIKey{
		ID: row.ID, AccountID: row.AccountID, Label: row.Label, KeyID: row.KeyID, Hash: row.Hash,
		CreatedAt: row.CreatedAt.UTC(), ExpiresAt: row.ExpiresAt.UTC(), RevokedAt: row.RevokedAt.UTC(),
	}
}

// APIKey gives one key; NotFound where there is none.
func (r reader) APIKey(ctx context.Context, id pontage.APIKeyID) (*pontage.APIKey, error) {
	s := r.fixed("SELECT " + apiKeyColumns + " FROM api_keys k WHERE k.id = ")
	return one(ctx, r, s.value(func(s *statement) { s.string(string(id)) }), "API key", apiKeyTargets)
}

const apiKeyColumns = "k.id, k.account_id, k.label, k.key_id, k.hash, k.created_at, k.expires_at, k.revoked_at"

func apiKeyTargets(k *pontage.APIKey) []any {
	return []any{&k.ID, &k.AccountID, &k.Label, &k.KeyID, bytesInto(&k.Hash), timeInto(&k.CreatedAt), timeInto(&k.ExpiresAt), timeInto(&k.RevokedAt)}
}

// keyOwner is a key with its account, as one row.
type keyOwner struct {
	key     pontage.APIKey
	account pontage.Account
}

func (o *keyOwner) targets() []any {
	return append(apiKeyTargets(&o.key), accountTargets(&o.account)...)
}

// KeyOwner gives a key and its account; NotFound where there is no such key.
func (r reader) KeyOwner(ctx context.Context, id pontage.APIKeyID) (*pontage.APIKey, *pontage.Account, error) {
	s := r.kept("SELECT " + apiKeyColumns + ", " + accountColumns + " FROM api_keys k JOIN accounts a ON a.id = k.account_id WHERE k.id = ")
	o, err := one(ctx, r, s.value(func(s *statement) { s.string(string(id)) }), "API key", (*keyOwner).targets)
	if err != nil {
		return nil, nil, err
	}
	return &o.key, &o.account, nil
}

// APIKeys lists an account's keys, newest first, also those that ended.
func (r reader) APIKeys(ctx context.Context, account pontage.AccountID) ([]pontage.APIKey, error) {
	var rows []apiKeyRow
	query := r.db.NewSelect().Model(&rows).Where("k.account_id = ?", account).Order("k.created_at DESC", "k.id DESC")
	if err := query.Scan(ctx); err != nil {
		return nil, translate(err, "API key")
	}
	return mapped(rows, apiKeyRow.apiKey), nil
}

// APIKeyPage implements pontage.AccountReader.
func (r reader) APIKeyPage(ctx context.Context, q pontage.APIKeyQuery) ([]pontage.APIKey, error) {
	s := r.fixed("SELECT " + apiKeyColumns + " FROM api_keys k WHERE k.account_id = ").value(func(s *statement) { s.string(string(q.AccountID)) })
	now := func(s *statement) { s.moment(q.Now) }
	switch {
	case q.Live != nil && *q.Live:
		s.sql(" AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ").value(now).sql(")")
	case q.Live != nil:
		s.sql(" AND (k.revoked_at IS NOT NULL OR k.expires_at <= ").value(now).sql(")")
	}
	return listAfter(ctx, r, s, "k", q.Page, "API key", apiKeyTargets)
}

// InsertAPIKey adds a key; a taken id is Conflict.
func (t tx) InsertAPIKey(ctx context.Context, k pontage.APIKey) error {
	return t.insert(ctx, apiKeyToRow(k), "API key")
}

// UpdateAPIKey writes all but owner and time of creation; NotFound where there is no such key.
func (t tx) UpdateAPIKey(ctx context.Context, k pontage.APIKey) error {
	return t.update(ctx, apiKeyToRow(k), "API key", secretChanges...)
}

// notNil keeps an empty hash apart from NULL, which the column refuses.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
