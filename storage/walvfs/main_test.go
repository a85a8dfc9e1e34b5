package walvfs_test

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/pontage/pontage/storage/walvfs"
)

// file is a database with one connection through the layer and one beside it.
type file struct {
	path              string
	through, ordinary *sql.Conn
}

func newFile(t testing.TB) file {
	t.Helper()
	name, err := walvfs.Name()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	return file{path, connect(t, path, "&vfs="+name), connect(t, path, "")}
}

func connect(t testing.TB, path, setting string) *sql.Conn {
	t.Helper()
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=checkpoint_fullfsync(1)&_pragma=wal_autocheckpoint(0)"+setting)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	})
	return conn
}

func execute(t interface {
	Helper()
	Fatal(...any)
}, conn *sql.Conn, text string, args ...any) {
	t.Helper()
	if _, err := conn.ExecContext(context.Background(), text, args...); err != nil {
		t.Fatal(text, err)
	}
}
