package partner

import (
	"context"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

const secretPrefix = "sec_"

// proof is a secret with its client and account.
type proof struct {
	secret  *pontage.ClientSecret
	client  *pontage.Client
	account *pontage.Account
}

// AuthenticateClient proves an OAuth client by its id and one of its secrets. Everything that does not fit is the same
// Unauthenticated; other errors are the store's. The row is found by the id inside the secret, never by the client's, so that time
// says nothing about which clients exist.
func (s *Service) AuthenticateClient(ctx context.Context, id pontage.ClientID, secret string) (pontage.Actor, error) {
	secretID, ok := s.credentials.Parse(secret)
	if !ok || !strings.HasPrefix(secretID, secretPrefix) {
		return pontage.Actor{}, errUnauthorized
	}
	p, err := s.proof(ctx, pontage.SecretID(secretID))
	if pontage.CodeOf(err) == pontage.NotFound {
		s.credentials.Keys.Hash(secret) // the same work as for a secret that is there
		return pontage.Actor{}, errUnauthorized
	}
	if err != nil {
		return pontage.Actor{}, err
	}
	matches := s.credentials.Keys.Matches(secret, p.secret.KeyID, p.secret.Hash)
	if !matches || p.client.ID != id || !p.client.DisabledAt.IsZero() || !p.account.DisabledAt.IsZero() ||
		!pontage.Live(s.clock.Now(), p.secret.ExpiresAt, p.secret.RevokedAt) {
		return pontage.Actor{}, errUnauthorized
	}
	s.touch(ctx, p.secret.ID)
	return pontage.Actor{Kind: pontage.ActorClient, AccountID: p.client.AccountID, ClientID: p.client.ID, SecretID: p.secret.ID}, nil
}

// proof reads the rows together, at most once a second per secret. A secret that is not there is never remembered.
func (s *Service) proof(ctx context.Context, id pontage.SecretID) (proof, error) {
	return s.known.Get(id, func() (p proof, err error) {
		p.secret, p.client, p.account, err = s.store.SecretOwner(ctx, id)
		return p, err
	})
}

// ForgetOwners makes what is remembered of accounts be read again: whoever shuts one out, or lets it in, tells it.
func (s *Service) ForgetOwners() {
	s.known.ForgetAll()
	s.linked.ForgetAll()
}

// touchEvery is how often the last use of a secret is written.
const touchEvery = time.Minute

// touch notes that a secret is used, once a minute. A database that cannot write just now must not keep anybody out.
func (s *Service) touch(ctx context.Context, id pontage.SecretID) {
	now := s.clock.Now()
	if last, ok := s.used.Get(id); ok && now.Sub(last) < touchEvery {
		return
	}
	s.used.Add(id, now)
	_ = s.store.Write(ctx, func(tx pontage.Tx) error {
		return tx.UseCredential(ctx, string(id), now, now.Add(-touchEvery).Add(time.Microsecond))
	})
}
