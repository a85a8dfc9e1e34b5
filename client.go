package pontage

import (
	"context"
	"time"
)

// Client is an application of an account that speaks OAuth.
type Client struct {
	ID        ClientID
	AccountID AccountID
	Name      string
	CreatedAt time.Time
	// DisabledAt is zero while the client may be used.
	DisabledAt time.Time
	// DeletedAt is zero for every client that is still there; afterwards only its name is left.
	DeletedAt time.Time
}

// ClientFilter says which clients a list shows; what is nil or empty does not narrow it.
type ClientFilter struct {
	// Active finds those that may be used, or those that are disabled.
	Active *bool
	// Name is a part of the name; upper and lower case of ASCII letters are the same.
	Name string
}

// ClientSecret is one secret of a client; several may live at once so that they can be rotated with overlap.
type ClientSecret struct {
	ID        SecretID
	ClientID  ClientID
	Label     string
	KeyID     string
	Hash      []byte
	CreatedAt time.Time
	// ExpiresAt and RevokedAt are zero where they do not apply.
	ExpiresAt time.Time
	RevokedAt time.Time
}

// UsedSecret is a secret and when it was last used, zero for never; within a minute.
type UsedSecret struct {
	ClientSecret
	LastUsedAt time.Time
}

// SecretFilter says which secrets a list shows.
type SecretFilter struct {
	// Active finds those that are good at At, or those that ended; nil does not narrow.
	Active *bool
	At     time.Time
}

// LinkedSecret is a secret that is good for a domain.
type LinkedSecret struct {
	DomainID DomainID
	UsedSecret
}

// ClientReader reads clients and their secrets.
type ClientReader interface {
	Client(ctx context.Context, id ClientID) (*Client, error)
	// Clients leaves out deleted ones, as ClientPage does, which goes by keyset.
	Clients(ctx context.Context, account AccountID, page Page) ([]Client, error)
	ClientPage(ctx context.Context, account AccountID, f ClientFilter, page Keyset) ([]Client, error)
	// ClientsByID gives those with these ids, deleted ones too, in one query and any order; unknown ids are left out.
	ClientsByID(ctx context.Context, ids []ClientID) ([]Client, error)
	// CountClients counts an account's, without the deleted ones.
	CountClients(ctx context.Context, account AccountID) (int, error)
	ClientSecret(ctx context.Context, id SecretID) (*ClientSecret, error)
	// UsedSecret is ClientSecret with its last use, in one read.
	UsedSecret(ctx context.Context, id SecretID) (*UsedSecret, error)
	// UsedSecretsByID gives those with these ids, in one query and any order; unknown ids are left out.
	UsedSecretsByID(ctx context.Context, ids []SecretID) ([]UsedSecret, error)
	// SecretOwner gives a secret, its client and that one's account in one read.
	SecretOwner(ctx context.Context, id SecretID) (*ClientSecret, *Client, *Account, error)
	// ClientSecrets lists a client's, newest first, also those that ended.
	ClientSecrets(ctx context.Context, client ClientID) ([]ClientSecret, error)
	// SecretsOf gives one page of each of these clients, in one query, SecretsOfDomains of what is linked to each of these domains.
	SecretsOf(ctx context.Context, clients []ClientID, f SecretFilter, page Keyset) ([]UsedSecret, error)
	SecretsOfDomains(ctx context.Context, domains []DomainID, f SecretFilter, page Keyset) ([]LinkedSecret, error)
}

// ClientWriter writes clients and their secrets.
type ClientWriter interface {
	InsertClient(ctx context.Context, c Client) error
	// UpdateClient writes name and state; NotFound for a deleted client.
	UpdateClient(ctx context.Context, c Client) error
	// LockClient gives a client for change; nobody else changes it, its roles or its members until the commit.
	LockClient(ctx context.Context, id ClientID) (*Client, error)
	// DeleteClient disables a client for good, revokes its secrets and tokens and forgets its members, domains and scopes; NotFound where
	// it is deleted already.
	DeleteClient(ctx context.Context, id ClientID, at time.Time) error
	InsertClientSecret(ctx context.Context, s ClientSecret) error
	UpdateClientSecret(ctx context.Context, s ClientSecret) error
}
