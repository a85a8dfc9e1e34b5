package storage

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"runtime"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"modernc.org/sqlite" // also the driver "sqlite"

	"github.com/pontage/pontage/storage/walvfs"
)

// sqliteEngine is one writer behind a queue and a pool of readers on the same file.
type sqliteEngine struct {
	writer  *writer
	write   *bun.DB
	readers *bun.DB
	reader  reader
}

// defaultReaders is how many connections read at once: they work and hardly wait, so a few for each processor keep all busy, and each
// has a page cache of its own.
func defaultReaders() int { return min(8, 2*runtime.GOMAXPROCS(0)) }

// readerCache is that cache, in KiB as SQLite counts; a page takes twice of it in memory. What is not there is in the kernel's.
const readerCache = "_pragma=cache_size(-1000)"

// writing are the settings of connections that write. What a savepoint or statement may have to undo stays in memory: in a temporary file,
// which SQLite writes page by page, it was a fifth of what a token costs.
const writing = "_txlock=immediate&_pragma=checkpoint_fullfsync(1)&_pragma=cache_size(-4000)&_pragma=wal_autocheckpoint(0)&_pragma=temp_store(2)"

func openSQLite(ctx context.Context, url string, options Options) (*Store, error) {
	path := strings.TrimPrefix(url, "sqlite:")
	if path == "" || strings.Contains(path, ":memory:") {
		return nil, errors.New("storage: SQLite needs a file path, several connections share it")
	}
	gathering, err := walvfs.Name()
	if err != nil {
		return nil, err
	}
	write, err := openPool(path, 2, "vfs="+gathering+"&"+writing) // the writer and the checkpointer
	if err != nil {
		return nil, err
	}
	readers, err := openPool(path, or(options.MaxReaders, defaultReaders()), "_pragma=query_only(1)&"+readerCache)
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	w, err := newWriter(ctx, write, options)
	if err != nil {
		return nil, errors.Join(err, readers.Close(), write.Close())
	}
	readers = readers.WithQueryHook(w.syncs)
	r := reader{db: readers, now: options.Clock.Now, prepared: newPrepared(readers.DB), syncs: w.syncs}
	return &Store{reader: r, log: newRecentLog(), engine: &sqliteEngine{writer: w, write: write, readers: readers, reader: r}}, nil
}

// startAttempts bounds how often a start asks while processes begin or end the write-ahead log of the same file: some ten seconds. SQLite
// refuses whoever comes in between at once, whatever busy_timeout says.
const startAttempts = 12

// firstConnection opens one, again and again while the file is busy.
func firstConnection(ctx context.Context, db *bun.DB) (bun.Conn, error) {
	for attempt := 1; ; attempt++ {
		conn, err := db.Conn(ctx)
		var fault *sqlite.Error
		if !errors.As(err, &fault) || sqliteFault(fault) != faultBusy || attempt == startAttempts {
			return conn, err
		}
		if err := pause(ctx, attempt); err != nil {
			return conn, err
		}
	}
}

// openPool opens connections that all carry the same settings: they stand in the DSN because a statement would reach only one of
// them. busy_timeout comes first, so that switching to the write-ahead log waits for a neighbour who does the same.
func openPool(path string, size int, setting string) (*bun.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)" +
		"&_pragma=journal_size_limit(67108864)&_time_format=sqlite&" + setting
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, translate(err, "database")
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	return bun.NewDB(pool, sqlitedialect.New()), nil
}

func (s *sqliteEngine) unit(ctx context.Context, do func(context.Context, tx) error, durable func(error)) error {
	return s.writer.submit(ctx, do, durable)
}

func (s *sqliteEngine) snapshot(ctx context.Context, do func(reader) error) error {
	return readIn(ctx, s.readers, nil, s.reader, do)
}

// readIn runs do in a transaction that ends without a commit: there is nothing to keep.
func readIn(ctx context.Context, db *bun.DB, options *sql.TxOptions, r reader, do func(reader) error) error {
	transaction, err := db.BeginTx(ctx, options)
	if err != nil {
		return translate(err, "database")
	}
	defer func() { _ = transaction.Rollback() }()
	r.db = transaction
	return do(r)
}

func (s *sqliteEngine) close() error {
	s.writer.close()
	s.reader.prepared.close()
	return errors.Join(s.readers.Close(), s.write.Close())
}

func or(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}
