package pontage

import (
	"net/netip"
	"time"
)

// Payer says what a call was paid from.
type Payer string

// The payers, in the order they are asked.
const (
	PayerNone         Payer = "" // refused, or the price is zero
	PayerAllowance    Payer = "allowance"
	PayerPlan         Payer = "plan" // the requests a month that the account's plan includes
	PayerSubscription Payer = "subscription"
	PayerWallet       Payer = "wallet"
)

// CallState is how a call row was born.
type CallState string

// The states a call row is born with; it never changes, outcomes are rows of their own.
const (
	CallRefused  CallState = "refused"
	CallReserved CallState = "reserved" // waits for an outcome until ExpiresAt
	CallSettled  CallState = "settled"  // forward-auth: charged on admission
)

// Call is one row of the append-only call log: what was asked, by whom, and what was decided.
type Call struct {
	// Sequence is given by the store and grows; the fold works by it.
	Sequence  int64
	ID        CallID
	AccountID AccountID
	LineageID LineageID
	TokenID   TokenID
	// ScopeID and OperationID are empty where no operation matched.
	ScopeID     ScopeID
	OperationID OperationID
	Method      string
	Host        string
	Address     netip.Addr
	State       CallState
	// Code says why it was refused, with Message as the partner saw it.
	Code    Code
	Message string
	// Limit names what bound a refusal, "wallet", "rate", "totalRequests", …
	Limit string
	// Checks are the numbers the decision looked at; empty for rows older than them.
	Checks Checks
	Payer  Payer
	// Price is what the wallet pays; zero for the other payers.
	Price          Money
	SubscriptionID SubscriptionID
	// TransferID is set for calls born settled from the wallet.
	TransferID TransferID
	DecidedAt  time.Time
	// ExpiresAt ends the hold of a reserved call.
	ExpiresAt time.Time
}

// Checks are the numbers a decision looked at, written small because every call's row carries them. Package meter writes and reads
// them; whoever only passes them on takes them as text.
type Checks string

// OutcomeKind is how a reserved call ended.
type OutcomeKind string

// The kinds of outcome. Settled and released exclude each other; a refund may follow a settlement.
const (
	OutcomeSettled  OutcomeKind = "settled"
	OutcomeReleased OutcomeKind = "released"
	OutcomeRefunded OutcomeKind = "refunded"
)

// Outcome is one row of the append-only outcome log; a call has at most one settled or released, and at most one refunded.
type Outcome struct {
	Sequence int64
	CallID   CallID
	Kind     OutcomeKind
	// Status is the upstream's HTTP status; 0 where there was no answer.
	Status int
	// Code says why a call was released or refunded.
	Code Code
	// TransferID is the usage or refund transfer this outcome is part of; empty where no money moved.
	TransferID TransferID
	At         time.Time
	// Elapsed is the time to the upstream's headers.
	Elapsed time.Duration
}

// Decision is the one answer to a call: admitted and paid by whom, or refused by what. All surfaces show it.
type Decision struct {
	CallID   CallID
	Admitted bool
	// Refusal says why not; nil when admitted.
	Refusal *Error
	Payer   Payer
	// Charged is what the wallet pays for this call.
	Charged Money
	// Repeats is the call that was charged for this one's key: Payer is its payer, and Charged is zero.
	Repeats CallID
	// Limit names what bound a refusal; Left is what remains of it as decimal text, in Unit ("requests" or the currency); EndsAt is
	// when it resets, zero for never.
	Limit  string
	Left   string
	Unit   string
	EndsAt time.Time
	// Rate is the state of the rate limit after this call.
	Rate RateState
	// Checks are the numbers the decision looked at.
	Checks Checks
}

// RateState is a rate limit as RateLimit and RateLimit-Policy show it.
type RateState struct {
	Limit     int64
	Remaining int64
	Window    time.Duration
	// Reset is the time until at least one more call fits, or until the window is empty.
	Reset time.Duration
}
