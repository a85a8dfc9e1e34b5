package storage

import (
	"context"

	"github.com/pontage/pontage"
)

// CatalogVersion grows with every import; see pontage.CatalogReader.
func (r reader) CatalogVersion(ctx context.Context) (int64, error) {
	var version int64
	err := r.db.NewRaw("SELECT version FROM catalog_versions").Scan(ctx, &version)
	return version, translate(err, "catalogue")
}

// BumpCatalogVersion tells the running instances to read the catalogue again.
func (t tx) BumpCatalogVersion(ctx context.Context) error {
	_, err := t.db.NewRaw("UPDATE catalog_versions SET version = version + 1").Exec(ctx)
	return translate(err, "catalogue")
}

// touch writes without changing anything, to see that writing works. It does not wait for an import that has the row.
func (t tx) touch(ctx context.Context) error {
	statement := "UPDATE catalog_versions SET version = version"
	if t.postgres {
		statement += " WHERE id IN (SELECT id FROM catalog_versions FOR UPDATE SKIP LOCKED)"
	}
	_, err := t.db.NewRaw(statement).Exec(ctx)
	return translate(err, "catalogue")
}

// Catalog gives everything on one snapshot, so that an import that commits in between cannot tear it.
func (s *Store) Catalog(ctx context.Context) (catalog *pontage.Catalog, err error) {
	err = s.engine.snapshot(ctx, func(r reader) error {
		catalog, err = r.Catalog(ctx)
		return err
	})
	return catalog, err
}

// Catalog gives everything in three queries, sorted by id.
func (r reader) Catalog(ctx context.Context) (*pontage.Catalog, error) {
	catalog := new(pontage.Catalog)
	if err := r.catalogAPIs(ctx, catalog); err != nil {
		return nil, err
	}
	var scopes []scopeRow
	if err := r.db.NewSelect().Model(&scopes).Order("id").Scan(ctx); err != nil {
		return nil, translate(err, "scope")
	}
	catalog.Scopes = make([]pontage.Scope, len(scopes))
	for i := range scopes {
		if err := scopes[i].scope(&catalog.Scopes[i]); err != nil {
			return nil, err
		}
	}
	var operations []operationRow
	if err := r.db.NewSelect().Model(&operations).Order("id").Scan(ctx); err != nil {
		return nil, translate(err, "operation")
	}
	catalog.Operations = mapped(operations, operationRow.operation)
	return catalog, nil
}

// versionedAPI is an API beside the catalogue's version; its id is empty where there is no API at all.
type versionedAPI struct {
	CatalogVersion int64
	apiColumns
}

const selectAPIs = `SELECT v.version AS catalog_version, a.id, a.host, a.title, a.version, a.description, a.digest, a.upstream,
a.credential_key_id, a.credential, a.enabled, a.platform, a.max_body, a.header_timeout, a.free_statuses, a.created_at, a.updated_at
FROM catalog_versions AS v LEFT JOIN apis AS a ON TRUE ORDER BY a.id`

// catalogAPIs reads the version with the APIs: one query less, and the version is never older than what it stands for.
func (r reader) catalogAPIs(ctx context.Context, catalog *pontage.Catalog) error {
	var rows []versionedAPI
	if err := r.db.NewRaw(selectAPIs).Scan(ctx, &rows); err != nil {
		return translate(err, "API")
	}
	for i := range rows {
		catalog.Version = rows[i].CatalogVersion
		if rows[i].ID == "" {
			continue
		}
		api, err := rows[i].api()
		if err != nil {
			return err
		}
		catalog.APIs = append(catalog.APIs, *api)
	}
	return nil
}
