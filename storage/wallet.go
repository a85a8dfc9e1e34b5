package storage

import (
	"context"

	"github.com/pontage/pontage"
)

const walletColumns = "w.account_id, w.balance, w.held, w.plan_included, w.plan_month, w.plan_used, w.plan_total, w.created_at, w.updated_at"

func walletTargets(w *pontage.Wallet) []any {
	p := &w.Plan
	return []any{&w.AccountID, &w.Balance, &w.Held, &p.Included, (*string)(&p.Month), &p.Used, &p.Total, timeInto(&w.CreatedAt), timeInto(&w.UpdatedAt)}
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

// WalletsOf implements pontage.ThresholdReader.
func (r reader) WalletsOf(ctx context.Context, accounts []pontage.AccountID) ([]pontage.Wallet, error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	s := r.fixed("SELECT " + walletColumns + " FROM wallets w WHERE w.account_id IN ")
	return list(ctx, r, in(s, accounts), "wallet", walletTargets)
}

// includeRequests says in the wallet whether the account's plan includes requests; what was used of them stays counted.
func (t tx) includeRequests(ctx context.Context, account pontage.AccountID, included bool) error {
	t.cache.forgetWallet(account)
	s := t.fixed("UPDATE wallets SET plan_included = ").value(func(s *statement) { s.flag(included) })
	_, err := t.change(ctx, s.sql(" WHERE account_id = ").value(func(s *statement) { s.string(string(account)) }), "wallet")
	return err
}

// UpdateWallet implements pontage.LedgerWriter.
func (t tx) UpdateWallet(ctx context.Context, w pontage.Wallet) error {
	t.cache.forgetWallet(w.AccountID)
	s := t.statement("")
	updateWallets(s, []*pontage.Wallet{&w})
	n, err := t.execute(ctx, s, "wallet")
	if err == nil && n == 0 {
		err = missing("wallet")
	}
	return err
}
