package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/fill"
	"github.com/pontage/pontage/storage"
)

// ErrFilled says that the database holds what an earlier Fill made; its text says how much.
var ErrFilled = errors.New("the database is filled already")

// Fill makes the data of a plan in an instance's database, which must hold no account and be used by nobody else. It gives ErrFilled
// where that was done before, Conflict where the database holds anything else.
func Fill(ctx context.Context, c Config, name, version string, log *slog.Logger, plan fill.Plan, progress func(fill.Progress)) (*fill.Report, error) {
	if err := plan.Check(); err != nil {
		return nil, err
	}
	i, err := Open(ctx, c, name, version, log)
	if err != nil {
		return nil, err
	}
	defer i.Close()
	if err := i.empty(ctx); err != nil {
		return nil, err
	}
	all, err := i.fillCatalog(ctx)
	if err != nil {
		return nil, err
	}
	if err := i.Close(); err != nil {
		return nil, err
	}
	bulk, err := storage.OpenBulk(ctx, i.values.endpoint.Database, storage.Options{Clock: i.clock, Logger: log})
	if err != nil {
		return nil, err
	}
	report, err := fill.Run(ctx, fill.Config{Bulk: bulk, Catalog: all, Keys: i.keys, Clock: i.clock, Progress: progress}, plan)
	return report, errors.Join(err, bulk.Close())
}

// empty says why the database cannot be filled.
func (i *Instance) empty(ctx context.Context) error {
	advice := "Fill an empty one: stop the server, and delete the file " + i.values.endpoint.Database + " with its -wal and -shm, or name another with --database."
	if i.values.endpoint.onPostgres() {
		advice = "Fill an empty one: name another database with --database, or drop this one and create it again."
	}
	marker, err := i.Store.AccountByEmail(ctx, fill.Marker)
	switch {
	case err == nil && fill.Done(marker):
		return fmt.Errorf("%w: %s", ErrFilled, marker.Name)
	case err == nil:
		return pontage.E(pontage.Conflict, "The database holds what an earlier fill left that did not come to its end. %s", advice)
	case pontage.CodeOf(err) != pontage.NotFound:
		return err
	}
	accounts, err := i.Store.Accounts(ctx, pontage.Page{Limit: 1})
	if err == nil && len(accounts) > 0 {
		err = pontage.E(pontage.Conflict, "The database holds accounts. %s", advice)
	}
	return err
}

// fillCatalog imports the API that is called in what is made.
func (i *Instance) fillCatalog(ctx context.Context) (*pontage.Catalog, error) {
	_, err := i.Catalog.Import(ctx, pontage.Operator(), catalog.ImportInput{
		Documents: []catalog.Document{{Name: "fill", Data: []byte(fill.Document)}}, Prices: []byte(fill.Prices),
	})
	if err != nil {
		return nil, err
	}
	return i.Store.Catalog(ctx)
}
