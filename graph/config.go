package graph

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/meter"
)

// Config is what the GraphQL API is made of. Everything is required but Sessions, Logger, TrustedProxies, Documents and the switches.
type Config struct {
	Accounts Accounts
	Tokens   Tokens
	Catalog  Catalog
	Meter    Meter
	// Sessions proves session cookies; nil knows none.
	Sessions SessionAuthenticator
	// Idempotency gives requests their keys.
	Idempotency *pontage.Idempotency
	// Keys sign cursors.
	Keys   *pontage.KeyRing
	Clock  pontage.Clock
	Logger *slog.Logger
	// PlatformHost is the host under which the catalogue knows the platform's own API, whose scopes tokens must hold.
	PlatformHost string
	// TrustedProxies may name the client's address in X-Forwarded-For.
	TrustedProxies []netip.Prefix
	// Explore opens what helps developers: questions about the schema, suggestions, and GraphiQL.
	Explore bool
	// Documents are the trusted documents by the SHA-256 of their text in hexadecimal.
	Documents map[string]string
	// OnlyDocuments refuses every document that is not one of them.
	OnlyDocuments bool
}

// SessionAuthenticator proves a session.
type SessionAuthenticator interface {
	// AuthenticateSession says who is logged in by the request's cookie, and the secret that proved it; it may write headers. present is
	// false where the request has no such cookie; one that is not good is Unauthenticated.
	AuthenticateSession(w http.ResponseWriter, r *http.Request) (by pontage.Actor, secret string, present bool, err error)
}

// Accounts is what the API needs of package account.
type Accounts interface {
	Authenticate(ctx context.Context, email, key string) (pontage.Actor, error)
	Account(ctx context.Context, by pontage.Actor, id pontage.AccountID) (*pontage.Account, error)
	Keys(ctx context.Context, by pontage.Actor, account pontage.AccountID) ([]pontage.APIKey, error)
	Key(ctx context.Context, by pontage.Actor, id pontage.APIKeyID) (*pontage.APIKey, error)
	CreateKey(ctx context.Context, by pontage.Actor, account pontage.AccountID, label string) (*account.IssuedKey, error)
	RevokeKey(ctx context.Context, by pontage.Actor, id pontage.APIKeyID) error
}

// Tokens is what the API needs of package oauth.
type Tokens interface {
	Authenticate(ctx context.Context, bearer string) (pontage.Actor, *pontage.Lineage, pontage.ScopeMembers, error)
}

// Catalog is what the API needs of package catalog.
type Catalog interface {
	Match(method, host, rawPath string) (*pontage.Match, error)
}

// Meter is what the API needs of package meter.
type Meter interface {
	AllowRate(key meter.RateKey, perMinute int64) (pontage.RateState, *pontage.Error)
}

func (c Config) check() error {
	var missing []error
	for name, there := range map[string]bool{
		"Accounts": c.Accounts != nil, "Tokens": c.Tokens != nil, "Catalog": c.Catalog != nil, "Meter": c.Meter != nil,
		"Idempotency": c.Idempotency != nil, "Keys": c.Keys != nil, "Clock": c.Clock != nil, "PlatformHost": c.PlatformHost != "",
	} {
		if !there {
			missing = append(missing, errors.New("GraphQL API: "+name+" is missing"))
		}
	}
	if c.OnlyDocuments && len(c.Documents) == 0 {
		missing = append(missing, errors.New("GraphQL API: only trusted documents are to be answered, but there are none"))
	}
	return errors.Join(missing...)
}
