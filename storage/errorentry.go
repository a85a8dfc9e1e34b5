package storage

import (
	"context"

	"github.com/pontage/pontage"
)

const errorEntryColumns = "id, account_id, scope_id, host, address, status, code, message, created_at"

func errorEntryValues(s *statement, e pontage.ErrorEntry) {
	s.string(string(e.ID)).string(string(e.AccountID)).optional(string(e.ScopeID)).string(e.Host).address(e.Address)
	s.number(int64(e.Status)).string(string(e.Code)).string(e.Message).time(e.At)
}

func errorEntryTargets(e *pontage.ErrorEntry) []any {
	return []any{&e.ID, &e.AccountID, textInto(&e.ScopeID), textInto(&e.ScopeName), &e.Host, addressInto(&e.Address), &e.Status,
		&e.Code, &e.Message, timeInto(&e.At)}
}

// ErrorEntries implements pontage.StatisticReader. The scope's name is not kept with every entry: it comes from the catalogue.
func (r reader) ErrorEntries(ctx context.Context, q pontage.LogQuery) ([]pontage.ErrorEntry, error) {
	s := r.statement("SELECT e.id, e.account_id, e.scope_id, n.name, e.host, e.address, e.status, e.code, e.message, e.created_at" +
		" FROM error_entries e LEFT JOIN scopes n ON n.id = e.scope_id WHERE e.account_id = ")
	return newest(ctx, r, s, "e", q, "errors", errorEntryTargets)
}
