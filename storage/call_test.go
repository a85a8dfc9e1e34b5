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
	err := waitBatch(t.Context(), s, pontage.BatchKeys{Now: testStart}, func(*pontage.BatchState) (*pontage.BatchChanges, error) {
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

// The reaper looks every second, the fold twice, and statistics are read all the time; with years of calls behind them all must
// touch only what is open or not folded yet. So the plans of both databases must never walk through the log, whether PostgreSQL has
// statistics of it yet or not.
func TestOpenCallsAndTailAreFoundWithoutWalkingTheLog(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Store) {
		if s.postgres {
			run(t, s, "ALTER TABLE calls SET (autovacuum_enabled = false); ALTER TABLE outcomes SET (autovacuum_enabled = false)")
		}
		longLog(t, s, 20_000)
		ends, joins := readsOfTheLog(t, s)
		mustNotWalk(t, s, ends)
		mustNotWalk(t, s, joins)
		run(t, s, "ANALYZE")
		mustNotWalk(t, s, ends)
		mustNotWalk(t, s, joins)
		got, err := s.ExpiredCalls(t.Context(), testStart.Add(time.Hour), 10)
		if len(got) != 1 || err != nil {
			t.Errorf("%d expired, %v", len(got), err)
		}
	})
}

// A batch and a fold on SQLite find each of their rows by its key, however many travel in one statement.
func TestRowsThatChangeTogetherAreFoundByTheirKeys(t *testing.T) {
	s := mustOpen(t, freshSQLite(t))
	lineages, wallets, lines := make([]*pontage.Lineage, 64), make([]*pontage.Wallet, 64), make([]numbered, 64)
	for i := range 64 {
		lineages[i], wallets[i] = &pontage.Lineage{}, &pontage.Wallet{}
	}
	for table, write := range map[string]func(*statement){
		"lineage_usage": func(st *statement) { updateLineageCounters(st, lineages) },
		"wallets":       func(st *statement) { updateWallets(st, wallets) },
		"statistics":    func(st *statement) { addToLines(st, lines) },
	} {
		st := s.fixed("EXPLAIN QUERY PLAN ")
		write(st)
		if plan := planOf(t, s, st); !strings.Contains(plan, "SEARCH "+table+" USING") {
			t.Errorf("%s\n%s", table, plan)
		}
	}
}

func run(t *testing.T, s *Store, text string) {
	t.Helper()
	err := s.unit(t.Context(), func(ctx context.Context, tx tx) error {
		_, err := tx.execute(ctx, tx.statement(text), "statement")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// readsOfTheLog gives the statements that read an end of one log, and those that look for something in the other log too.
func readsOfTheLog(t *testing.T, s *Store) (ends, joins []*statement) {
	t.Helper()
	p, err := s.folded(t.Context())
	w := p.done
	if err != nil || w.calls == 0 || w.outcomes == 0 {
		t.Fatal(p, err)
	}
	tailOfCalls, tailOfOutcomes := s.tails(w, "acc_1")
	nextCalls, nextOutcomes := s.nextRows(w, watermarks{w.calls + 100, w.outcomes + 100}, 100)
	expired := s.expired(w, testStart.Add(time.Hour)).sql(" LIMIT 100")
	return []*statement{tailOfCalls, nextCalls}, []*statement{expired, tailOfOutcomes, nextOutcomes}
}

func mustNotWalk(t *testing.T, s *Store, statements []*statement) {
	t.Helper()
	explain := map[bool]string{false: "EXPLAIN QUERY PLAN ", true: "EXPLAIN "}[s.postgres]
	for _, text := range statements {
		plan := planOf(t, s, &statement{text: []byte(explain + string(text.text)), args: text.args, bound: text.bound})
		for _, walk := range []string{"SCAN calls", "SCAN c\n", "SCAN t\n", "SCAN outcomes", "SCAN i\n", "Seq Scan on calls", "Seq Scan on outcomes"} {
			if strings.Contains(plan, walk) {
				t.Errorf("%s\n%s", text.text, plan)
				break
			}
		}
	}
}

func planOf(t *testing.T, s *Store, asked *statement) string {
	t.Helper()
	var plan strings.Builder
	err := s.each(context.Background(), asked, "plan", func(rows *sql.Rows) error {
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
