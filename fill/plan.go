package fill

import (
	"time"

	"github.com/pontage/pontage"
)

// Plan says how much is made.
type Plan struct {
	// Tokens and Calls are spread evenly over the accounts and the days.
	Tokens, Calls int64
	// Days end with yesterday, so that all of them are closed.
	Days, Accounts int
	// Seed makes the same addresses, payers and failures again.
	Seed uint64
}

// The bounds of a plan.
const (
	maxDays     = 5 * 366
	maxAccounts = 1_000_000
)

// Check gives the first thing wrong with the plan.
func (p Plan) Check() error {
	switch {
	case p.Days < 1 || p.Days > maxDays:
		return pontage.E(pontage.InvalidInput, "The days lie between 1 and %d.", maxDays).At("days")
	case p.Accounts < 1 || p.Accounts > maxAccounts:
		return pontage.E(pontage.InvalidInput, "The accounts lie between 1 and %d.", maxAccounts).At("accounts")
	case p.Tokens < int64(p.Accounts):
		return pontage.E(pontage.InvalidInput, "Every account has at least one token.").At("tokens")
	case p.Calls < 0:
		return pontage.E(pontage.InvalidInput, "The number of calls must not be negative.").At("calls")
	}
	return nil
}

// Report is what was made.
type Report struct {
	Accounts, Tokens, Calls, Outcomes, Transfers, Statistics, Addresses int64
	First, Last                                                         pontage.Period
	Elapsed                                                             time.Duration
}

// Progress is how far a run is.
type Progress struct {
	Day, Days    int
	Calls, Total int64
}
