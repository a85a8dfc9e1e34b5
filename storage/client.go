package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type clientRow struct {
	bun.BaseModel `bun:"table:clients,alias:c"`

	ID         pontage.ClientID `bun:",pk"`
	AccountID  pontage.AccountID
	Name       string
	CreatedAt  time.Time
	DisabledAt time.Time `bun:",nullzero"`
	DeletedAt  time.Time `bun:",nullzero"`
}

func clientToRow(c pontage.Client) *clientRow {
	return &clientRow{
		ID: c.ID, AccountID: c.AccountID, Name: c.Name, CreatedAt: stored(c.CreatedAt), DisabledAt: stored(c.DisabledAt),
		DeletedAt: stored(c.DeletedAt),
	}
}

func (row clientRow) client() pontage.Client {
	return pontage.Client{
		ID: row.ID, AccountID: row.AccountID, Name: row.Name,
		CreatedAt: row.CreatedAt.UTC(), DisabledAt: row.DisabledAt.UTC(), DeletedAt: row.DeletedAt.UTC(),
	}
}

// Client gives one client; NotFound where there is none.
func (r reader) Client(ctx context.Context, id pontage.ClientID) (*pontage.Client, error) {
	s := r.fixed("SELECT " + clientColumns + " FROM clients c WHERE c.id = ")
	return one(ctx, r, s.value(func(s *statement) { s.string(string(id)) }), "client", clientTargets)
}

const clientColumns = "c.id, c.account_id, c.name, c.created_at, c.disabled_at, c.deleted_at"

func clientTargets(c *pontage.Client) []any {
	return []any{&c.ID, &c.AccountID, &c.Name, timeInto(&c.CreatedAt), timeInto(&c.DisabledAt), timeInto(&c.DeletedAt)}
}

// Clients lists an account's clients, newest first, without the deleted ones.
func (r reader) Clients(ctx context.Context, account pontage.AccountID, page pontage.Page) ([]pontage.Client, error) {
	var rows []clientRow
	query, err := paged(r.db.NewSelect().Model(&rows).Where("c.account_id = ?", account).Where("c.deleted_at IS NULL"), "c", page)
	if err != nil {
		return nil, err
	}
	if err := query.Scan(ctx); err != nil {
		return nil, translate(err, "client")
	}
	return mapped(rows, clientRow.client), nil
}

// InsertClient adds a client; a taken id is Conflict.
func (t tx) InsertClient(ctx context.Context, c pontage.Client) error {
	return t.insert(ctx, clientToRow(c), "client")
}
