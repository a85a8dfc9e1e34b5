package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type tokenRow struct {
	bun.BaseModel `bun:"table:tokens,alias:t"`
	tokenFields
}

type tokenFields struct {
	ID        pontage.TokenID `bun:",pk"`
	LineageID pontage.LineageID
	KeyID     string
	Hash      []byte
	CreatedAt time.Time
}

func (row tokenFields) token() *pontage.Token {
	return &pontage.Token{
		ID: row.ID, LineageID: row.LineageID, KeyID: row.KeyID, Hash: row.Hash, CreatedAt: row.CreatedAt.UTC(),
	}
}

const selectToken = `SELECT t.id AS bearer_id, t.lineage_id AS bearer_lineage_id, t.key_id AS bearer_key_id, t.hash AS bearer_hash,
t.created_at AS bearer_created_at, ` + lineageColumns + ` FROM tokens AS t JOIN lineages AS l ON l.id = t.lineage_id WHERE t.id = ?`

// Token gives a bearer and its lineage in one read; NotFound where there is none.
func (r reader) Token(ctx context.Context, id pontage.TokenID) (*pontage.Token, *pontage.Lineage, error) {
	var row struct {
		Bearer tokenFields `bun:"embed:bearer_"`
		lineageFields
	}
	if err := r.db.NewRaw(selectToken, id).Scan(ctx, &row); err != nil {
		return nil, nil, translate(err, "token")
	}
	lineage, err := row.lineage()
	return row.Bearer.token(), lineage, err
}

// InsertToken adds a bearer; a taken id is Conflict.
func (t tx) InsertToken(ctx context.Context, token pontage.Token) error {
	return t.insert(ctx, &tokenRow{tokenFields: tokenFields{
		ID: token.ID, LineageID: token.LineageID, KeyID: token.KeyID, Hash: notNil(token.Hash), CreatedAt: stored(token.CreatedAt),
	}}, "token")
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
	return t.insert(ctx, &refreshTokenRow{
		ID: r.ID, LineageID: r.LineageID, TokenID: r.TokenID, KeyID: r.KeyID, Hash: notNil(r.Hash),
		CreatedAt: stored(r.CreatedAt), ExpiresAt: stored(r.ExpiresAt), UsedAt: stored(r.UsedAt),
	}, "refresh token")
}

// UseRefreshToken marks a refresh token as used where it is not yet and says whether it did: of any number that try, one.
func (t tx) UseRefreshToken(ctx context.Context, id pontage.RefreshTokenID, at time.Time) (bool, error) {
	query := t.db.NewUpdate().Table("refresh_tokens").Set("used_at = ?", stored(at)).
		Where("id = ?", id).Where("used_at IS NULL")
	return affected(ctx, query, "refresh token")
}
