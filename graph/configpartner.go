package graph

import (
	"context"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// Partners is what the API needs of package partner.
type Partners interface {
	Members
	Clients
	ClientSecrets
	ClientScopes
	Domains
	DomainURLs
	Plans
}

// Clients are the clients and what somebody may do on them.
type Clients interface {
	Clients(ctx context.Context, by pontage.Actor, account pontage.AccountID, f pontage.ClientFilter, page pontage.Keyset) ([]pontage.Authority, error)
	May(ctx context.Context, by pontage.Actor, id pontage.ClientID, p pontage.Permission) (*pontage.Authority, error)
	Authorities(ctx context.Context, by pontage.Actor, clients []pontage.ClientID) (partner.Authorities, error)
	ClientsByID(ctx context.Context, by pontage.Actor, ids []pontage.ClientID) (map[pontage.ClientID]pontage.Client, error)
	CreateClient(ctx context.Context, by pontage.Actor, in partner.CreateInput) (*partner.NewClient, error)
	Rename(ctx context.Context, by pontage.Actor, id pontage.ClientID, name string) (*pontage.Client, error)
	SetDisabled(ctx context.Context, by pontage.Actor, id pontage.ClientID, disabled bool) (*pontage.Client, error)
	Delete(ctx context.Context, by pontage.Actor, in partner.DeleteInput) error
}

// ClientSecrets are the secrets of clients and the domains that they are good for.
type ClientSecrets interface {
	Secret(ctx context.Context, by pontage.Actor, id pontage.SecretID) (*pontage.UsedSecret, error)
	SecretsByID(ctx context.Context, by pontage.Actor, ids []pontage.SecretID) (map[pontage.SecretID]pontage.UsedSecret, error)
	SecretsOf(ctx context.Context, on partner.Authorities, clients []pontage.ClientID, active *bool, page pontage.Keyset) (map[pontage.ClientID][]pontage.UsedSecret, error)
	SecretsOfDomains(ctx context.Context, on partner.Authorities, domains []pontage.DomainID, active *bool, page pontage.Keyset) (map[pontage.DomainID][]pontage.UsedSecret, error)
	CreateSecret(ctx context.Context, by pontage.Actor, in partner.SecretInput) (*partner.IssuedSecret, error)
	RotateSecret(ctx context.Context, by pontage.Actor, id pontage.SecretID, overlap time.Duration) (*partner.RotatedSecret, error)
	RevokeSecret(ctx context.Context, by pontage.Actor, id pontage.SecretID) error
	LinkSecret(ctx context.Context, by pontage.Actor, link pontage.SecretDomain) error
	UnlinkSecret(ctx context.Context, by pontage.Actor, link pontage.SecretDomain) error
}

// ClientScopes are the scopes that clients choose.
type ClientScopes interface {
	ScopesOf(ctx context.Context, on partner.Authorities, clients []pontage.ClientID) (map[pontage.ClientID][]partner.ClientScope, error)
	SetScope(ctx context.Context, by pontage.Actor, client pontage.ClientID, id pontage.ScopeID, enabled bool) (*partner.ClientScope, error)
}

// Domains are the domains of clients.
type Domains interface {
	Domain(ctx context.Context, by pontage.Actor, id pontage.DomainID) (*pontage.Domain, error)
	DomainsByID(ctx context.Context, by pontage.Actor, ids []pontage.DomainID) (map[pontage.DomainID]pontage.Domain, error)
	DomainsOf(ctx context.Context, on partner.Authorities, clients []pontage.ClientID, f pontage.DomainFilter, page pontage.Keyset) (map[pontage.ClientID][]pontage.Domain, error)
	DomainsOfSecrets(ctx context.Context, on partner.Authorities, secrets []pontage.SecretID, f pontage.DomainFilter, page pontage.Keyset) (map[pontage.SecretID][]pontage.Domain, error)
	CreateDomain(ctx context.Context, by pontage.Actor, in partner.DomainInput) (*pontage.Domain, error)
	UpdateDomain(ctx context.Context, by pontage.Actor, id pontage.DomainID, in partner.DomainChange) (*pontage.Domain, error)
	DeleteDomain(ctx context.Context, by pontage.Actor, id pontage.DomainID) error
	VerifyDomain(ctx context.Context, by pontage.Actor, id pontage.DomainID, method pontage.ProofMethod) (*pontage.Domain, error)
	SetLogo(ctx context.Context, by pontage.Actor, id pontage.DomainID, data []byte) (*pontage.Domain, error)
	RemoveLogo(ctx context.Context, by pontage.Actor, id pontage.DomainID) (*pontage.Domain, error)
}

// DomainURLs are the callback and webhook URLs of domains.
type DomainURLs interface {
	URL(ctx context.Context, by pontage.Actor, id pontage.DomainURLID) (*pontage.DomainURL, error)
	URLsByID(ctx context.Context, by pontage.Actor, ids []pontage.DomainURLID) (map[pontage.DomainURLID]pontage.DomainURL, error)
	URLsOf(ctx context.Context, on partner.Authorities, domains []pontage.DomainID) (map[pontage.DomainID][]pontage.DomainURL, error)
	AddURL(ctx context.Context, by pontage.Actor, domain pontage.DomainID, kind pontage.DomainURLKind, url string) (*pontage.DomainURL, error)
	SetURLActive(ctx context.Context, by pontage.Actor, id pontage.DomainURLID, active bool) (*pontage.DomainURL, error)
	RemoveURL(ctx context.Context, by pontage.Actor, id pontage.DomainURLID) error
}

// Plans are what accounts booked.
type Plans interface {
	PlanOf(ctx context.Context, by pontage.Actor, account pontage.AccountID) (*partner.PlanStatus, error)
	Upgrade(ctx context.Context, by pontage.Actor, in partner.UpgradeInput) (*pontage.Plan, error)
	Cancel(ctx context.Context, by pontage.Actor, account pontage.AccountID) (*pontage.Plan, error)
}
