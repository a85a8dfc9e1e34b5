package storage

import (
	"context"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// Lineage gives one token through all its rotations; NotFound where there is none.
func (r reader) Lineage(ctx context.Context, id pontage.LineageID) (*pontage.Lineage, error) {
	s := r.fixed("SELECT " + lineageColumns + " FROM " + lineageTables + " WHERE l.id = ")
	return one(ctx, r, s.value(func(s *statement) { s.string(string(id)) }), "token", lineageTargets)
}

// LineagesByID gives the tokens with these ids, in no order; unknown ids are left out.
func (r reader) LineagesByID(ctx context.Context, ids []pontage.LineageID) ([]pontage.Lineage, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	s := r.fixed("SELECT " + lineageColumns + " FROM " + lineageTables + " WHERE l.id IN ")
	return list(ctx, r, in(s, ids), "token", lineageTargets)
}

// Lineages lists an account's tokens, newest first, without those that ended before the given time.
func (r reader) Lineages(ctx context.Context, account pontage.AccountID, endedAfter time.Time, p pontage.Page) ([]pontage.Lineage, error) {
	return r.lineagesOf(ctx, "l.account_id", string(account), endedAfter, p)
}

// ClientLineages is Lineages for the tokens of a client.
func (r reader) ClientLineages(ctx context.Context, client pontage.ClientID, endedAfter time.Time, p pontage.Page) ([]pontage.Lineage, error) {
	return r.lineagesOf(ctx, "l.client_id", string(client), endedAfter, p)
}

func (r reader) lineagesOf(ctx context.Context, column, id string, endedAfter time.Time, p pontage.Page) ([]pontage.Lineage, error) {
	after := func(s *statement) { s.time(endedAfter) }
	if endedAfter.IsZero() {
		after = func(s *statement) { s.time(time.Unix(0, 0)) }
	}
	s := r.kept("SELECT " + lineageColumns + " FROM " + lineageTables + " WHERE " + column + " = ").value(func(s *statement) { s.string(id) })
	s.sql(" AND (l.revoked_at IS NULL OR l.revoked_at >= ").value(after)
	s.sql(") AND (l.expires_at IS NULL OR l.expires_at >= ").value(after)
	s, err := listed(s.sql(")"), "l.created_at", "l.id", p)
	if err != nil {
		return nil, err
	}
	return list(ctx, r, s, "token", lineageTargets)
}

var lineageSortings = sortings{
	pontage.SortByName:    byText("l.name"),
	pontage.SortByExpiry:  byMoment("l.expires_at"),
	pontage.SortByLastUse: byMoment("used.last_used_at"),
}

// LineagePage implements pontage.TokenReader.
func (r reader) LineagePage(ctx context.Context, q pontage.LineageQuery) ([]pontage.Lineage, error) {
	from := "SELECT " + lineageColumns + " FROM " + lineageTables
	if q.Page.By == pontage.SortByLastUse {
		from += " LEFT JOIN credential_uses used ON used.id = l.id"
	}
	s := r.kept(from + " WHERE l.account_id = ").value(func(s *statement) { s.string(string(q.AccountID)) })
	s.sql(" AND l.revoked_at IS NULL AND (l.expires_at IS NULL OR l.expires_at >= ").value(func(s *statement) { s.moment(q.EndedAfter) }).sql(")")
	now := func(s *statement) { s.moment(q.Now) }
	switch {
	case q.Expired != nil && *q.Expired:
		s.sql(" AND l.expires_at <= ").value(now)
	case q.Expired != nil:
		s.sql(" AND (l.expires_at IS NULL OR l.expires_at > ").value(now).sql(")")
	}
	switch {
	case q.ClientID != nil && *q.ClientID == "":
		s.sql(" AND l.client_id IS NULL")
	case q.ClientID != nil:
		s.sql(" AND l.client_id = ").value(func(s *statement) { s.string(string(*q.ClientID)) })
	}
	if q.Name != "" {
		s.sql(" AND lower(l.name) LIKE ").value(func(s *statement) { s.string("%" + likeEscape.Replace(strings.ToLower(q.Name)) + "%") }).sql(" ESCAPE '!'")
	}
	if q.Page.By != "" {
		return listSorted(ctx, r, s, "l", lineageSortings, q.Page.Keyset(), "token", lineageTargets)
	}
	s, err := listed(s, "l.created_at", "l.id", q.Page)
	if err != nil {
		return nil, err
	}
	return list(ctx, r, s, "token", lineageTargets)
}

// likeEscape takes from a text what LIKE would understand.
var likeEscape = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// LineageMakers implements pontage.TokenReader.
func (r reader) LineageMakers(ctx context.Context, ids []pontage.LineageID) (map[pontage.LineageID]pontage.Maker, error) {
	type made struct {
		id pontage.LineageID
		by pontage.Maker
	}
	const query = "SELECT l.id, l.maker, l.maker_id FROM lineages l WHERE l.maker IS NOT NULL AND l.id IN "
	rows, err := byID(ctx, r, query, ids, "token", func(m *made) []any {
		return []any{&m.id, textInto(&m.by.Kind), textInto(&m.by.ID)}
	})
	makers := make(map[pontage.LineageID]pontage.Maker, len(rows))
	for _, m := range rows {
		makers[m.id] = m.by
	}
	return makers, err
}

// InsertLineage adds a token with its counters; a taken id is Conflict.
func (t tx) InsertLineage(ctx context.Context, l pontage.Lineage) error {
	s := t.planned("INSERT INTO lineages (" + lineageInsertColumns + ", maker, maker_id) VALUES ")
	if err := t.insertLater(ctx, s.rows(1, func(int) {
		lineageValues(s, l)
		s.optional(string(l.Maker.Kind)).optional(l.Maker.ID)
	}), "token"); err != nil {
		return err
	}
	s = t.planned("INSERT INTO lineage_usage (" + lineageUsageColumns + ") VALUES ")
	return t.insertLater(ctx, s.rows(1, func(int) { lineageUsageValues(s, l) }), "token")
}

// UpdateLineage writes all but the counters where the stored version is the one before; otherwise Conflict.
func (t tx) UpdateLineage(ctx context.Context, l pontage.Lineage) error {
	t.cache.forgetLineage(l.ID)
	query := t.db.NewUpdate().Model(lineageToRow(l)).Column(lineageChanges...).WherePK().Where("l.version = ?", l.Version-1)
	changed, err := affected(ctx, query, "token")
	if err == nil && !changed {
		err = pontage.E(pontage.Conflict, "The token was changed in the meantime; read it again.")
	}
	return err
}

// RevokeLineage ends a token that is not revoked yet and says whether it did.
func (t tx) RevokeLineage(ctx context.Context, id pontage.LineageID, at time.Time) (bool, error) {
	t.cache.forgetLineage(id)
	query := t.db.NewUpdate().Table("lineages").
		Set("revoked_at = ?", stored(at)).Set("updated_at = ?", stored(at)).Set("version = version + 1").
		Where("id = ?", id).Where("revoked_at IS NULL")
	return affected(ctx, query, "token")
}
