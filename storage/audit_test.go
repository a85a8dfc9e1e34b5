package storage

import (
	"strings"
	"testing"

	"github.com/pontage/pontage"
)

// An audit log that somebody with the database's own tools can tidy up proves nothing.
func TestTheAuditLogCannotBeEdited(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		err := s.Write(t.Context(), func(tx pontage.Tx) error {
			return tx.InsertAudit(t.Context(), pontage.AuditEntry{ID: "aud_1", Action: "x", CreatedAt: testStart})
		})
		if err != nil {
			t.Fatal(err)
		}
		statements := []string{"UPDATE audit_entries SET action = 'y'", "DELETE FROM audit_entries"}
		if s.postgres {
			statements = append(statements, "TRUNCATE audit_entries")
		}
		for _, statement := range statements {
			err := s.Write(t.Context(), func(u pontage.Tx) error {
				_, err := u.(tx).db.ExecContext(t.Context(), statement)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "the audit log is never") {
				t.Errorf("%s: %v", statement, err)
			}
		}
		all, err := s.AuditEntries(t.Context(), pontage.AuditQuery{Page: pontage.Keyset{Limit: 5}})
		if err != nil || len(all) != 1 || all[0].Action != "x" {
			t.Errorf("left %+v, %v", all, err)
		}
	})
}
