package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type apiDocumentRow struct {
	bun.BaseModel `bun:"table:api_documents"`

	APIID  pontage.APIID `bun:"api_id,pk"`
	Kind   string        `bun:",pk"`
	Digest string
	Data   []byte
}

// APIDocument implements pontage.APIDocumentReader.
func (r reader) APIDocument(ctx context.Context, api pontage.APIID, kind string) (*pontage.APIDocument, error) {
	var row apiDocumentRow
	if err := r.db.NewSelect().Model(&row).Where("api_id = ?", api).Where("kind = ?", kind).Scan(ctx); err != nil {
		return nil, translate(err, "API document")
	}
	return &pontage.APIDocument{APIID: row.APIID, Kind: row.Kind, Digest: row.Digest, Data: row.Data}, nil
}

// PutAPIDocument implements pontage.APIDocumentWriter.
func (t tx) PutAPIDocument(ctx context.Context, d pontage.APIDocument) error {
	row := apiDocumentRow{APIID: d.APIID, Kind: d.Kind, Digest: d.Digest, Data: d.Data}
	_, err := t.db.NewInsert().Model(&row).On("CONFLICT (api_id, kind) DO UPDATE").
		Set("digest = EXCLUDED.digest").Set("data = EXCLUDED.data").Returning("NULL").Exec(ctx)
	return translate(err, "API document")
}

const selectAPIRevisions = "SELECT v.id, v.api_id, v.version, v.changes, v.created_at FROM api_revisions v WHERE v.api_id = "

func apiRevisionTargets(v *pontage.APIRevision) []any {
	return []any{&v.ID, &v.APIID, &v.Version, jsonInto(&v.Changes), timeInto(&v.CreatedAt)}
}

// APIRevisions implements pontage.APIDocumentReader.
func (r reader) APIRevisions(ctx context.Context, api pontage.APIID, page pontage.Keyset) ([]pontage.APIRevision, error) {
	s := r.fixed(selectAPIRevisions).value(func(s *statement) { s.string(string(api)) })
	return listAfter(ctx, r, s, "v", page, "API revision", apiRevisionTargets)
}

type apiRevisionRow struct {
	bun.BaseModel `bun:"table:api_revisions"`

	ID        pontage.APIRevisionID `bun:",pk"`
	APIID     pontage.APIID         `bun:"api_id"`
	Version   string
	Changes   *string
	CreatedAt time.Time
}

// InsertAPIRevision implements pontage.APIDocumentWriter; a taken id is Conflict.
func (t tx) InsertAPIRevision(ctx context.Context, v pontage.APIRevision) error {
	changes, err := encode(v.Changes, v.Changes == nil)
	if err != nil {
		return err
	}
	return t.insert(ctx, &apiRevisionRow{ID: v.ID, APIID: v.APIID, Version: v.Version, Changes: changes, CreatedAt: stored(v.CreatedAt)}, "API revision")
}
