package partner

import (
	"context"
	"errors"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/pontage/pontage"
)

// Store is what clients need of the store; pontage.Store has it.
type Store interface {
	pontage.ClientReader
	Read(ctx context.Context, do func(pontage.Reader) error) error
	Write(ctx context.Context, do func(pontage.Tx) error) error
}

// Config is what a Service is made of; everything is required.
type Config struct {
	Store       Store
	Clock       pontage.Clock
	Credentials pontage.Credentials
}

// Service keeps the rules of clients. It is safe for concurrent use.
type Service struct {
	store       Store
	clock       pontage.Clock
	credentials pontage.Credentials
	known       *lru.Cache[pontage.SecretID, *proof]
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
	known, err := lru.New[pontage.SecretID, *proof](knownSecrets)
	if err != nil {
		return nil, err
	}
	return &Service{store: c.Store, clock: c.Clock, credentials: c.Credentials, known: known}, nil
}
