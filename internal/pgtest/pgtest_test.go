package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// victim makes this test binary a process that starts a cluster and waits to be killed.
const victim = "PONTAGE_PGTEST_VICTIM"

func TestMain(m *testing.M) {
	if os.Getenv(victim) == "" {
		os.Exit(m.Run())
	}
	cluster, err := Start(context.Background())
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(cluster.guard.Dir)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// Tests that share a process must not see each other's rows.
func TestEveryURLIsAFreshDatabaseOfARecentServer(t *testing.T) {
	for range 2 {
		db, err := sql.Open("pgx", URL(t))
		if err != nil {
			t.Fatal(err)
		}
		var version int
		if err := db.QueryRow("SELECT current_setting('server_version_num')::int").Scan(&version); err != nil || version < 150000 {
			t.Fatalf("version %d: %v", version, err)
		}
		if _, err := db.Exec("CREATE TABLE fresh (id int)"); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A copy must be what was prepared, must be prepared once, and must not be shared.
func TestCopiesArePreparedOnceAndTheirOwn(t *testing.T) {
	prepared := 0
	name := "copies_" + strings.ToLower(rand.Text())
	for range 2 {
		db, err := sql.Open("pgx", Copy(t, name, func(url string) error {
			prepared++
			draft, err := sql.Open("pgx", url)
			if err != nil {
				return err
			}
			_, err = draft.Exec("CREATE TABLE there (id int)")
			return errors.Join(err, draft.Close())
		}))
		if err != nil {
			t.Fatal(err)
		}
		var rows int
		if err := db.QueryRow("SELECT count(*) FROM there").Scan(&rows); err != nil || rows != 0 {
			t.Fatalf("%d rows: %v", rows, err)
		}
		if _, err := db.Exec("INSERT INTO there VALUES (1)"); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if prepared != 1 {
		t.Errorf("prepared %d times", prepared)
	}
	cluster, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cluster.db.Exec("DROP DATABASE template_" + name); err != nil {
		t.Error(err)
	}
}

// A test run that is killed must leave no server and no folder on a developer's machine.
func TestAKilledProcessLeavesNoCluster(t *testing.T) {
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), victim+"=1")
	stdin, err := process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stdin.Close() }()
	stdout, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := process.StderrPipe() // the guard has it too, so it ends when the guard ends
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 4096)
	n, err := stdout.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	folder := strings.TrimSpace(string(line[:n]))
	if _, err := os.Stat(folder); err != nil {
		t.Fatalf("no cluster: %v", err)
	}
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if said, err := io.ReadAll(stderr); err != nil || len(said) > 0 {
		t.Errorf("the guard said %q: %v", said, err)
	}
	_ = process.Wait() // it was killed
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s is left: %v", folder, err)
	}
}

// What survives a database server that went away can only be tested with one that does, and comes back with what it had.
func TestAHaltedClusterComesBackWithItsRows(t *testing.T) {
	cluster, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cluster.Stop() }()
	db, err := sql.Open("pgx", cluster.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec("CREATE TABLE kept (id int)"); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []string{"fast", "immediate"} {
		if err := cluster.Halt(t.Context(), mode); err != nil {
			t.Fatal(err)
		}
		if err := db.Ping(); err == nil {
			t.Errorf("%s: it still answers", mode)
		}
		if err := cluster.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("INSERT INTO kept VALUES (1)"); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

// Another database of the same server must keep user, password and parameters.
func TestWithDatabaseChangesTheNameAlone(t *testing.T) {
	got, err := withDatabase("postgres://me:s%40y@host:1/postgres?sslmode=disable", "other")
	if err != nil || got != "postgres://me:s%40y@host:1/other?sslmode=disable" {
		t.Fatalf("%s %v", got, err)
	}
}
