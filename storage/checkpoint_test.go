package storage

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"

	"github.com/pontage/pontage"
)

// A writer that never pauses must not make the write-ahead log grow for ever: it would fill the disk, and every read looks through it.
func TestTheWriteAheadLogStaysShortUnderSteadyWriting(t *testing.T) {
	path := freshSQLite(t)
	s := mustOpen(t, path)
	if err := s.unit(t.Context(), func(ctx context.Context, t tx) error {
		_, err := t.db.ExecContext(ctx, "CREATE TABLE heap (id INTEGER PRIMARY KEY, data BLOB)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	data := bytes.Repeat([]byte{1}, 400_000) // a hundred pages
	const commits = 6 * pagesKept / 100
	for range commits {
		err := s.unit(t.Context(), func(ctx context.Context, t tx) error {
			_, err := t.db.ExecContext(ctx, "INSERT OR REPLACE INTO heap VALUES (1, ?)", data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	written := int64(commits * len(data))
	t.Logf("%d MiB written, the log has %d MiB", written>>20, info.Size()>>20)
	if most := int64(4 * pagesKept * 4096); info.Size() > most {
		t.Errorf("the log has %d bytes of %d written", info.Size(), written)
	}
}

// A sync that fails while the log is moved may have lost what the writer was told is on the disk.
func TestAFailedSyncOfTheCheckpointStopsTheWriter(t *testing.T) {
	s := mustOpen(t, freshSQLite(t))
	failed := errors.New("fsync")
	s.engine.(*sqliteEngine).writer.moving.failed.Store(&failed)
	err := s.unit(t.Context(), addAccount("acc_1"))
	wantCode(t, err, pontage.Unavailable)
	if !errors.Is(err, failed) {
		t.Fatal(err)
	}
	wantAccounts(t, s)
}
