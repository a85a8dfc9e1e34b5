package storage

import (
	"context"
	"fmt"

	"github.com/pontage/pontage"
)

const selectCallbacks = "SELECT b.id, b.account_id, b.scope_id, n.name, b.host, b.active, b.method, b.url, b.field, b.data, b.custom," +
	" b.headers, b.status, b.elapsed, b.attempt, b.retry, b.created_at, b.started_at, b.completed_at" +
	" FROM callbacks b LEFT JOIN scopes n ON n.id = b.scope_id WHERE "

func callbackTargets(c *pontage.Callback) []any {
	return []any{&c.ID, &c.AccountID, textInto(&c.ScopeID), textInto(&c.ScopeName), &c.Host, &c.Active, &c.Method, &c.URL, &c.Field,
		bytesInto(&c.Data), bytesInto(&c.Custom), bytesInto(&c.Headers), &c.Status, durationInto(&c.Elapsed), &c.Attempt, &c.Retry,
		timeInto(&c.CreatedAt), timeInto(&c.StartedAt), timeInto(&c.CompletedAt)}
}

// bytesInto reads text as bytes; NULL is nil.
func bytesInto(to *[]byte) scanner {
	return func(source any) error {
		switch v := source.(type) {
		case nil:
			*to = nil
		case string:
			*to = []byte(v)
		case []byte:
			*to = append([]byte{}, v...)
		default:
			return fmt.Errorf("storage: bytes came as %T", source)
		}
		return nil
	}
}

// bytes adds NULL for nil.
func (s *statement) bytes(value []byte) *statement {
	if value == nil {
		return s.null(kindText)
	}
	return s.string(string(value))
}

// Callback implements pontage.StatisticReader.
func (r reader) Callback(ctx context.Context, id pontage.CallbackID) (*pontage.Callback, error) {
	s := r.statement(selectCallbacks + "b.id = ").value(func(s *statement) { s.string(string(id)) })
	return one(ctx, r, s, "callback", callbackTargets)
}

// Callbacks implements pontage.StatisticReader.
func (r reader) Callbacks(ctx context.Context, q pontage.LogQuery) ([]pontage.Callback, error) {
	return newest(ctx, r, r.statement(selectCallbacks+"b.account_id = "), "b", q, "callbacks", callbackTargets)
}

// InsertCallback implements pontage.LedgerWriter; a taken id is Conflict. ScopeName is the catalogue's and not stored.
func (t tx) InsertCallback(ctx context.Context, c pontage.Callback) error {
	s := t.statement("INSERT INTO callbacks (id, account_id, scope_id, host, active, method, url, field, data, custom, headers," +
		" status, elapsed, attempt, retry, created_at, started_at, completed_at) VALUES ")
	s.rows(1, func(int) {
		s.string(string(c.ID)).string(string(c.AccountID)).optional(string(c.ScopeID)).string(c.Host).flag(c.Active)
		s.string(c.Method).string(c.URL).string(c.Field).bytes(c.Data).bytes(c.Custom).bytes(c.Headers)
		s.number(int64(c.Status)).number(c.Elapsed.Microseconds()).number(int64(c.Attempt)).number(int64(c.Retry))
		s.time(c.CreatedAt).time(c.StartedAt).time(c.CompletedAt)
	})
	return t.insertFresh(ctx, s, 1, "callback")
}
