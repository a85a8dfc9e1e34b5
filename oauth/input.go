package oauth

import (
	"net/netip"
	"time"

	"github.com/pontage/pontage"
)

// IssueInput asks for a token.
type IssueInput struct {
	// ClientID is the client that the token is for; empty for none, or for the client that asks.
	ClientID pontage.ClientID
	// domain is the one of the client that asks; only its own token request names it.
	domain pontage.DomainID
	// Name is at most 200 characters and may be empty.
	Name string
	// Scopes are scope names or patterns; nil is InvalidInput at "/scopes".
	Scopes []string
	// TTL is the lifetime; zero and below mean the default of one year, above it is clamped to one year.
	TTL time.Duration
	// Limits: nil means none, zero means zero; an empty IP list means any address.
	Limits pontage.Limits
}

// UpdateInput changes what is set and leaves the rest.
type UpdateInput struct {
	Name   *string
	Scopes *[]string
	// TTL restarts the token's life from now; the values mean what they mean in IssueInput.
	TTL    *time.Duration
	Limits *LimitsUpdate
}

// LimitsUpdate changes single limits.
type LimitsUpdate struct {
	TotalRequests        Change[int64]
	WalletRequests       Change[int64]
	SubscriptionRequests Change[int64]
	WalletAmount         Change[pontage.Money]
	// IP set to nil or to an empty list allows any address.
	IP Change[[]netip.Prefix]
}

// Change is what an update does to one value: its zero value leaves it, Set with a nil Value removes it, Set with a Value replaces it.
type Change[T any] struct {
	Set   bool
	Value *T
}

// NoLimits is the update that removes every limit.
func NoLimits() LimitsUpdate {
	return LimitsUpdate{
		TotalRequests: Change[int64]{Set: true}, WalletRequests: Change[int64]{Set: true},
		SubscriptionRequests: Change[int64]{Set: true}, WalletAmount: Change[pontage.Money]{Set: true},
		IP: Change[[]netip.Prefix]{Set: true},
	}
}

func (u *LimitsUpdate) apply(l pontage.Limits) pontage.Limits {
	if u == nil {
		return l
	}
	l.TotalRequests = u.TotalRequests.apply(l.TotalRequests)
	l.WalletRequests = u.WalletRequests.apply(l.WalletRequests)
	l.SubscriptionRequests = u.SubscriptionRequests.apply(l.SubscriptionRequests)
	l.WalletAmount = u.WalletAmount.apply(l.WalletAmount)
	if u.IP.Set {
		l.IP = nil
		if u.IP.Value != nil {
			l.IP = *u.IP.Value
		}
	}
	return l
}

func (c Change[T]) apply(old *T) *T {
	if c.Set {
		return c.Value
	}
	return old
}

// Detail is a token as its account sees it. Scopes are the names behind ScopeSetID.
type Detail struct {
	pontage.Lineage
	Scopes []string
}

// Issued is a new pair, the only time its texts are shown. RefreshToken is empty where none goes with it: for tokens of
// client_credentials, and for tokens given by another bearer, which must not outlive it.
type Issued struct {
	Detail
	Bearer       string
	RefreshToken string
}
