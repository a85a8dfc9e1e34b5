package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

const tokenColumns = "t.id, t.lineage_id, t.key_id, t.hash, t.created_at"

// ownerDisabled says of rows a and c, an account and a client that may be none, whether one of them is disabled.
const ownerDisabled = "(a.disabled_at IS NOT NULL OR c.disabled_at IS NOT NULL)"

const selectPresented = "SELECT " + ownerDisabled + ", " + tokenColumns + ", " + lineageColumns + " FROM tokens t JOIN lineages l" +
	" ON l.id = t.lineage_id JOIN lineage_usage u ON u.lineage_id = l.id JOIN accounts a ON a.id = l.account_id LEFT JOIN clients c ON c.id = l.client_id WHERE t.id = "

func presentedTargets(p *pontage.Presented) []any {
	t := &p.Token
	return append([]any{&p.Disabled, &t.ID, &t.LineageID, &t.KeyID, bytesInto(&t.Hash), timeInto(&t.CreatedAt)}, lineageTargets(&p.Lineage)...)
}

// Presented gives a bearer, its lineage and whether their owner is disabled; NotFound where there is none.
func (r reader) Presented(ctx context.Context, id pontage.TokenID) (*pontage.Presented, error) {
	s := r.kept(selectPresented).value(func(s *statement) { s.string(string(id)) })
	return one(ctx, r, s, "token", presentedTargets)
}

// Token gives a bearer and its lineage; NotFound where there is none.
func (r reader) Token(ctx context.Context, id pontage.TokenID) (*pontage.Token, *pontage.Lineage, error) {
	p, err := r.Presented(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	return &p.Token, &p.Lineage, nil
}

// Disabled says whether an account or its client is disabled; NotFound for an unknown account.
func (r reader) Disabled(ctx context.Context, account pontage.AccountID, client pontage.ClientID) (bool, error) {
	s := r.kept("SELECT " + ownerDisabled + " FROM accounts a LEFT JOIN clients c ON c.id = ").value(func(s *statement) { s.string(string(client)) })
	s.sql(" WHERE a.id = ").value(func(s *statement) { s.string(string(account)) })
	disabled, err := one(ctx, r, s, "account", func(is *bool) []any { return []any{is} })
	return err == nil && *disabled, err
}

// InsertToken adds a bearer; a taken id is Conflict.
func (t tx) InsertToken(ctx context.Context, token pontage.Token) error {
	s := t.planned("INSERT INTO tokens (" + tokenInsertColumns + ") VALUES ")
	return t.insertLater(ctx, s.rows(1, func(int) { tokenValues(s, token) }), "token")
}

const tokenInsertColumns = "id, lineage_id, key_id, hash, created_at"

func tokenValues(s *statement, token pontage.Token) {
	s.string(string(token.ID)).string(string(token.LineageID)).string(token.KeyID).hash(token.Hash).moment(token.CreatedAt)
}

type refreshTokenRow struct {
	bun.BaseModel `bun:"table:refresh_tokens,alias:r"`

	ID        pontage.RefreshTokenID `bun:",pk"`
	LineageID pontage.LineageID
	TokenID   pontage.TokenID
	KeyID     string
	Hash      []byte
	CreatedAt time.Time
	ExpiresAt time.Time `bun:",nullzero"`
	UsedAt    time.Time `bun:",nullzero"`
}

// RefreshToken gives one refresh token, also a used one; NotFound where there is none.
func (r reader) RefreshToken(ctx context.Context, id pontage.RefreshTokenID) (*pontage.RefreshToken, error) {
	var row refreshTokenRow
	if err := r.db.NewSelect().Model(&row).Where("r.id = ?", id).Scan(ctx); err != nil {
		return nil, translate(err, "refresh token")
	}
	return &pontage.RefreshToken{
		ID: row.ID, LineageID: row.LineageID, TokenID: row.TokenID, KeyID: row.KeyID, Hash: row.Hash,
		CreatedAt: row.CreatedAt.UTC(), ExpiresAt: row.ExpiresAt.UTC(), UsedAt: row.UsedAt.UTC(),
	}, nil
}

// InsertRefreshToken adds a refresh token of a bearer that is there; a taken id is Conflict.
func (t tx) InsertRefreshToken(ctx context.Context, r pontage.RefreshToken) error {
	s := t.planned("INSERT INTO refresh_tokens (" + refreshTokenInsertColumns + ") VALUES ")
	return t.insertLater(ctx, s.rows(1, func(int) { refreshTokenValues(s, r) }), "refresh token")
}

const refreshTokenInsertColumns = "id, lineage_id, token_id, key_id, hash, created_at, expires_at, used_at"

func refreshTokenValues(s *statement, r pontage.RefreshToken) {
	s.string(string(r.ID)).string(string(r.LineageID)).string(string(r.TokenID)).string(r.KeyID).hash(r.Hash)
	s.moment(r.CreatedAt).time(r.ExpiresAt).time(r.UsedAt)
}

// UseRefreshToken marks a refresh token as used where it is not yet and says whether it did: of any number that try, one.
func (t tx) UseRefreshToken(ctx context.Context, id pontage.RefreshTokenID, at time.Time) (bool, error) {
	query := t.db.NewUpdate().Table("refresh_tokens").Set("used_at = ?", stored(at)).
		Where("id = ?", id).Where("used_at IS NULL")
	return affected(ctx, query, "refresh token")
}
