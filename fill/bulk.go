package fill

import (
	"context"

	"github.com/pontage/pontage"
)

// Bulk puts many rows into an empty database. Nothing else uses the database meanwhile, and nothing is durable before Finish.
type Bulk interface {
	Accounts(ctx context.Context, rows []pontage.Account) error
	Wallets(ctx context.Context, rows []pontage.Wallet) error
	Clients(ctx context.Context, rows []pontage.Client) error
	APIKeys(ctx context.Context, rows []pontage.APIKey) error
	ScopeSets(ctx context.Context, rows []pontage.ScopeSet) error
	Lineages(ctx context.Context, rows []pontage.Lineage) error
	Tokens(ctx context.Context, rows []pontage.Token) error
	RefreshTokens(ctx context.Context, rows []pontage.RefreshToken) error
	Subscriptions(ctx context.Context, rows []pontage.Subscription) error
	Allowances(ctx context.Context, rows []pontage.AllowanceUse) error
	Transfers(ctx context.Context, rows []pontage.Transfer) error
	// Calls and Outcomes keep the sequences they come with. The calls of one call of the method are what one fold took.
	Calls(ctx context.Context, rows []pontage.Call) error
	Outcomes(ctx context.Context, rows []pontage.Outcome) error
	// Statistics adds whole lines, and how many addresses each of them has.
	Statistics(ctx context.Context, rows []pontage.StatisticDelta, addresses []int64) error
	Addresses(ctx context.Context, rows []pontage.AddressSeen) error
	UsageDays(ctx context.Context, rows []pontage.UsageDay) error
	Errors(ctx context.Context, rows []pontage.ErrorEntry) error
	Closing(ctx context.Context, c pontage.Closing, totals []pontage.ClosedTotal) error
	RenameAccount(ctx context.Context, id pontage.AccountID, name string) error
	// Keep lets what was written so far be seen, should the process end.
	Keep(ctx context.Context) error
	// Finish makes everything durable, with both logs folded up to these sequences.
	Finish(ctx context.Context, calls, outcomes int64) error
}
