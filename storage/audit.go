package storage

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
)

const auditColumns = "id, account_id, client_id, actor, actor_id, action, target, old_fields, new_fields, address, user_agent, request_id, created_at"

func auditTargets(e *pontage.AuditEntry) []any {
	return []any{&e.ID, textInto(&e.AccountID), textInto(&e.ClientID), &e.Actor, &e.ActorID, &e.Action, &e.Target, jsonInto(&e.Before),
		jsonInto(&e.After), addressInto(&e.Address), &e.UserAgent, &e.Request, timeInto(&e.CreatedAt)}
}

// AuditEntries implements pontage.AuditReader.
func (r reader) AuditEntries(ctx context.Context, q pontage.AuditQuery) ([]pontage.AuditEntry, error) {
	s := r.fixed("SELECT " + auditColumns + " FROM audit_entries e WHERE 1 = 1")
	for _, c := range []struct{ column, value string }{
		{"account_id", string(q.AccountID)}, {"client_id", string(q.ClientID)}, {"actor_id", q.ActorID}, {"target", q.Target},
	} {
		if c.value != "" {
			s.sql(" AND e." + c.column + " = ").value(func(s *statement) { s.string(c.value) })
		}
	}
	switch {
	case strings.HasSuffix(q.Action, "."): // all from the dot to the byte after it
		s.sql(" AND e.action >= ").value(func(s *statement) { s.string(q.Action) })
		s.sql(" AND e.action < ").value(func(s *statement) { s.string(strings.TrimSuffix(q.Action, ".") + "/") })
	case q.Action != "":
		s.sql(" AND e.action = ").value(func(s *statement) { s.string(q.Action) })
	}
	return listAfter(ctx, r, s, "e", q.Page, "audit entry", auditTargets)
}

// InsertAudit implements pontage.AuditWriter; a taken id is Conflict. One entry, as nearly always, is sent with what comes after it.
func (t tx) InsertAudit(ctx context.Context, entries ...pontage.AuditEntry) error {
	const insert = "INSERT INTO audit_entries (" + auditColumns + ") VALUES "
	switch len(entries) {
	case 0:
		return nil
	case 1:
		return t.insertLater(ctx, auditRows(t.planned(insert), entries), "audit entry")
	}
	return t.insertFresh(ctx, auditRows(t.statement(insert), entries), len(entries), "audit entry")
}

func auditRows(s *statement, entries []pontage.AuditEntry) *statement {
	return s.rows(len(entries), func(i int) {
		e := entries[i]
		s.string(string(e.ID)).optional(string(e.AccountID)).optional(string(e.ClientID)).string(string(e.Actor)).string(e.ActorID)
		s.string(e.Action).string(e.Target).json(e.Before).json(e.After).address(e.Address).string(e.UserAgent)
		s.string(string(e.Request)).moment(e.CreatedAt)
	})
}
