package pontage

import (
	"net/netip"
	"time"
)

// ScopeMembers is a scope set ready for lookups. It is shared between tokens with equal scopes and never changed.
type ScopeMembers map[ScopeID]struct{}

// Admission is what is known of a presented bearer after its hash was compared: immutable facts only. Whether the token is still
// good, and its limits, are read inside the batch; a Version that differs there means the facts must be read again.
type Admission struct {
	TokenID   TokenID
	LineageID LineageID
	AccountID AccountID
	ClientID  ClientID
	Version   int64
	Scopes    ScopeMembers
}

// Match is the operation a request means. API, Operation and Scope belong to the catalogue and must not be changed.
type Match struct {
	API       *API
	Operation *Operation
	Scope     *Scope
	// Path is the escaped path to send upstream, rebuilt from the match.
	Path string
}

// Attempt is a call before its decision.
type Attempt struct {
	CallID CallID
	// Repeatable says the call id came from outside, so the same id may have been decided before and must not be charged twice.
	Repeatable bool
	// Key is set where the partner named the call by an Idempotency-Key: the same call under it is charged once.
	Key       *CallKey
	Admission Admission
	// Match is nil where no operation fits: such an attempt is refused, by the token first.
	Match   *Match
	Access  AccountAccess
	Method  string
	Host    string
	Address netip.Addr
	// Hold is how long the reservation lasts; zero charges on admission.
	Hold time.Duration
	// Suppose is what to decide and answer it under in place of the truth.
	Suppose Supposition
}
