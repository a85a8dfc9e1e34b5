package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// longLog fills the log with n settled calls, folded, and one open one behind them.
func longLog(t *testing.T, s *Store, n int) {
	t.Helper()
	err := s.Batch(t.Context(), pontage.BatchKeys{Now: testStart}, func(*pontage.BatchState) (*pontage.BatchChanges, error) {
		changes := &pontage.BatchChanges{}
		for i := range n {
			id := pontage.CallID(fmt.Sprintf("cal_%08d", i))
			changes.Calls = append(changes.Calls, pontage.Call{ID: id, AccountID: "acc_1", State: pontage.CallReserved,
				DecidedAt: testStart, ExpiresAt: testStart.Add(time.Minute)})
			if i < n-1 {
				changes.Outcomes = append(changes.Outcomes, pontage.Outcome{CallID: id, Kind: pontage.OutcomeSettled, At: testStart})
			}
		}
		return changes, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Fold(t.Context(), n, func(pontage.Tail) pontage.FoldChanges { return pontage.FoldChanges{} }); err != nil {
		t.Fatal(err)
	}
}

// The reaper looks every second and statistics are read all the time; with years of calls behind them both must touch only what is
// open or not folded yet. So the plans of both databases must never walk through the log.
func TestOpenCallsAndTailAreFoundWithoutWalkingTheLog(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		longLog(t, s, 20_000)
		explain := "EXPLAIN QUERY PLAN "
		if s.postgres {
			explain = "EXPLAIN "
			if _, err := s.db.ExecContext(t.Context(), "ANALYZE"); err != nil {
				t.Fatal(err)
			}
		}
		w, err := s.watermarks(t.Context())
		if err != nil || w.calls == 0 || w.outcomes == 0 {
			t.Fatal(w, err)
		}
		tailOfCalls, tailOfOutcomes := s.tails(w, "acc_1")
		for _, text := range []*statement{s.expired(w, testStart.Add(time.Hour)).sql(" LIMIT 100"), tailOfCalls, tailOfOutcomes} {
			plan := planOf(t, s, explain+string(text.text))
			for _, walk := range []string{"SCAN calls", "SCAN c\n", "SCAN outcomes", "SCAN o\n", "Seq Scan on calls", "Seq Scan on outcomes"} {
				if strings.Contains(plan, walk) {
					t.Errorf("%s\n%s", text.text, plan)
					break
				}
			}
		}
		got, err := s.ExpiredCalls(t.Context(), testStart.Add(time.Hour), 10)
		if len(got) != 1 || err != nil {
			t.Errorf("%d expired, %v", len(got), err)
		}
	})
}

func planOf(t *testing.T, s *Store, text string) string {
	t.Helper()
	var plan strings.Builder
	err := s.each(context.Background(), &statement{text: []byte(text)}, "plan", func(rows *sql.Rows) error {
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		places := make([]any, len(columns))
		var line sql.NullString
		for i := range places {
			places[i] = new(sql.RawBytes)
		}
		places[len(places)-1] = &line
		if err := rows.Scan(places...); err != nil {
			return err
		}
		plan.WriteString(line.String + "\n")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
