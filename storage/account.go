package storage

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/pontage/pontage"
)

type accountRow struct {
	bun.BaseModel `bun:"table:accounts,alias:a"`

	ID         pontage.AccountID `bun:",pk"`
	Email      string
	EmailKey   string
	Name       string
	CreatedAt  time.Time
	DisabledAt time.Time `bun:",nullzero"`
}

func accountToRow(a pontage.Account) *accountRow {
	return &accountRow{
		ID: a.ID, Email: a.Email, EmailKey: strings.ToLower(a.Email), Name: a.Name,
		CreatedAt: stored(a.CreatedAt), DisabledAt: stored(a.DisabledAt),
	}
}

func (row accountRow) account() pontage.Account {
	return pontage.Account{
		ID: row.ID, Email: row.Email, Name: row.Name,
		CreatedAt: row.CreatedAt.UTC(), DisabledAt: row.DisabledAt.UTC(),
	}
}

// Account gives one account; NotFound where there is none.
func (r reader) Account(ctx context.Context, id pontage.AccountID) (*pontage.Account, error) {
	return r.accountWhere(ctx, "a.id = ", string(id))
}

// AccountByEmail finds an account however its e-mail is typed; NotFound where there is none.
func (r reader) AccountByEmail(ctx context.Context, email string) (*pontage.Account, error) {
	return r.accountWhere(ctx, "a.email_key = ", strings.ToLower(email))
}

func (r reader) accountWhere(ctx context.Context, condition, value string) (*pontage.Account, error) {
	s := r.fixed("SELECT " + accountColumns + " FROM accounts a WHERE " + condition)
	return one(ctx, r, s.value(func(s *statement) { s.string(value) }), "account", accountTargets)
}

const accountColumns = "a.id, a.email, a.name, a.created_at, a.disabled_at"

func accountTargets(a *pontage.Account) []any {
	return []any{&a.ID, &a.Email, &a.Name, timeInto(&a.CreatedAt), timeInto(&a.DisabledAt)}
}

// Accounts lists accounts, newest first.
func (r reader) Accounts(ctx context.Context, page pontage.Page) ([]pontage.Account, error) {
	var rows []accountRow
	query, err := paged(r.db.NewSelect().Model(&rows), "a", page)
	if err != nil {
		return nil, err
	}
	if err := query.Scan(ctx); err != nil {
		return nil, translate(err, "account")
	}
	return mapped(rows, accountRow.account), nil
}

// InsertAccount makes the account and its empty wallet; a taken id or e-mail is Conflict.
func (t tx) InsertAccount(ctx context.Context, a pontage.Account) error {
	row := accountToRow(a)
	if err := t.insert(ctx, row, "account"); err != nil {
		return err
	}
	_, err := t.db.NewRaw("INSERT INTO wallets (account_id, balance, held, created_at, updated_at) VALUES (?, 0, 0, ?, ?)",
		row.ID, row.CreatedAt, row.CreatedAt).Exec(ctx)
	return translate(err, "wallet")
}

// UpdateAccount writes e-mail, name and state; NotFound, or Conflict for a taken e-mail, after which the unit of work must end.
func (t tx) UpdateAccount(ctx context.Context, a pontage.Account) error {
	t.cache.forgetWallet(a.ID)
	return t.update(ctx, accountToRow(a), "account", "email", "email_key", "name", "disabled_at")
}
