package storage

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

//go:embed migrations
var migrationFiles embed.FS

// migration is one file: its name without the ending, its text and the text's SHA-256.
type migration struct{ name, text, digest string }

// migrationsOf reads an engine's folder in the order of the names.
func migrationsOf(files fs.FS, folder string) ([]migration, error) {
	names, err := fs.Glob(files, path.Join(folder, "*.up.sql"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	all := make([]migration, 0, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		all = append(all, migration{strings.TrimSuffix(path.Base(name), ".up.sql"), string(text), hex.EncodeToString(sum[:])})
	}
	return all, nil
}

// Schema names the schema of PostgreSQL that this binary works with: the last migration and a digest of all of them, in lower-case
// letters, digits and underscores.
func Schema() string {
	all, err := migrationsOf(migrationFiles, "migrations/postgres")
	if err != nil || len(all) == 0 {
		panic("storage: the migrations are embedded and cannot be missing")
	}
	sum := sha256.New()
	for _, m := range all {
		sum.Write([]byte(m.digest))
	}
	return all[len(all)-1].name + "_" + hex.EncodeToString(sum.Sum(nil)[:6])
}

// migrate compares the schema with this binary's and, if apply, brings it up to date, each file in a transaction of its own. Two
// processes that start at once are safe: each file is looked at again under a lock.
func migrate(ctx context.Context, s *Store, apply bool) error {
	folder := "migrations/sqlite"
	if s.postgres {
		folder = "migrations/postgres"
	}
	wanted, err := migrationsOf(migrationFiles, folder)
	if err != nil {
		return err
	}
	return migrateTo(ctx, s, wanted, apply)
}

func migrateTo(ctx context.Context, s *Store, wanted []migration, apply bool) error {
	pending, err := compare(ctx, s.reader, wanted)
	if err != nil || len(pending) == 0 {
		return err
	}
	if !apply {
		return fmt.Errorf("storage: the database lacks %d migrations, the first is %s: run \"pontage migrate\"", len(pending), pending[0].name)
	}
	for range pending {
		err := s.unit(ctx, func(ctx context.Context, t tx) error { return applyNext(ctx, t, wanted) })
		if err != nil {
			return err
		}
	}
	return nil
}

// compare gives what is still to be applied, or says why this binary and this database do not fit.
func compare(ctx context.Context, r reader, wanted []migration) ([]migration, error) {
	applied, err := r.appliedMigrations(ctx)
	if err != nil {
		return nil, err
	}
	for i, a := range applied {
		switch {
		case i >= len(wanted):
			return nil, fmt.Errorf("storage: the database is newer than this binary, it has migration %s: use a newer binary", a.Name)
		case a.Name != wanted[i].name:
			return nil, fmt.Errorf("storage: the database has migration %s where this binary has %s", a.Name, wanted[i].name)
		case a.Digest != wanted[i].digest:
			return nil, fmt.Errorf("storage: migration %s was changed after it was applied", a.Name)
		}
	}
	return wanted[len(applied):], nil
}

type migrationRow struct {
	bun.BaseModel `bun:"table:schema_migrations"`

	Name      string `bun:",pk"`
	Digest    string
	AppliedAt time.Time
}

const (
	migrationsTable = `CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT%s NOT NULL PRIMARY KEY, digest TEXT NOT NULL, applied_at %s NOT NULL)`
	// migrationsLock is any number that nothing else on the cluster's database locks.
	migrationsLock = 7061_0001
)

// applyNext applies the first file that is still missing now that others are kept out.
func applyNext(ctx context.Context, t tx, wanted []migration) error {
	order, kind := "", "TEXT"
	if t.postgres {
		order, kind = ` COLLATE "C"`, "TIMESTAMPTZ"
		if _, err := t.db.NewRaw("SELECT pg_advisory_xact_lock(?)", migrationsLock).Exec(ctx); err != nil {
			return translate(err, "migration")
		}
	}
	if _, err := t.db.NewRaw(fmt.Sprintf(migrationsTable, order, kind)).Exec(ctx); err != nil {
		return translate(err, "migration")
	}
	pending, err := compare(ctx, t.reader, wanted)
	if err != nil || len(pending) == 0 {
		return err
	}
	next := pending[0]
	if _, err := t.db.ExecContext(ctx, next.text); err != nil {
		return errors.Join(fmt.Errorf("storage: migration %s failed and changed nothing", next.name), err)
	}
	row := migrationRow{Name: next.name, Digest: next.digest, AppliedAt: t.now()}
	_, err = t.db.NewInsert().Model(&row).Exec(ctx)
	return translate(err, "migration")
}

// appliedMigrations lists what the database has, in order; nothing on a database that was never used.
func (r reader) appliedMigrations(ctx context.Context) ([]migrationRow, error) {
	present := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
	if r.postgres {
		present = "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migrations'"
	}
	var tables int
	if err := r.db.NewRaw(present).Scan(ctx, &tables); err != nil || tables == 0 {
		return nil, translate(err, "database")
	}
	var rows []migrationRow
	err := r.db.NewSelect().Model(&rows).Column("name", "digest", "applied_at").Order("name").Scan(ctx)
	return rows, translate(err, "database")
}
