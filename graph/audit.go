package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
)

func placeOfAuditEntry(e *pontage.AuditEntry) pontage.Place {
	return pontage.Place{At: e.CreatedAt, ID: string(e.ID)}
}

func (r *Resolver) auditLog(ctx context.Context, q *question, f *model.AuditFilter) ([]pontage.AuditEntry, error) {
	query := pontage.AuditQuery{AccountID: actor(ctx).AccountID, Page: q.keyset()}
	if f != nil {
		query.Action, query.Target, query.ActorID = orEmpty(f.Action), orEmpty(f.Target), orEmpty(f.ActorID)
		query.ClientID = orEmpty(f.ClientID)
	}
	return r.Accounts.AuditLog(ctx, actor(ctx), query)
}

// auditFields gives the fields of an entry in the order of their names.
func auditFields(fields pontage.AuditFields) []model.AuditField {
	all := make([]model.AuditField, 0, len(fields))
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		all = append(all, model.AuditField{Name: name, Value: fields[name]})
	}
	return all
}
