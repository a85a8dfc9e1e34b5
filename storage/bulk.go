package storage

import (
	"context"
	"errors"
	"log/slog"

	"github.com/uptrace/bun/dialect/sqlitedialect"
	"github.com/uptrace/bun/schema"

	"github.com/pontage/pontage"
)

// Bulk fills a database that nobody else uses with a large amount of rows, without the promises of a Store: nothing is durable before
// Finish, foreign keys are not looked at, and after an error, or a process that ends before Finish, the database must be thrown away.
type Bulk struct {
	loader  loader
	dialect schema.Dialect
}

// loader is what differs between the engines: how rows are put into a table.
type loader interface {
	// insert adds rows; values are those of a bound statement, row after row.
	insert(ctx context.Context, into bulkTable, values []any) error
	// execute runs one statement.
	execute(ctx context.Context, text string) error
	// keep lets others see what was written.
	keep(ctx context.Context) error
	// finish makes everything durable.
	finish(ctx context.Context) error
	close() error
}

// bulkTable is a table with the columns that are written, separated by ", ", and their number.
type bulkTable struct {
	name, columns string
	width         int
}

// OpenBulk opens the database at url, whose schema must be that of this binary. It fails while another process has it open.
func OpenBulk(ctx context.Context, url string, options Options) (*Bulk, error) {
	options.Migrate = false
	store, err := Open(ctx, url, options)
	if err != nil {
		return nil, err
	}
	if err := store.Close(); err != nil {
		return nil, err
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	open := openSQLiteLoader
	if isPostgres(url) {
		open = openPostgresLoader
	}
	l, err := open(ctx, url)
	if err != nil {
		return nil, err
	}
	// Values are collected as for SQLite on both engines: as they are bound.
	return &Bulk{loader: l, dialect: sqlitedialect.New()}, nil
}

// load adds rows to a table.
func load[T any](ctx context.Context, b *Bulk, table, columns string, rows []T, values func(*statement, T)) error {
	if len(rows) == 0 {
		return nil
	}
	s := &statement{dialect: b.dialect, bound: true}
	for i := range rows {
		s.first, s.text = true, s.text[:0]
		values(s, rows[i])
		if i == 0 {
			s.args = append(make([]any, 0, len(rows)*len(s.args)), s.args...)
		}
	}
	if s.refused {
		return errNUL
	}
	return translate(b.loader.insert(ctx, bulkTable{table, columns, len(s.args) / len(rows)}, s.args), table)
}

// Keep lets what was written so far be seen, should the process end before Finish.
func (b *Bulk) Keep(ctx context.Context) error { return translate(b.loader.keep(ctx), "database") }

// Finish makes everything durable, with the logs folded up to these sequences.
func (b *Bulk) Finish(ctx context.Context, calls, outcomes int64) error {
	s := (&statement{dialect: b.dialect}).sql("UPDATE watermarks SET sequence = CASE name WHEN 'calls' THEN ")
	s.value(func(s *statement) { s.number(calls) }).sql(" ELSE ").value(func(s *statement) { s.number(outcomes) }).sql(" END")
	if err := b.loader.execute(ctx, string(s.text)); err != nil {
		return translate(err, "watermark")
	}
	return translate(b.loader.finish(ctx), "database")
}

// RenameAccount gives an account another name.
func (b *Bulk) RenameAccount(ctx context.Context, id pontage.AccountID, name string) error {
	s := (&statement{dialect: b.dialect}).sql("UPDATE accounts SET name = ").value(func(s *statement) { s.string(name) })
	s.sql(" WHERE id = ").value(func(s *statement) { s.string(string(id)) })
	return translate(b.loader.execute(ctx, string(s.text)), "account")
}

// Close gives the database back. Without Finish before it, the database is of no use.
func (b *Bulk) Close() error {
	if b.loader == nil {
		return errors.New("storage: closed already")
	}
	l := b.loader
	b.loader = nil
	return l.close()
}
