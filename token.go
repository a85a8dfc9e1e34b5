package pontage

import (
	"net/netip"
	"time"
)

// Limits of a token. Nil means none, zero means zero; an empty IP list means any address.
type Limits struct {
	TotalRequests        *int64
	WalletRequests       *int64
	SubscriptionRequests *int64
	WalletAmount         *Money
	IP                   []netip.Prefix
}

// Usage counts what a token has used. Open reservations are included; a release gives back all but TotalRequests.
type Usage struct {
	// TotalRequests are admitted calls; ErrorRequests those released or answered with 400 and above.
	TotalRequests        int64
	WalletRequests       int64
	SubscriptionRequests int64
	ErrorRequests        int64
	WalletAmount         Money
}

// Lineage is a token through all its rotations: name, scopes, limits and counters belong to it, and it is the one row a call
// reads and writes for its token.
type Lineage struct {
	ID        LineageID
	AccountID AccountID
	// ClientID is empty where the account made the token itself. It never changes.
	ClientID ClientID
	// DomainID is the domain of the client that the token calls from; empty for none, and never changed. The domain may be gone.
	DomainID DomainID
	Name     string
	// TokenID is the one bearer that is good now; earlier ones are dead.
	TokenID TokenID
	// Version grows with every change but the counters; admission caches facts by it.
	Version    int64
	ScopeSetID ScopeSetID
	Limits     Limits
	Usage      Usage
	// Maker is written when the token is made and read by LineageMakers alone: no call needs it.
	Maker Maker
	// TTL is the lifetime the token was made with; rotation restarts it.
	TTL       time.Duration
	CreatedAt time.Time
	UpdatedAt time.Time
	ExpiresAt time.Time
	// RevokedAt is zero while the token may be used.
	RevokedAt time.Time
}

// Maker is who made a token, as the audit log names them; empty for tokens that are older than this is kept.
type Maker struct {
	Kind ActorKind
	ID   string
}

// LineageQuery asks for a page of an account's living tokens, newest first, as far as they fit.
type LineageQuery struct {
	AccountID AccountID
	// EndedAfter leaves out those that expired before it.
	EndedAfter time.Time
	// ClientID is the client they were made for, empty for those the account made itself, nil for all.
	ClientID *ClientID
	// Name is a part of the name, whatever its case; empty fits all.
	Name string
	// Expired chooses those that expired at Now (true), or only others (false); nil is all.
	Expired *bool
	Now     time.Time
	Page    Page
}

// Presented is all that decides about a bearer at one moment.
type Presented struct {
	Token   Token
	Lineage Lineage
	// Disabled says that its account or its client is.
	Disabled bool
}

// Token is one bearer of a lineage.
type Token struct {
	ID        TokenID
	LineageID LineageID
	KeyID     string
	Hash      []byte
	CreatedAt time.Time
}

// Bearer is one bearer of a lineage, as its history shows it.
type Bearer struct {
	ID        TokenID
	LineageID LineageID
	// Number counts the bearers of the lineage from 1.
	Number    int64
	CreatedAt time.Time
	// EndedAt is when the next bearer took its place or the lineage was revoked; zero for the one that is the lineage's now.
	EndedAt time.Time
}

// RefreshToken is good for one rotation; UsedAt is set by it and a second use kills the lineage.
type RefreshToken struct {
	ID        RefreshTokenID
	LineageID LineageID
	TokenID   TokenID
	KeyID     string
	Hash      []byte
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time
}

// ScopeSet is an interned, immutable set of scopes: tokens with equal scopes share one.
type ScopeSet struct {
	ID ScopeSetID
	// Digest is the SHA-256 of the sorted scope ids.
	Digest []byte
	Scopes []ScopeID
}
