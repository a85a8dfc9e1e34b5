package storage

import (
	"context"
	"slices"

	"github.com/pontage/pontage"
)

const errorEntryColumns = "id, account_id, scope_id, host, address, status, code, message, created_at, client_id"

func errorEntryValues(s *statement, e pontage.ErrorEntry) {
	s.string(string(e.ID)).string(string(e.AccountID)).optional(string(e.ScopeID)).string(e.Host).address(e.Address)
	s.number(int64(e.Status)).string(string(e.Code)).string(e.Message).time(e.At).optional(string(e.ClientID))
}

func errorEntryTargets(e *pontage.ErrorEntry) []any {
	return []any{&e.ID, &e.AccountID, textInto(&e.ScopeID), textInto(&e.ScopeName), &e.Host, addressInto(&e.Address), &e.Status,
		&e.Code, &e.Message, timeInto(&e.At)}
}

// ErrorEntries implements pontage.StatisticReader. The scope's name is not kept with every entry: it comes from the catalogue.
func (r reader) ErrorEntries(ctx context.Context, q pontage.LogQuery) ([]pontage.ErrorEntry, error) {
	s := r.statement("SELECT e.id, e.account_id, e.scope_id, n.name, e.host, e.address, e.status, e.code, e.message, e.created_at" +
		" FROM error_entries e LEFT JOIN scopes n ON n.id = e.scope_id WHERE ")
	if q.ClientID != "" {
		s.sql("e.client_id = ").value(func(s *statement) { s.string(string(q.ClientID)) }).sql(" AND ")
	}
	s.sql("e.account_id = ")
	return newest(ctx, r, s, "e", q, "errors", errorEntryTargets)
}

// withClients gives entries the clients of their tokens, in one read for those that have a token.
func (t tx) withClients(ctx context.Context, entries []pontage.ErrorEntry) ([]pontage.ErrorEntry, error) {
	var tokens []pontage.LineageID
	for _, e := range entries {
		if e.LineageID != "" && !slices.Contains(tokens, e.LineageID) {
			tokens = append(tokens, e.LineageID)
		}
	}
	type owned struct {
		token  pontage.LineageID
		client pontage.ClientID
	}
	const query = "SELECT l.id, l.client_id FROM lineages l WHERE l.client_id IS NOT NULL AND l.id IN "
	rows, err := byID(ctx, t.reader, query, tokens, "token", func(o *owned) []any { return []any{&o.token, &o.client} })
	if err != nil || len(rows) == 0 {
		return entries, err
	}
	of := make(map[pontage.LineageID]pontage.ClientID, len(rows))
	for _, o := range rows {
		of[o.token] = o.client
	}
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].ClientID = of[entries[i].LineageID]
	}
	return entries, nil
}
