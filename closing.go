package pontage

import "time"

// Closing seals the days up to Day: the sums of their calls stand in its totals, so that books can be proved from there on and the
// single calls may be deleted. It holds every call decided up to Day among the rows up to Calls, and what the rows up to Outcomes say
// of them, less what earlier closings hold already. What comes late for a closed day is in the next closing, under its own day.
type Closing struct {
	// Day is the last day it closes; Previous is the closing before it, empty for the first. No two closings follow the same one.
	Day      Period
	Previous Period
	// Calls and Outcomes are the sequences up to which the two logs were read.
	Calls, Outcomes int64
	// FirstOpen is a sequence before which no call is left outside of closings.
	FirstOpen int64
	// KeyID names the key of Signature, which covers the fields above, the totals, and the signature of the closing before.
	KeyID     string
	Signature []byte
	ClosedAt  time.Time
}

// The dimensions only closed totals have: a subscription's calls, those of a month that the account's plan included, and the part of a
// transfer's calls that is closed while the transfer itself lies outside of the closed days or has other parts that are open.
const (
	BySubscription Dimension = "subscription"
	ByPlan         Dimension = "plan"
	ByTransfer     Dimension = "transfer"
)

// ClosedTotal is one sum of a closing: by ByScope what an account's calls of one scope and day come to, by ByToken those of a token, by
// ByAddress those from an address that has a line; by BySubscription, ByPlan and ByTransfer those paid through it. Late endings may make a
// number negative.
type ClosedTotal struct {
	Dimension Dimension
	// Day is set for ByScope, ByToken and ByAddress, Host for ByScope only; a late call or refund stands under the day of its call. Older
	// totals by token have no day, and there are none by address.
	Day       Period
	AccountID AccountID
	// Key is a scope, lineage, subscription or transfer id, an address, or by ByPlan a month.
	Key  string
	Host string
	// Usage counts as statistics do.
	Usage Usage
	// AllowanceRequests were free, by the scope's allowance or by ByPlan the plan's; SpentRequests and SpentAmount are what the day line shows, refunds left out.
	AllowanceRequests int64
	SpentRequests     int64
	SpentAmount       Money
}

// Verification is the last run of verify on a database.
type Verification struct {
	// StartedAt is when the last run began, FinishedAt when the last complete one ended; zero for never. Elapsed and Differences are
	// those of the complete one.
	StartedAt   time.Time
	FinishedAt  time.Time
	Elapsed     time.Duration
	Differences int64
}
