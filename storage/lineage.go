package storage

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// Lineage gives one token through all its rotations; NotFound where there is none.
func (r reader) Lineage(ctx context.Context, id pontage.LineageID) (*pontage.Lineage, error) {
	var row lineageRow
	if err := r.db.NewSelect().Model(&row).Where("l.id = ?", id).Scan(ctx); err != nil {
		return nil, translate(err, "token")
	}
	return row.lineage()
}

// Lineages lists an account's tokens, newest first, without those that ended before the given time.
func (r reader) Lineages(ctx context.Context, account pontage.AccountID, endedAfter time.Time, page pontage.Page) ([]pontage.Lineage, error) {
	var rows []lineageRow
	after := stored(endedAfter)
	list := r.db.NewSelect().Model(&rows).Where("l.account_id = ?", account).
		Where("(l.revoked_at IS NULL OR l.revoked_at >= ?)", after).Where("(l.expires_at IS NULL OR l.expires_at >= ?)", after).
		Order("l.created_at DESC", "l.id DESC")
	query, err := paged(list, page)
	if err != nil {
		return nil, err
	}
	if err := query.Scan(ctx); err != nil {
		return nil, translate(err, "token")
	}
	lineages := make([]pontage.Lineage, len(rows))
	for i := range rows {
		lineage, err := rows[i].lineage()
		if err != nil {
			return nil, err
		}
		lineages[i] = *lineage
	}
	return lineages, nil
}

// InsertLineage adds a token with its counters; a taken id is Conflict.
func (t tx) InsertLineage(ctx context.Context, l pontage.Lineage) error {
	return t.insert(ctx, lineageToRow(l), "token")
}

// UpdateLineage writes all but the counters where the stored version is the one before; otherwise Conflict.
func (t tx) UpdateLineage(ctx context.Context, l pontage.Lineage) error {
	query := t.db.NewUpdate().Model(lineageToRow(l)).Column(lineageChanges...).WherePK().Where("l.version = ?", l.Version-1)
	changed, err := affected(ctx, query, "token")
	if err == nil && !changed {
		err = pontage.E(pontage.Conflict, "The token was changed in the meantime; read it again.")
	}
	return err
}

// RevokeLineage ends a token that is not revoked yet and says whether it did.
func (t tx) RevokeLineage(ctx context.Context, id pontage.LineageID, at time.Time) (bool, error) {
	query := t.db.NewUpdate().Table("lineages").
		Set("revoked_at = ?", stored(at)).Set("updated_at = ?", stored(at)).Set("version = version + 1").
		Where("id = ?", id).Where("revoked_at IS NULL")
	return affected(ctx, query, "token")
}
