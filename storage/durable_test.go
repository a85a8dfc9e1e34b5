package storage

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
)

// victimURL makes this test binary a process that writes until it is killed.
const victimURL = "PONTAGE_STORAGE_VICTIM"

// victimRound keeps the ids of one victim apart from those of the last: PostgreSQL may still commit what a dead process sent.
const victimRound = "PONTAGE_STORAGE_ROUND"

func TestMain(m *testing.M) {
	if url := os.Getenv(victimURL); url != "" {
		write(url)
		return
	}
	os.Exit(m.Run())
}

// write adds accounts from 16 goroutines and names each on standard output after it was acknowledged.
func write(url string) {
	s, err := Open(context.Background(), url, Options{Clock: atNoon, Migrate: true})
	if err != nil {
		panic(err)
	}
	var workers sync.WaitGroup
	for worker := range 16 {
		workers.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("acc_%s_%d_%d", os.Getenv(victimRound), worker, i)
				if err := s.unit(context.Background(), addAccount(pontage.AccountID(id))); err != nil {
					panic(err)
				}
				fmt.Println(id)
			}
		})
	}
	workers.Wait()
}

// What was acknowledged must be there after the process was killed in the middle of anything.
func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	for _, engine := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", freshSQLite}, {"postgres", pgtest.URL}} {
		t.Run(engine.name, func(t *testing.T) {
			url := engine.url(t)
			for round := range 3 {
				acknowledged := killAfter(t, url, round, 300)
				s := mustOpen(t, url)
				var stored []string
				if err := s.db.NewRaw("SELECT id FROM accounts").Scan(t.Context(), &stored); err != nil {
					t.Fatal(err)
				}
				there := make(map[string]bool, len(stored))
				for _, id := range stored {
					there[id] = true
				}
				for _, id := range acknowledged {
					if !there[id] {
						t.Errorf("%s was acknowledged and is lost", id)
					}
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// killAfter starts a victim and kills it once it has acknowledged n accounts; it gives all it acknowledged.
func killAfter(t *testing.T, url string, round, n int) []string {
	t.Helper()
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), victimURL+"="+url, fmt.Sprint(victimRound, "=", round))
	victim.Stderr = os.Stderr
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	var acknowledged []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		acknowledged = append(acknowledged, lines.Text())
		if len(acknowledged) == n {
			if err := victim.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = victim.Wait() // it was killed
	if len(acknowledged) < n {
		t.Fatalf("the victim acknowledged only %d", len(acknowledged))
	}
	return acknowledged
}

// Power loss is what kill cannot show: the settings that make every commit reach the disk must be those of the writing connection.
func TestTheWriterSyncsEveryCommit(t *testing.T) {
	s := mustOpen(t, freshSQLite(t))
	for pragma, want := range map[string]string{"synchronous": "2", "checkpoint_fullfsync": "1", "journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "10000"} {
		err := s.unit(t.Context(), func(ctx context.Context, u tx) error {
			var got string
			if err := u.db.NewRaw("PRAGMA "+pragma).Scan(ctx, &got); err != nil {
				return err
			}
			if got != want {
				t.Errorf("%s is %s, want %s", pragma, got, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
