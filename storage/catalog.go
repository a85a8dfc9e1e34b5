package storage

import "context"

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

// touch writes without changing anything, to see that writing works.
func (t tx) touch(ctx context.Context) error {
	_, err := t.db.NewRaw("UPDATE catalog_versions SET version = version").Exec(ctx)
	return translate(err, "catalogue")
}
