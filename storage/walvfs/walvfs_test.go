package walvfs_test

import (
	"bytes"
	"context"
	"database/sql"
	"maps"
	"testing"

	"pgregory.net/rapid"
)

// table is what a database of these tests holds: big values, so that a transaction is many pages and, with a cache of ten, spills them
// into the log before it commits.
const table = "PRAGMA cache_size = 10; CREATE TABLE blobs (id INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT"

// Whatever is committed through the layer is what a connection beside it reads, after every commit, rollback, cut of the log and
// reopening, and what that one writes in between stays: 100 sequences against a model.
func TestAConnectionBesideTheLayerReadsEveryCommit(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := newFile(t)
		execute(t, f.through, table)
		committed := map[int64][]byte{}
		for range rapid.IntRange(1, 20).Draw(r, "transactions") {
			pending := maps.Clone(committed)
			execute(r, f.through, "BEGIN IMMEDIATE")
			for range rapid.IntRange(0, 30).Draw(r, "changes") {
				change(r, f.through, pending)
			}
			if rapid.Bool().Draw(r, "commit") {
				execute(r, f.through, "COMMIT")
				committed = pending
			} else {
				execute(r, f.through, "ROLLBACK")
			}
			same(r, f.ordinary, committed)
			if rapid.Bool().Draw(r, "another writer") {
				change(r, f.ordinary, committed)
				same(r, f.through, committed)
			}
			if rapid.IntRange(0, 4).Draw(r, "checkpoint") == 0 {
				execute(r, f.through, "PRAGMA wal_checkpoint(TRUNCATE)")
				same(r, f.ordinary, committed)
			}
		}
		same(r, connect(t, f.path, ""), committed)
	})
}

// change writes one row, or undoes a few in a savepoint.
func change(r *rapid.T, conn *sql.Conn, rows map[int64][]byte) {
	id := rapid.Int64Range(1, 12).Draw(r, "id")
	value := bytes.Repeat([]byte{byte(rapid.IntRange(0, 255).Draw(r, "value"))}, rapid.SampledFrom([]int{0, 10, 5_000, 300_000}).Draw(r, "size"))
	undone := rapid.IntRange(0, 5).Draw(r, "undone") == 0
	if undone {
		execute(r, conn, "SAVEPOINT change")
	}
	execute(r, conn, "INSERT INTO blobs (id, value) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value", id, value)
	if undone {
		execute(r, conn, "ROLLBACK TO change; RELEASE change")
		return
	}
	rows[id] = value
}

func same(r *rapid.T, conn *sql.Conn, want map[int64][]byte) {
	r.Helper()
	rows, err := conn.QueryContext(context.Background(), "SELECT id, value FROM blobs")
	if err != nil {
		r.Fatal(err)
	}
	defer rows.Close()
	got := map[int64][]byte{}
	for rows.Next() {
		var id int64
		var value []byte
		if err := rows.Scan(&id, &value); err != nil {
			r.Fatal(err)
		}
		got[id] = value
	}
	if rows.Err() != nil || !maps.EqualFunc(got, want, bytes.Equal) {
		r.Fatalf("read %d rows, want %d as they were committed: %v", len(got), len(want), rows.Err())
	}
	var verdict string
	if err := conn.QueryRowContext(context.Background(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		r.Fatalf("integrity: %s, %v", verdict, err)
	}
}

// BenchmarkCommit is a commit of 45 pages, with and without the layer.
func BenchmarkCommit(b *testing.B) {
	f := newFile(b)
	execute(b, f.through, "CREATE TABLE blobs (id INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT")
	value := make([]byte, 3_900)
	for name, conn := range map[string]*sql.Conn{"gathered": f.through, "ordinary": f.ordinary} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				value[0]++ // the same bytes would not be written again
				execute(b, conn, "BEGIN IMMEDIATE")
				for id := range 44 {
					execute(b, conn, "INSERT INTO blobs (id, value) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value", id, value)
				}
				execute(b, conn, "COMMIT")
				if value[0]%32 == 0 {
					execute(b, conn, "PRAGMA wal_checkpoint(RESTART)")
				}
			}
		})
	}
}
