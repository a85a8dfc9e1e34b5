package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

const tokenColumns = "t.id, t.lineage_id, t.key_id, t.hash, t.created_at"

// bearer is a token with its lineage, as one row.
type bearer struct {
	pontage.Token
	lineage pontage.Lineage
}

func (b *bearer) targets() []any {
	t := []any{&b.ID, &b.LineageID, &b.KeyID, bytesInto(&b.Hash), timeInto(&b.CreatedAt)}
	return append(t, lineageTargets(&b.lineage)...)
}

// Token gives a bearer and its lineage in one read; NotFound where there is none.
func (r reader) Token(ctx context.Context, id pontage.TokenID) (*pontage.Token, *pontage.Lineage, error) {
	s := r.fixed("SELECT " + tokenColumns + ", " + lineageColumns + " FROM tokens t JOIN lineages l ON l.id = t.lineage_id WHERE t.id = ")
	b, err := one(ctx, r, s.value(func(s *statement) { s.string(string(id)) }), "token", (*bearer).targets)
	if err != nil {
		return nil, nil, err
	}
	return &b.Token, &b.lineage, nil
}

// InsertToken adds a bearer; a taken id is Conflict.
func (t tx) InsertToken(ctx context.Context, token pontage.Token) error {
	s := t.fixed("INSERT INTO tokens (" + tokenInsertColumns + ") VALUES ")
	return t.insertFresh(ctx, s.rows(1, func(int) { tokenValues(s, token) }), 1, "token")
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
	s := t.fixed("INSERT INTO refresh_tokens (" + refreshTokenInsertColumns + ") VALUES ")
	return t.insertFresh(ctx, s.rows(1, func(int) { refreshTokenValues(s, r) }), 1, "refresh token")
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
