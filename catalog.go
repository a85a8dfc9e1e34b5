package pontage

import (
	"strconv"
	"strings"
	"time"
)

// API is one imported OpenAPI document, known by its host.
type API struct {
	ID   APIID
	Host string
	// Title, Version and Description are the document's.
	Title       string
	Version     string
	Description string
	// Digest is the SHA-256 of document, prices and importer version; an equal digest means nothing to import.
	Digest string
	// Upstream is the base URL calls go to; empty means 503 and nothing held. It comes from the operator only.
	Upstream string
	// CredentialKeyID and Credential are the sealed header lines added for the upstream; never shown.
	CredentialKeyID string
	Credential      []byte
	// Enabled is false once the document is gone.
	Enabled bool
	// Platform marks the API we serve ourselves: rate-limited, not metered, not proxied.
	Platform bool
	// MaxBody bounds a request body in bytes; 0 means the gateway's default.
	MaxBody int64
	// HeaderTimeout bounds the wait for the upstream's headers; 0 means the gateway's default.
	HeaderTimeout time.Duration
	// FreeStatuses are upstream statuses below 500 that are released instead of charged; nil means 401, 403, 407, 408, 429.
	FreeStatuses []int
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Scope is what a token is allowed and what has a price: METHOD:host/<first static segment>, or "root".
type Scope struct {
	ID    ScopeID
	APIID APIID
	// Name is the whole text, "GET:company.example.com/IT-start".
	Name    string
	Method  string
	Host    string
	Segment string
	// Enabled is false once the document no longer has it.
	Enabled bool
	// Restricted scopes are open only to accounts that were granted them.
	Restricted bool
	// Price of one call; nil means it is not sellable, zero means free.
	Price *Money
	// Offers are the price file's other keys, which describe and are never charged per call.
	Offers map[string]Money
	// Subscriptions are for sale, in the order of the price file.
	Subscriptions []SubscriptionOffer
	Allowance     Allowance
	// RatePerMinute bounds calls per token and scope; 0 means the instance's default.
	RatePerMinute int64
	// Requirements are names the account must have fulfilled.
	Requirements []string
}

// Allowance is what is free of a scope per calendar window in UTC and in total. Nil means the window does not bound; all nil
// means there is no allowance; otherwise every window must have room.
type Allowance struct {
	Day   *int64 `json:"day,omitempty"`
	Month *int64 `json:"month,omitempty"`
	Year  *int64 `json:"year,omitempty"`
	Total *int64 `json:"total,omitempty"`
}

// None says whether there is no allowance at all.
func (a Allowance) None() bool {
	return a.Day == nil && a.Month == nil && a.Year == nil && a.Total == nil
}

// String is the allowance in words, "2/day 10/month", or "none".
func (a Allowance) String() string {
	var windows []string
	for _, w := range []struct {
		calls *int64
		name  string
	}{{a.Day, "day"}, {a.Month, "month"}, {a.Year, "year"}, {a.Total, "total"}} {
		if w.calls != nil {
			windows = append(windows, strconv.FormatInt(*w.calls, 10)+"/"+w.name)
		}
	}
	if windows == nil {
		return "none"
	}
	return strings.Join(windows, " ")
}

// Operation is one method and path template of an API; it belongs to exactly one scope.
type Operation struct {
	ID      OperationID
	APIID   APIID
	ScopeID ScopeID
	Method  string
	// Path is the document's template, "/IT-start/{vatCode}"; the root is "/".
	Path    string
	Enabled bool
}

// Answer is one response of an operation, made from the document at import: its example where that is valid, else generated.
type Answer struct {
	OperationID OperationID
	Status      int
	// ContentType is empty for an answer without a body.
	ContentType string
	Body        []byte
	// Generated says that no example of the document could be used.
	Generated bool
}

// Catalog is everything a running instance needs to match and price a call; it is read whole and never changed.
type Catalog struct {
	// Version grows with every import.
	Version    int64
	APIs       []API
	Scopes     []Scope
	Operations []Operation
}

// AccountAccess is what an account may beyond the default: granted restricted scopes and fulfilled requirements.
type AccountAccess struct {
	Scopes       []ScopeID
	Requirements []string
}
