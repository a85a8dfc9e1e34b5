package storage

import (
	"context"
	"database/sql"

	"github.com/pontage/pontage"
)

const walletColumns = "w.account_id, w.balance, w.held, w.created_at, w.updated_at"

func walletTargets(w *pontage.Wallet) []any {
	return []any{&w.AccountID, &w.Balance, &w.Held, timeInto(&w.CreatedAt), timeInto(&w.UpdatedAt)}
}

// Wallet implements pontage.LedgerReader.
func (r reader) Wallet(ctx context.Context, account pontage.AccountID) (*pontage.Wallet, error) {
	return r.wallet(ctx, account, "")
}

// LockWallet implements pontage.LedgerWriter. SQLite's unit of work is the only writer already.
func (t tx) LockWallet(ctx context.Context, account pontage.AccountID) (*pontage.Wallet, error) {
	if t.postgres {
		return t.wallet(ctx, account, " FOR NO KEY UPDATE")
	}
	return t.wallet(ctx, account, "")
}

func (r reader) wallet(ctx context.Context, account pontage.AccountID, lock string) (*pontage.Wallet, error) {
	s := r.fixed("SELECT " + walletColumns + " FROM wallets w WHERE w.account_id = ")
	s.value(func(s *statement) { s.string(string(account)) }).sql(lock)
	return one(ctx, r, s, "wallet", walletTargets)
}

// UpdateWallet implements pontage.LedgerWriter.
func (t tx) UpdateWallet(ctx context.Context, w pontage.Wallet) error {
	s := t.statement("")
	updateWallets(s, []pontage.Wallet{w})
	n, err := t.execute(ctx, s, "wallet")
	if err == nil && n == 0 {
		err = missing("wallet")
	}
	return err
}

// list runs s and gives its rows; targets names the places of one row's columns.
func list[T any](ctx context.Context, r reader, s *statement, what string, targets func(*T) []any) ([]T, error) {
	var all []T
	err := r.each(ctx, s, what, func(rows *sql.Rows) error {
		var row T
		if err := rows.Scan(targets(&row)...); err != nil {
			return err
		}
		all = append(all, row)
		return nil
	})
	return all, err
}

// one is list for the statements that find one row or none, which is NotFound.
func one[T any](ctx context.Context, r reader, s *statement, what string, targets func(*T) []any) (*T, error) {
	all, err := list(ctx, r, s, what, targets)
	switch {
	case err != nil:
		return nil, err
	case len(all) == 0:
		return nil, missing(what)
	}
	return &all[0], nil
}
