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
	by := actor(ctx)
	query := pontage.AuditQuery{AccountID: by.AccountID, Page: q.keyset()}
	if f != nil {
		query.Action, query.Target, query.ActorID = orEmpty(f.Action), orEmpty(f.Target), orEmpty(f.ActorID)
	}
	if f != nil && f.ClientID != nil {
		query.ClientID = *f.ClientID
		all, err := r.Partners.AuditLog(ctx, by, query.ClientID, query)
		if pontage.CodeOf(err) != pontage.NotFound {
			return all, err
		}
		// What was done to a client that is gone is in the log of its account alone.
	}
	return r.Accounts.AuditLog(ctx, by, query)
}

// auditFields gives the fields of an entry in the order of their names.
func auditFields(fields pontage.AuditFields) []model.AuditField {
	all := make([]model.AuditField, 0, len(fields))
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		all = append(all, model.AuditField{Name: name, Value: fields[name]})
	}
	return all
}
