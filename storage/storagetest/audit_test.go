package storagetest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func TestAuditEntriesComeBackAsTheyWentInAndAreFound(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		full := pontage.AuditEntry{ID: "aud_full", AccountID: "acc_1", ClientID: "cli_1", Actor: pontage.ActorUser, ActorID: "usr_1", Action: "api_key.create", Target: "key_1",
			Before: pontage.AuditFields{"label": "Ünï'?0\\"}, After: pontage.AuditFields{"label": ""}, Address: home, UserAgent: "'", Request: "req_1", CreatedAt: odd}
		empty := pontage.AuditEntry{ID: "aud_empty"}
		write(t, store, func(tx pontage.Tx) error { return first(tx.InsertAudit(ctx, full, empty), tx.InsertAudit(ctx)) })
		full.CreatedAt = oddUTC
		page := pontage.Keyset{Limit: 10}
		same(t, []pontage.AuditEntry{full, empty})(store.AuditEntries(ctx, pontage.AuditQuery{Page: page}))
		for what, q := range map[string]pontage.AuditQuery{
			"account": {AccountID: "acc_1"}, "client": {ClientID: "cli_1"}, "actor": {ActorID: "usr_1"}, "target": {Target: "key_1"},
			"action": {Action: "api_key.create"}, "noun": {Action: "api_key."}, "all": {AccountID: "acc_1", ClientID: "cli_1", ActorID: "usr_1", Target: "key_1", Action: "api_key."},
		} {
			q.Page = page
			t.Run(what, func(t *testing.T) { same(t, []pontage.AuditEntry{full})(store.AuditEntries(ctx, q)) })
		}
		for _, q := range []pontage.AuditQuery{{AccountID: "ACC_1"}, {AccountID: "acc_1", Target: "key_2"}, {Action: "api_key"}, {Action: "api_ke."}, {Action: "api."}} {
			q.Page = page
			same(t, []pontage.AuditEntry(nil))(store.AuditEntries(ctx, q))
		}
		if _, err := store.AuditEntries(ctx, pontage.AuditQuery{}); pontage.CodeOf(err) != pontage.InvalidInput {
			t.Errorf("a page without a limit: %v", err)
		}
		if err := store.Write(ctx, func(tx pontage.Tx) error { return tx.InsertAudit(ctx, full) }); pontage.CodeOf(err) != pontage.Conflict {
			t.Errorf("the same entry again: %v", err)
		}
	})
}

// A log that somebody reads while it grows must neither repeat nor lose an entry.
func TestTheAuditLogIsPagedWhileItGrows(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		add := func(n int) {
			e := pontage.AuditEntry{ID: pontage.AuditID(fmt.Sprintf("aud_%03d", n)), AccountID: "acc_1", CreatedAt: start.Add(time.Duration(n/4) * time.Second)}
			write(t, store, func(tx pontage.Tx) error { return tx.InsertAudit(ctx, e) })
		}
		for n := range 20 {
			add(n)
		}
		var seen []string
		for after := (pontage.Cursor{}); ; {
			page, err := store.AuditEntries(ctx, pontage.AuditQuery{AccountID: "acc_1", Page: pontage.Keyset{After: after, Limit: 3}})
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, e := range page {
				seen, after = append(seen, string(e.ID)), pontage.Cursor{At: e.CreatedAt, ID: string(e.ID)}
			}
			add(100 + len(seen))
		}
		if len(seen) != 20 || !slices.IsSortedFunc(seen, func(a, b string) int { return strings.Compare(b, a) }) {
			t.Errorf("seen %v", seen)
		}
	})
}
