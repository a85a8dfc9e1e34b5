package storage

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
)

// An operator who moves from SQLite to PostgreSQL must find the same tables.
func TestBothEnginesEndWithTheSameSchema(t *testing.T) {
	sqlite, postgres := mustOpen(t, freshSQLite(t)), mustOpen(t, pgtest.URL(t))
	for what, queries := range schemaQueries {
		a, b := lines(t, sqlite, queries[0]), lines(t, postgres, queries[1])
		if len(a) == 0 {
			t.Errorf("%s: none found", what)
		}
		for _, line := range missingFrom(a, b) {
			t.Errorf("%s: only SQLite has %s", what, line)
		}
		for _, line := range missingFrom(b, a) {
			t.Errorf("%s: only PostgreSQL has %s", what, line)
		}
	}
}

// schemaQueries give one line per fact, on SQLite and on PostgreSQL; types are compared by the kind both know.
var schemaQueries = map[string][2]string{
	"columns": {
		`SELECT m.name || '.' || c.name || ' ' || lower(c.type) || CASE WHEN c."notnull" = 1 THEN ' not null' ELSE '' END
		FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`,
		`SELECT table_name || '.' || column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'integer' WHEN 'boolean' THEN 'integer'
		WHEN 'smallint' THEN 'integer' WHEN 'bytea' THEN 'blob' WHEN 'timestamp with time zone' THEN 'text' ELSE data_type END
		|| CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END FROM information_schema.columns WHERE table_schema = 'public'`,
	},
	"unique keys": {
		`SELECT m.name || ': ' || (SELECT group_concat(name, ', ') FROM (SELECT i.name FROM pragma_index_info(l.name) i ORDER BY i.name))
		FROM sqlite_master m, pragma_index_list(m.name) l WHERE m.type = 'table' AND l."unique" = 1
		UNION SELECT m.name || ': ' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.pk = 1 AND (SELECT count(*) FROM pragma_table_info(m.name) p WHERE p.pk > 0) = 1`,
		`SELECT DISTINCT t.relname || ': ' || (SELECT string_agg(a.attname, ', ' ORDER BY a.attname COLLATE "C") FROM pg_attribute a
		WHERE a.attrelid = t.oid AND a.attnum = ANY (i.indkey)) FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
		JOIN pg_namespace n ON n.oid = t.relnamespace WHERE i.indisunique AND n.nspname = 'public'`,
	},
	"references": {
		`SELECT m.name || '.' || f."from" || ' -> ' || f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`,
		`SELECT c.conrelid::regclass || '.' || a.attname || ' -> ' || c.confrelid::regclass FROM pg_constraint c
		JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) WHERE c.contype = 'f'`,
	},
	"indexes": {
		`SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`,
		`SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%\_pkey' AND indexname NOT LIKE '%\_key'`,
	},
}

func lines(t *testing.T, s *Store, query string) (all []string) {
	t.Helper()
	if err := s.db.NewRaw(strings.ReplaceAll(query, "?", `\?`)).Scan(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func missingFrom(all, other []string) (missing []string) {
	for _, line := range all {
		if !slices.Contains(other, line) {
			missing = append(missing, line)
		}
	}
	return missing
}

// The folders must stay in step, or a release would migrate one engine only.
func TestMigrationsHaveEqualNames(t *testing.T) {
	var names [2][]string
	for i, folder := range []string{"migrations/sqlite", "migrations/postgres"} {
		all, err := migrationsOf(migrationFiles, folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			names[i] = append(names[i], m.name)
		}
	}
	if !slices.Equal(names[0], names[1]) || len(names[0]) == 0 {
		t.Fatalf("sqlite %v, postgres %v", names[0], names[1])
	}
}

// testMigrations are made of statement texts; the n-th file creates or breaks something.
func testMigrations(t *testing.T, texts ...string) []migration {
	t.Helper()
	files := fstest.MapFS{}
	for i, text := range texts {
		files[fmt.Sprintf("m/%04d_step.up.sql", i+1)] = &fstest.MapFile{Data: []byte(text)}
	}
	all, err := migrationsOf(files, "m")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A database and a binary that do not fit each other must be told apart before anything is written.
func TestADatabaseThatDoesNotFitIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := bare(t, url)
		one, two := "CREATE TABLE one (id BIGINT)", "CREATE TABLE two (id BIGINT)"
		if err := migrateTo(t.Context(), s, testMigrations(t, one), true); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			want   string
			apply  bool
			wanted []migration
		}{
			{"was changed after it was applied", true, testMigrations(t, one+" ")},
			{"is newer than this binary", true, nil},
			{`run "pontage migrate"`, false, testMigrations(t, one, two)},
		} {
			err := migrateTo(t.Context(), s, c.wanted, c.apply)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want %q, got %v", c.want, err)
			}
		}
		if err := migrateTo(t.Context(), s, testMigrations(t, one, two), true); err != nil {
			t.Fatal(err)
		}
	})
}

