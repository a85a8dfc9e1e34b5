package account

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
)

const keyPrefix = "key_"

// proof is a key and its account.
type proof struct {
	key     *pontage.APIKey
	account *pontage.Account
}

// Authenticate proves an account by e-mail (without regard to case) and API key. Everything that does not fit is the same
// Unauthenticated; other errors are the store's.
func (s *Service) Authenticate(ctx context.Context, email, key string) (pontage.Actor, error) {
	id, ok := s.credentials.Parse(key)
	if !ok || !strings.HasPrefix(id, keyPrefix) {
		return pontage.Actor{}, errUnauthorized
	}
	p, err := s.proof(ctx, pontage.APIKeyID(id))
	if pontage.CodeOf(err) == pontage.NotFound {
		s.credentials.Keys.Hash(key) // the same work as for a key that is there
		return pontage.Actor{}, errUnauthorized
	}
	if err != nil {
		return pontage.Actor{}, err
	}
	matches := s.credentials.Keys.Matches(key, p.key.KeyID, p.key.Hash)
	if !matches || !strings.EqualFold(email, p.account.Email) || !p.account.DisabledAt.IsZero() ||
		!pontage.Live(s.clock.Now(), p.key.ExpiresAt, p.key.RevokedAt) {
		return pontage.Actor{}, errUnauthorized
	}
	s.touch(ctx, p.key.ID)
	return pontage.Actor{Kind: pontage.ActorAccount, AccountID: p.account.ID, APIKeyID: p.key.ID}, nil
}

// proof reads key and account together, at most once a second per key. A key that is not there is never remembered.
func (s *Service) proof(ctx context.Context, id pontage.APIKeyID) (proof, error) {
	return s.known.Get(id, func() (p proof, err error) {
		p.key, p.account, err = s.store.KeyOwner(ctx, id)
		return p, err
	})
}
