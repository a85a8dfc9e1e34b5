package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
)

// Copy gives the URL of a fresh copy of the database that prepare makes, which is faster than preparing each anew. name says
// what prepare makes, in lower-case letters, digits and underscores; a cluster prepares one name once, for all its test processes.
func Copy(t testing.TB, name string, prepare func(url string) error) string {
	t.Helper()
	cluster, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	template := "template_" + name
	once, _ := templates.LoadOrStore(template, sync.OnceValue(func() error { return cluster.make(template, prepare) }))
	if err := once.(func() error)(); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return cluster.create(t, " TEMPLATE "+template)
}

// templates holds what this process has looked for, by name.
var templates sync.Map

// templateLock keeps other processes out while one makes a template.
const templateLock = 7061_0002

// make makes a template that is not there yet. It is prepared under another name, so that a process that dies on the way leaves
// nothing that looks ready.
func (a *admin) make(name string, prepare func(url string) error) (err error) {
	ctx := context.Background()
	conn, err := a.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return err
	}
	defer func() {
		_, unlocked := conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", templateLock)
		err = errors.Join(err, unlocked)
	}()
	var there bool
	const look = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
	if err := conn.QueryRowContext(ctx, look, name).Scan(&there); err != nil || there {
		return err
	}
	return a.prepare(ctx, conn, name, prepare)
}

func (a *admin) prepare(ctx context.Context, conn *sql.Conn, name string, prepare func(url string) error) error {
	draft := "draft_" + name
	for _, statement := range []string{"DROP DATABASE IF EXISTS %s WITH (FORCE)", "CREATE DATABASE %s"} {
		if _, err := conn.ExecContext(ctx, fmt.Sprintf(statement, draft)); err != nil {
			return err
		}
	}
	address, err := withDatabase(a.URL, draft)
	if err != nil {
		return err
	}
	if err := prepare(address); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, fmt.Sprintf("ALTER DATABASE %s RENAME TO %s", draft, name))
	return err
}