// A migration that fails must leave the schema as it was, so that the old binary goes on working.
func TestAFailingMigrationChangesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := bare(t, url)
		first := "CREATE TABLE one (id BIGINT)"
		err := migrateTo(t.Context(), s, testMigrations(t, first, "CREATE TABLE two (id BIGINT); INSERT INTO nowhere VALUES (1)"), true)
		if err == nil || !strings.Contains(err.Error(), "0002_step") {
			t.Fatalf("got %v", err)
		}
		if err := migrateTo(t.Context(), s, testMigrations(t, first, "CREATE TABLE two (id BIGINT)"), true); err != nil {
			t.Fatalf("the repaired file does not apply: %v", err)
		}
	})
}

// Instances that start at the same time must not trip over each other.
func TestProcessesThatStartTogetherMigrateOnce(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		var starts sync.WaitGroup
		for range 4 {
			starts.Go(func() {
				s, err := Open(context.Background(), url, Options{Clock: atNoon, Migrate: true})
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		starts.Wait()
	})
}

// bare opens a database without any table of ours.
func bare(t *testing.T, url string) *Store {
	t.Helper()
	open := openSQLite
	if isPostgres(url) {
		open = openPostgres
	}
	s, err := open(t.Context(), url, Options{Clock: atNoon, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// allMigrations gives those of the store's engine.
func allMigrations(t *testing.T, s *Store) []migration {
	t.Helper()
	folder := "migrations/sqlite"
	if s.postgres {
		folder = "migrations/postgres"
	}
	all, err := migrationsOf(migrationFiles, folder)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Who updates must still be able to open the usage lines of before.
func TestUsageOfOlderSchemasStillOpensIntoItsCalls(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := bare(t, url)
		all := allMigrations(t, s)
		if err := migrateTo(t.Context(), s, all[:6], true); err != nil {
			t.Fatal(err)
		}
		err := s.unit(t.Context(), func(ctx context.Context, u tx) error {
			q := u.statement("INSERT INTO calls (id, account_id, method, host, state, payer, price, decided_at, expires_at) VALUES ")
			q.rows(4, func(i int) {
				q.string(fmt.Sprint("cal_", i)).string("acc_1").string("GET").string("a.example.com").string("reserved")
				q.string([]string{"wallet", "allowance", "wallet", "wallet"}[i]).number(1).time(testStart).time(testStart)
			}).sql("; UPDATE watermarks SET sequence = 3 WHERE name = 'calls'")
			_, err := u.execute(ctx, q, "calls")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := migrateTo(t.Context(), s, all, true); err != nil {
			t.Fatal(err)
		}
		calls, err := s.UsageCalls(t.Context(), pontage.UsageCallQuery{AccountID: "acc_1", Day: pontage.DayOf(testStart), Host: "a.example.com", Page: pontage.Page{Limit: 10}})
		if err != nil || len(calls) != 3 || calls[0].ID != "cal_3" || calls[2].ID != "cal_0" || calls[0].Checks != "" {
			t.Errorf("%+v, %v", calls, err)
		}
	})
}

// Who has Basic when the platform is updated has its included requests from then on, and who has another plan or none has none.
func TestBasicAccountsOfOlderSchemasHaveTheirRequests(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := bare(t, url)
		all := allMigrations(t, s)
		at := slices.IndexFunc(all, func(m migration) bool { return m.name == "0037_plan_requests" })
		if err := migrateTo(t.Context(), s, all[:at], true); err != nil {
			t.Fatal(err)
		}
		kinds := []pontage.PlanKind{pontage.PlanBasic, pontage.PlanEnterprise, pontage.PlanArranged}
		err := s.unit(t.Context(), func(ctx context.Context, u tx) error {
			q := u.statement("INSERT INTO accounts (id, email, email_key, name, created_at) VALUES ")
			q.rows(3, func(i int) {
				q.string(string(kinds[i])).string(string(kinds[i])).string(string(kinds[i])).string("").time(testStart)
			}).sql("; INSERT INTO wallets (account_id, balance, held, created_at, updated_at) VALUES ")
			q.rows(3, func(i int) { q.string(string(kinds[i])).number(7).number(0).time(testStart).time(testStart) })
			q.sql("; INSERT INTO account_plans (account_id, kind, since, auto_renew, updated_at) VALUES ")
			q.rows(2, func(i int) {
				q.string(string(kinds[i])).string(string(kinds[i])).time(testStart).flag(false).time(testStart)
			})
			_, err := u.execute(ctx, q, "accounts")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := migrateTo(t.Context(), s, all, true); err != nil {
			t.Fatal(err)
		}
		for _, kind := range kinds {
			w, err := s.Wallet(t.Context(), pontage.AccountID(kind))
			if err != nil || w.Balance != 7 || w.Plan != (pontage.PlanUse{Included: kind == pontage.PlanBasic}) {
				t.Errorf("%s: %+v, %v", kind, w, err)
			}
		}
	})
}
