package partner

import (
	"context"
	"errors"
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/pontage/pontage"
)

// Store is what clients need of the store; pontage.Store has it.
type Store interface {
	pontage.ClientReader
	pontage.MemberReader
	pontage.UserReader
	pontage.DomainReader
	pontage.ClientScopeReader
	pontage.PlanReader
	pontage.AuditReader
	pontage.CredentialUseReader
	Read(ctx context.Context, do func(pontage.Reader) error) error
	Write(ctx context.Context, do func(pontage.Tx) error) error
}

// Config is what a Service is made of; Store, Clock and Credentials are required.
type Config struct {
	Store       Store
	Clock       pontage.Clock
	Credentials pontage.Credentials
	// DashboardURL is where mailed links lead, without a slash at its end.
	DashboardURL string
	// EnterpriseFee is what Enterprise costs a month; nil means EnterpriseFee.
	EnterpriseFee *pontage.Money
	// Currency is what fees are shown in.
	Currency pontage.Currency
	// PlanRequests are the requests a month of a plan that includes some, as the meter counts them; 0 includes none.
	PlanRequests int64
	// Scopes is the catalogue; without it there are no scopes to choose.
	Scopes ScopeCatalog
	// Resolver and Fetch ask the world for the proof of a domain; without them that proof is never found. See NewFetcher.
	Resolver Resolver
	Fetch    *http.Client
	// Changed is told that a client was shut out or let in again, or has other scopes, before that is answered: what is remembered of it is old.
	Changed func()
	// Spent is told of an account whose wallet may have paid a fee, after that is committed; nil tells nobody.
	Spent func(context.Context, pontage.AccountID)
}

// Service keeps the rules of clients. It is safe for concurrent use.
type Service struct {
	store       Store
	clock       pontage.Clock
	credentials pontage.Credentials
	changed     func()
	spent       func(context.Context, pontage.AccountID)
	links       string
	scopes      ScopeCatalog
	fee         pontage.Money
	currency    pontage.Currency
	// planRequests are what is shown of a plan that includes requests.
	planRequests int64
	resolver     Resolver
	fetch        *http.Client
	// images bounds how many pictures are decoded at once.
	images chan struct{}
	known  *pontage.Recent[pontage.SecretID, proof]
	// linked are the first two domains that a secret is good for.
	linked *pontage.Recent[pontage.SecretID, []pontage.LinkedDomain]
	used   *lru.Cache[pontage.SecretID, time.Time]
}

const knownSecrets = 10_000

var (
	errUnauthorized = pontage.E(pontage.Unauthenticated, "Unauthorized")
	errNotFound     = pontage.E(pontage.NotFound, "Not Found")
)

// New makes a Service.
func New(c Config) (*Service, error) {
	if c.Store == nil || c.Clock == nil || c.Credentials.Keys == nil || c.Credentials.Prefix == "" {
		return nil, errors.New("partner: Store, Clock and Credentials are required")
	}
	if c.Changed == nil {
		c.Changed = func() {}
	}
	if c.Spent == nil {
		c.Spent = func(context.Context, pontage.AccountID) {}
	}
	if c.EnterpriseFee == nil {
		c.EnterpriseFee = new(EnterpriseFee)
	}
	used, err := lru.New[pontage.SecretID, time.Time](knownSecrets)
	if err != nil {
		return nil, err
	}
	return &Service{store: c.Store, clock: c.Clock, credentials: c.Credentials, changed: c.Changed, spent: c.Spent, used: used, links: c.DashboardURL,
		scopes: c.Scopes, fee: *c.EnterpriseFee, currency: c.Currency, planRequests: c.PlanRequests, resolver: c.Resolver, fetch: c.Fetch, images: make(chan struct{}, 2),
		known: pontage.NewRecent[pontage.SecretID, proof](c.Clock, knownSecrets), linked: pontage.NewRecent[pontage.SecretID, []pontage.LinkedDomain](c.Clock, knownSecrets)}, nil
}
