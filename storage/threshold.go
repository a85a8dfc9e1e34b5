package storage

import (
	"context"

	"github.com/pontage/pontage"
)

// WalletLevels implements pontage.ThresholdReader.
func (r reader) WalletLevels(ctx context.Context, accounts []pontage.AccountID) ([]pontage.WalletLevel, error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	s := r.fixed("SELECT l.transfer_id, l.balance, " + walletColumns + " FROM wallet_levels l JOIN wallets w ON w.account_id = l.account_id WHERE l.account_id IN ")
	return list(ctx, r, in(s, accounts), "wallet", func(l *pontage.WalletLevel) []any {
		return append([]any{&l.TopUp, &l.Level}, walletTargets(&l.Wallet)...)
	})
}

// Allowances implements pontage.ThresholdReader.
func (r reader) Allowances(ctx context.Context, keys []pontage.AllowanceKey) ([]pontage.AllowanceUse, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	s := r.statement("SELECT " + allowanceColumns + " FROM allowances WHERE (account_id, scope_id) IN (")
	return list(ctx, r, allowanceKeys(s, keys).sql(")"), "allowance", func(u *pontage.AllowanceUse) []any {
		return []any{&u.Key.AccountID, &u.Key.ScopeID, &u.Day, &u.DayUsed, &u.Month, &u.MonthUsed, &u.Year, &u.YearUsed, &u.TotalUsed}
	})
}

// SubscriptionsOf implements pontage.ThresholdReader.
func (r reader) SubscriptionsOf(ctx context.Context, ids []pontage.SubscriptionID) ([]pontage.Subscription, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	s := r.fixed("SELECT " + subscriptionColumns + " FROM subscriptions s WHERE s.id IN ")
	return list(ctx, r, in(s, ids), "subscription", subscriptionTargets)
}

// NoteThreshold implements pontage.ThresholdWriter.
func (t tx) NoteThreshold(ctx context.Context, v pontage.Threshold) (bool, error) {
	s := t.fixed("INSERT INTO told_thresholds (account_id, subject, period, percent, told_at) VALUES ")
	s.rows(1, func(int) {
		s.string(string(v.AccountID)).string(v.Subject).string(v.Period).number(int64(v.Percent)).moment(v.At)
	})
	n, err := t.change(ctx, s.sql(" ON CONFLICT DO NOTHING"), "threshold")
	return n > 0, err
}

// PutWalletLevel implements pontage.ThresholdWriter.
func (t tx) PutWalletLevel(ctx context.Context, account pontage.AccountID, topUp pontage.TransferID, level pontage.Money) error {
	s := t.fixed("INSERT INTO wallet_levels (account_id, transfer_id, balance) VALUES ")
	s.rows(1, func(int) { s.string(string(account)).string(string(topUp)).number(int64(level)) })
	_, err := t.change(ctx, s.sql(" ON CONFLICT (account_id) DO UPDATE SET transfer_id = excluded.transfer_id, balance = excluded.balance"), "wallet")
	return err
}
