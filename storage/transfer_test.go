package storage

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
)

// onBoth runs a test that needs the inside of a store on both engines.
func onBoth(t *testing.T, test func(t *testing.T, s *Store)) {
	for name, url := range map[string]func() string{
		"sqlite":   func() string { return filepath.Join(t.TempDir(), "test.db") },
		"postgres": func() string { return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) { test(t, openForTest(t, url())) })
	}
}

var testStart = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func openForTest(t testing.TB, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url, Options{Clock: func() time.Time { return testStart }, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// What was booked stays booked, also for someone with the database's own tools: a ledger that can be edited proves nothing.
func TestTheLedgerAndTheLogCannotBeEdited(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		id := pontage.NewAccountID(testStart)
		err := s.Write(t.Context(), func(tx pontage.Tx) error {
			if err := tx.InsertAccount(t.Context(), pontage.Account{ID: id, Email: "a@example.com", CreatedAt: testStart}); err != nil {
				return err
			}
			return tx.InsertTransfers(t.Context(), []pontage.Transfer{{
				ID: "tra_1", Kind: pontage.TransferTopUp, Debit: pontage.LedgerFunding, Credit: pontage.LedgerWallet(id), Amount: 5,
				AccountID: id, CreatedAt: testStart}})
		})
		if err != nil {
			t.Fatal(err)
		}
		err = waitBatch(t.Context(), s, pontage.BatchKeys{Now: testStart}, func(*pontage.BatchState) (*pontage.BatchChanges, error) {
			return &pontage.BatchChanges{
				Calls:    []pontage.Call{{ID: "cal_1", AccountID: id, State: pontage.CallRefused, DecidedAt: testStart}},
				Outcomes: []pontage.Outcome{{CallID: "cal_1", Kind: pontage.OutcomeReleased, At: testStart}},
			}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{
			"UPDATE transfers SET amount = 6", "DELETE FROM transfers", "UPDATE calls SET price = 1", "UPDATE outcomes SET status = 200",
		} {
			err := s.unit(t.Context(), func(ctx context.Context, tx tx) error {
				_, err := tx.execute(ctx, tx.statement(text), "transfer")
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "are never") {
				t.Errorf("%s gave %v", text, err)
			}
		}
	})
}
