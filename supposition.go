package pontage

import (
	"context"
	"errors"
	"net/netip"
	"time"
)

// HeaderSimulate names what a request is to meet, where an instance reads it.
const HeaderSimulate = "Pontage-Simulate"

// ErrLate says that an upstream's headers did not come in time.
var ErrLate = errors.New("the upstream's headers did not come in time")

// Fact is something a decision is to see in place of the truth.
type Fact string

// The facts. Each makes one rung of the decision refuse, whatever the truth is.
const (
	FactTokenUnknown     Fact = "token_unknown"
	FactTokenExpired     Fact = "token_expired"
	FactTokenRevoked     Fact = "token_revoked"
	FactScopeMissing     Fact = "scope_missing"
	FactScopeClosed      Fact = "scope_closed"
	FactRequirementOpen  Fact = "requirement_open"
	FactNoPrice          Fact = "no_price"
	FactForeignAddress   Fact = "foreign_address"
	FactRateUsed         Fact = "rate_used"
	FactTokenLimitUsed   Fact = "token_limit_used"
	FactNoCredit         Fact = "no_credit"
	FactPlatformStopping Fact = "platform_stopping"
	FactPlatformFailing  Fact = "platform_failing"
)

// Outage is how an API fails to answer.
type Outage string

// The outages.
const (
	OutageUnreachable Outage = "unreachable" // nobody answers the connection
	OutageTimeout     Outage = "timeout"     // no headers in time
	OutageBrokenBody  Outage = "broken_body" // an answer that breaks off
)

// Supposition is what a call is decided and answered under in place of the truth, so that a partner can rehearse what seldom happens.
// A call that supposes a Fact is refused as it would be if that were so, and takes nothing. Zero supposes nothing.
type Supposition struct {
	Fact Fact
	// Outage, or else Status where it is not zero, is how the API answers; Delay is how long it takes to.
	Outage Outage
	Status int
	Delay  time.Duration
}

// Token gives the token as the fact has it, for a call from address at now; nil where it has none. What is given is not l where it differs.
func (f Fact) Token(l *Lineage, address netip.Addr, now time.Time) *Lineage {
	if l == nil || f == FactTokenUnknown {
		return nil
	}
	t := *l
	switch f {
	case FactTokenExpired:
		t.ExpiresAt = now.Add(-time.Second)
	case FactTokenRevoked:
		t.RevokedAt = now
	case FactForeignAddress:
		t.Limits.IP = []netip.Prefix{somewhereElse(address)}
	case FactTokenLimitUsed:
		t.Limits.TotalRequests = new(int64)
	default:
		return l
	}
	return &t
}

// Failure is what whoever supposes the fact is answered where it has the platform itself fail, nil for every other fact.
func (f Fact) Failure() error {
	if f == FactPlatformFailing {
		return errSupposed
	}
	return nil
}

var errSupposed = E(Internal, "Internal server error.").Because(errors.New("supposed, by " + HeaderSimulate))

// somewhereElse is a network that address is not in.
func somewhereElse(address netip.Addr) netip.Prefix {
	elsewhere := netip.MustParsePrefix("192.0.2.0/24") // for documentation, RFC 5737
	if elsewhere.Contains(address.Unmap().WithZone("")) {
		elsewhere = netip.MustParsePrefix("198.51.100.0/24")
	}
	return elsewhere
}

// Pause waits so long, or until ctx ends; then it gives ctx's error.
func Pause(ctx context.Context, wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Simulation is one thing that can be supposed, for documents.
type Simulation struct {
	// Value is what a partner writes to get it.
	Value string
	// Status is what the partner gets, Code the word of it; both are empty where the API's own answer comes.
	Status int
	Code   Code
	// OnPlatform says that the platform's own operations know it too.
	OnPlatform bool
	Effect     string
}
