package storage

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type scopeSetRow struct {
	bun.BaseModel `bun:"table:scope_sets"`

	ID     pontage.ScopeSetID `bun:",pk"`
	Digest []byte
	Scopes string
}

func (row scopeSetRow) scopeSet() pontage.ScopeSet {
	names := strings.Fields(row.Scopes)
	return pontage.ScopeSet{
		ID: row.ID, Digest: row.Digest,
		Scopes: mapped(names, func(name string) pontage.ScopeID { return pontage.ScopeID(name) }),
	}
}

// ScopeSets gives the sets with these ids, sorted by id, in one query; unknown ids are left out.
func (r reader) ScopeSets(ctx context.Context, ids []pontage.ScopeSetID) ([]pontage.ScopeSet, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []scopeSetRow
	if err := r.db.NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Order("id").Scan(ctx); err != nil {
		return nil, translate(err, "scope set")
	}
	return mapped(rows, scopeSetRow.scopeSet), nil
}

// ScopeSetByDigest finds an interned set; NotFound where there is none.
func (r reader) ScopeSetByDigest(ctx context.Context, digest []byte) (*pontage.ScopeSet, error) {
	var row scopeSetRow
	if err := r.db.NewSelect().Model(&row).Where("digest = ?", digest).Scan(ctx); err != nil {
		return nil, translate(err, "scope set")
	}
	return new(row.scopeSet()), nil
}

// InsertScopeSet interns a set; one with this digest already there is Conflict and leaves the unit of work usable, so that the
// caller can read the one that was first.
func (t tx) InsertScopeSet(ctx context.Context, s pontage.ScopeSet) error {
	names := mapped(s.Scopes, func(id pontage.ScopeID) string { return string(id) })
	return t.insert(ctx, &scopeSetRow{ID: s.ID, Digest: notNil(s.Digest), Scopes: strings.Join(names, " ")}, "scope set")
}
