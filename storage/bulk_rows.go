package storage

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
)

// Accounts adds accounts, without their wallets.
func (b *Bulk) Accounts(ctx context.Context, rows []pontage.Account) error {
	return load(ctx, b, "accounts", "id, email, email_key, name, created_at, disabled_at", rows, func(s *statement, a pontage.Account) {
		s.string(string(a.ID)).string(a.Email).string(strings.ToLower(a.Email)).string(a.Name).moment(a.CreatedAt).time(a.DisabledAt)
	})
}

// Wallets adds the wallets of accounts.
func (b *Bulk) Wallets(ctx context.Context, rows []pontage.Wallet) error {
	return load(ctx, b, "wallets", "account_id, balance, held, created_at, updated_at", rows, func(s *statement, w pontage.Wallet) {
		s.string(string(w.AccountID)).number(int64(w.Balance)).number(int64(w.Held)).moment(w.CreatedAt).moment(w.UpdatedAt)
	})
}

// Clients adds clients.
func (b *Bulk) Clients(ctx context.Context, rows []pontage.Client) error {
	return load(ctx, b, "clients", "id, account_id, name, created_at, disabled_at", rows, func(s *statement, c pontage.Client) {
		s.string(string(c.ID)).string(string(c.AccountID)).string(c.Name).moment(c.CreatedAt).time(c.DisabledAt)
	})
}

// APIKeys adds API keys.
func (b *Bulk) APIKeys(ctx context.Context, rows []pontage.APIKey) error {
	const columns = "id, account_id, label, key_id, hash, created_at, expires_at, revoked_at"
	return load(ctx, b, "api_keys", columns, rows, func(s *statement, k pontage.APIKey) {
		s.string(string(k.ID)).string(string(k.AccountID)).string(k.Label).string(k.KeyID).hash(k.Hash)
		s.moment(k.CreatedAt).time(k.ExpiresAt).time(k.RevokedAt)
	})
}

// ScopeSets adds sets of scopes.
func (b *Bulk) ScopeSets(ctx context.Context, rows []pontage.ScopeSet) error {
	return load(ctx, b, "scope_sets", "id, digest, scopes", rows, func(s *statement, set pontage.ScopeSet) {
		names := mapped(set.Scopes, func(id pontage.ScopeID) string { return string(id) })
		s.string(string(set.ID)).hash(set.Digest).string(strings.Join(names, " "))
	})
}

// Lineages adds tokens with their counters.
func (b *Bulk) Lineages(ctx context.Context, rows []pontage.Lineage) error {
	if err := load(ctx, b, "lineages", lineageInsertColumns, rows, lineageValues); err != nil {
		return err
	}
	return load(ctx, b, "lineage_usage", lineageUsageColumns, rows, lineageUsageValues)
}

// Tokens adds the bearers of lineages.
func (b *Bulk) Tokens(ctx context.Context, rows []pontage.Token) error {
	return load(ctx, b, "tokens", tokenInsertColumns, rows, tokenValues)
}

// RefreshTokens adds the refresh tokens of lineages.
func (b *Bulk) RefreshTokens(ctx context.Context, rows []pontage.RefreshToken) error {
	return load(ctx, b, "refresh_tokens", refreshTokenInsertColumns, rows, refreshTokenValues)
}

// Subscriptions adds subscriptions with their use.
func (b *Bulk) Subscriptions(ctx context.Context, rows []pontage.Subscription) error {
	return load(ctx, b, "subscriptions", subscriptionInsertColumns, rows, subscriptionValues)
}

// Allowances adds what was used of free allowances.
func (b *Bulk) Allowances(ctx context.Context, rows []pontage.AllowanceUse) error {
	return load(ctx, b, "allowances", allowanceColumns, rows, allowanceValues)
}

// Transfers adds transfers.
func (b *Bulk) Transfers(ctx context.Context, rows []pontage.Transfer) error {
	return load(ctx, b, "transfers", transferColumns, rows, transferValues)
}

// Calls adds calls under their own sequences, and what the usage lines say of them, as a fold of all of them at once would.
func (b *Bulk) Calls(ctx context.Context, rows []pontage.Call) error {
	err := load(ctx, b, "calls", "sequence, "+callInsertColumns, rows, func(s *statement, c pontage.Call) {
		s.number(c.Sequence)
		callValues(s, c)
	})
	if err != nil {
		return err
	}
	return load(ctx, b, "usage_calls", usageCallColumns, usageRows(rows), usageCallValues)
}

// Outcomes adds outcomes under their own sequences.
func (b *Bulk) Outcomes(ctx context.Context, rows []pontage.Outcome) error {
	return load(ctx, b, "outcomes", "sequence, "+outcomeInsertColumns, rows, func(s *statement, o pontage.Outcome) {
		s.number(o.Sequence)
		outcomeValues(s, o)
	})
}

// Statistics adds whole lines, and how many addresses each of them has; the addresses themselves are added by Addresses.
func (b *Bulk) Statistics(ctx context.Context, rows []pontage.StatisticDelta, addresses []int64) error {
	i := -1
	return load(ctx, b, "statistics", statisticColumns, rows, func(s *statement, d pontage.StatisticDelta) {
		i++
		s.string(string(d.AccountID)).string(string(d.Period)).string(string(d.Dimension)).string(d.Key).string(d.Host)
		usageValues(s, d.Usage)
		s.number(addresses[i])
	})
}

// Addresses adds the addresses of lines.
func (b *Bulk) Addresses(ctx context.Context, rows []pontage.AddressSeen) error {
	return load(ctx, b, "seen_addresses", addressColumns, rows, addressValues)
}

// UsageDays adds day lines.
func (b *Bulk) UsageDays(ctx context.Context, rows []pontage.UsageDay) error {
	return load(ctx, b, "usage_days", "account_id, day, host, amount, requests, first_at", rows, func(s *statement, d pontage.UsageDay) {
		s.string(string(d.AccountID)).string(string(d.Day)).string(d.Host).number(int64(d.Amount)).number(d.Requests).time(d.FirstAt)
	})
}

// Errors adds error entries.
func (b *Bulk) Errors(ctx context.Context, rows []pontage.ErrorEntry) error {
	return load(ctx, b, "error_entries", errorEntryColumns, rows, errorEntryValues)
}

// Closing adds a signed closing with its totals.
func (b *Bulk) Closing(ctx context.Context, c pontage.Closing, totals []pontage.ClosedTotal) error {
	if err := load(ctx, b, "closings", closingColumns, []pontage.Closing{c}, closingValues); err != nil {
		return err
	}
	return load(ctx, b, "closed_totals", "closing, "+totalColumns, totals, func(s *statement, v pontage.ClosedTotal) {
		s.string(string(c.Day))
		totalValues(s, v)
	})
}
