package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type apiRow struct {
	bun.BaseModel `bun:"table:apis"`
	apiColumns
}

type apiColumns struct {
	ID              pontage.APIID `bun:",pk"`
	Host            string
	Title           string
	Version         string
	Description     string
	Digest          string
	Upstream        string
	CredentialKeyID string
	Credential      []byte
	Enabled         bool
	Platform        bool
	MaxBody         int64
	HeaderTimeout   time.Duration
	FreeStatuses    *string
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

func (row *apiColumns) api() (*pontage.API, error) {
	free, err := decode[[]int](row.FreeStatuses)
	if err != nil {
		return nil, err
	}
	return &pontage.API{
		ID: row.ID, Host: row.Host, Title: row.Title, Version: row.Version, Description: row.Description,
		Digest: row.Digest, Upstream: row.Upstream, CredentialKeyID: row.CredentialKeyID, Credential: row.Credential,
		Enabled: row.Enabled, Platform: row.Platform, MaxBody: row.MaxBody, HeaderTimeout: row.HeaderTimeout,
		FreeStatuses: free, CreatedAt: row.CreatedAt.UTC(), UpdatedAt: row.UpdatedAt.UTC(),
	}, nil
}

// APIByHost gives one API, also a disabled one; NotFound where there is none.
func (r reader) APIByHost(ctx context.Context, host string) (*pontage.API, error) {
	var row apiRow
	if err := r.db.NewSelect().Model(&row).Where("host = ?", host).Scan(ctx); err != nil {
		return nil, translate(err, "API")
	}
	return row.api()
}

// PutAPI inserts an API or writes all but its time of creation; a host that another API has is Conflict, after which the unit of
// work must end.
func (t tx) PutAPI(ctx context.Context, a pontage.API) error {
	free, err := encode(a.FreeStatuses, a.FreeStatuses == nil)
	if err != nil {
		return err
	}
	row := apiColumns{
		ID: a.ID, Host: a.Host, Title: a.Title, Version: a.Version, Description: a.Description,
		Digest: a.Digest, Upstream: a.Upstream, CredentialKeyID: a.CredentialKeyID, Credential: a.Credential,
		Enabled: a.Enabled, Platform: a.Platform, MaxBody: a.MaxBody, HeaderTimeout: a.HeaderTimeout,
		FreeStatuses: free, CreatedAt: stored(a.CreatedAt), UpdatedAt: stored(a.UpdatedAt),
	}
	return put(ctx, t, []apiRow{{apiColumns: row}}, "API", "host", "title", "version", "description", "digest", "upstream", "credential_key_id",
		"credential", "enabled", "platform", "max_body", "header_timeout", "free_statuses", "updated_at")
}
