package storage

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

// Options of Open.
type Options struct {
	// Clock stamps what the store itself dates; it must be given.
	Clock pontage.Clock
	// Migrate brings the schema up to date at the start; without it Open refuses a database whose schema is not that of this binary.
	Migrate bool
	// MaxReaders bounds the connections for reading on SQLite and all connections on PostgreSQL; 0 means two for each
	// processor, at most 8, and 20.
	MaxReaders int
	// Logger gets what has no caller to be told, such as a panic inside a unit of work; nil discards it.
	Logger *slog.Logger
}

// Store is one open database. It is safe for concurrent use.
type Store struct {
	reader
	engine engine
	// recent spares the fold what it wrote a moment ago.
	recent *recentAddresses
	// lines are the numbers of the lines that it adds to.
	lines *statisticLines
	// owners are the clients of the tokens that it folded.
	owners *lineageOwners
	// log spares it reading what was written a moment ago; nil on PostgreSQL, where several instances write it.
	log *recentLog
}

// reader answers every read, on a pool or inside a transaction.
type reader struct {
	db       bun.IDB
	postgres bool
	// prepared is SQLite's; nil on PostgreSQL.
	prepared *prepared
	// syncs are waited for outside of units of work on SQLite, so that nobody is told what the disk does not have yet; nil elsewhere.
	syncs *syncer
	now   func() time.Time
}

// tx is a unit of work: a reader on its transaction, and the writes.
type tx struct {
	reader
	// cache and direct are SQLite's; nil on PostgreSQL, where other instances write too.
	cache  *rowCache
	direct *direct
}

// engine is what differs between the databases.
type engine interface {
	// unit runs do in a transaction and returns once it is durable. With durable it returns once it is committed, and after that alone
	// calls durable once, from any goroutine, when it is durable: with nil, or with an error where that will never be known.
	unit(ctx context.Context, do func(context.Context, tx) error, durable func(error)) error
	// snapshot runs do on one consistent state, read-only.
	snapshot(ctx context.Context, do func(reader) error) error
	close() error
}

// Open opens the database at url: "sqlite:PATH" or a bare path for SQLite, "postgres://…" for PostgreSQL. It gives Unavailable
// where the database cannot be reached, and a plain error where its schema does not fit.
func Open(ctx context.Context, url string, options Options) (*Store, error) {
	if options.Clock == nil {
		return nil, errors.New("storage: a clock is missing")
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	open := openSQLite
	if isPostgres(url) {
		open = openPostgres
	}
	store, err := open(ctx, url, options)
	if err != nil {
		return nil, err
	}
	store.recent = newRecentAddresses()
	store.lines = newStatisticLines()
	store.owners = newLineageOwners()
	if err := migrate(ctx, store, options.Migrate); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

func isPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// unit is the one way to write: all writing methods of the store end here.
func (s *Store) unit(ctx context.Context, do func(ctx context.Context, t tx) error) error {
	return s.engine.unit(ctx, do, nil)
}

// Close waits for the units of work that were accepted, then closes the database; later calls give Unavailable.
func (s *Store) Close() error { return s.engine.close() }

// Ping says whether the database answers reads and accepts writes; Unavailable otherwise.
func (s *Store) Ping(ctx context.Context) error {
	if _, err := s.CatalogVersion(ctx); err != nil {
		return err
	}
	return s.unit(ctx, func(ctx context.Context, t tx) error { return t.touch(ctx) })
}
