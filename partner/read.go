package partner

import (
	"context"

	"github.com/pontage/pontage"
)

// ClientsByID gives the clients with these ids that by manages, in one read; others are left out.
func (s *Service) ClientsByID(ctx context.Context, by pontage.Actor, ids []pontage.ClientID) (map[pontage.ClientID]pontage.Client, error) {
	all, err := s.store.ClientsByID(ctx, ids)
	found := make(map[pontage.ClientID]pontage.Client, len(all))
	for _, c := range all {
		if by.Manages(c.AccountID) {
			found[c.ID] = c
		}
	}
	return found, err
}

// Secret gives one client secret, a revoked one too. Needs SecretRead; NotFound for secrets of others.
func (s *Service) Secret(ctx context.Context, by pontage.Actor, id pontage.SecretID) (*pontage.ClientSecret, error) {
	secret, err := s.store.ClientSecret(ctx, id)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	_, err = s.may(ctx, s.store, by, secret.ClientID, pontage.SecretRead)
	if err != nil {
		return nil, err
	}
	return secret, nil
}

// SecretsOf gives the secrets of several clients of by's account, newest first, in one read; clients of others have none.
func (s *Service) SecretsOf(ctx context.Context, by pontage.Actor, clients []pontage.ClientID) (map[pontage.ClientID][]pontage.ClientSecret, error) {
	if !by.Manages(by.AccountID) {
		return nil, errNotFound
	}
	all, err := s.store.ClientSecretsOf(ctx, by.AccountID, clients)
	found := make(map[pontage.ClientID][]pontage.ClientSecret, len(clients))
	for _, secret := range all {
		found[secret.ClientID] = append(found[secret.ClientID], secret)
	}
	return found, err
}
