package storage

import (
	"context"

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
	s := r.kept("SELECT " + walletColumns + " FROM wallets w WHERE w.account_id = ")
	s.value(func(s *statement) { s.string(string(account)) }).sql(lock)
	return one(ctx, r, s, "wallet", walletTargets)
}

// UpdateWallet implements pontage.LedgerWriter.
func (t tx) UpdateWallet(ctx context.Context, w pontage.Wallet) error {
	t.cache.forgetWallet(w.AccountID)
	s := t.statement("")
	updateWallets(s, []pontage.Wallet{w})
	n, err := t.execute(ctx, s, "wallet")
	if err == nil && n == 0 {
		err = missing("wallet")
	}
	return err
}
