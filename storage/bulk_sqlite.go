package storage

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"strings"
)

// sqliteLoader writes everything in one transaction that cannot be rolled back.
type sqliteLoader struct {
	path string
	pool *sql.DB
	conn *sql.Conn
	kept map[string]*sql.Stmt
}

// bulkRows is how many rows one INSERT carries; more of them gain nothing.
const bulkRows = 40

func openSQLiteLoader(ctx context.Context, address string) (loader, error) {
	path := strings.TrimPrefix(address, "sqlite:")
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(2000)&_pragma=cache_size(-400000)" +
		"&_pragma=foreign_keys(0)&_pragma=locking_mode(EXCLUSIVE)&_pragma=journal_mode(DELETE)&_pragma=journal_mode(OFF)" +
		"&_pragma=synchronous(OFF)&_time_format=sqlite"
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, translate(err, "database")
	}
	pool.SetMaxOpenConns(1)
	l := &sqliteLoader{path: path, pool: pool, kept: map[string]*sql.Stmt{}}
	if l.conn, err = pool.Conn(ctx); err == nil {
		_, err = l.conn.ExecContext(ctx, "BEGIN EXCLUSIVE")
	}
	if err != nil {
		_ = pool.Close()
		return nil, unavailable("The database is in use; stop the server first.", err)
	}
	return l, nil
}

func (l *sqliteLoader) insert(ctx context.Context, into bulkTable, values []any) error {
	for len(values) > 0 {
		n := min(len(values)/into.width, bulkRows)
		s, err := l.statement(ctx, into, n)
		if err != nil {
			return err
		}
		if _, err := s.ExecContext(ctx, values[:n*into.width]...); err != nil {
			return err
		}
		values = values[n*into.width:]
	}
	return nil
}

func (l *sqliteLoader) statement(ctx context.Context, into bulkTable, rows int) (*sql.Stmt, error) {
	row := ",(" + strings.Repeat(",?", into.width)[1:] + ")"
	text := "INSERT INTO " + into.name + " (" + into.columns + ") VALUES " + strings.Repeat(row, rows)[1:]
	if s := l.kept[text]; s != nil {
		return s, nil
	}
	s, err := l.conn.PrepareContext(ctx, text)
	if err == nil {
		l.kept[text] = s
	}
	return s, err
}

func (l *sqliteLoader) execute(ctx context.Context, text string) error {
	_, err := l.conn.ExecContext(ctx, text)
	return err
}

// keep commits and begins anew.
func (l *sqliteLoader) keep(ctx context.Context) error {
	if err := l.execute(ctx, "COMMIT"); err != nil {
		return err
	}
	return l.execute(ctx, "BEGIN EXCLUSIVE")
}

// finish commits, lets SQLite look at how the rows are spread, and has the file on the disk.
func (l *sqliteLoader) finish(ctx context.Context) error {
	for _, text := range []string{"COMMIT", "PRAGMA analysis_limit=1000", "ANALYZE"} {
		if err := l.execute(ctx, text); err != nil {
			return err
		}
	}
	file, err := os.OpenFile(l.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

func (l *sqliteLoader) close() error {
	for _, s := range l.kept {
		_ = s.Close()
	}
	_ = l.conn.Close()
	return l.pool.Close()
}
