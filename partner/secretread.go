package partner

import (
	"context"

	"github.com/pontage/pontage"
)

// Secret gives one client secret, one that ended too. Needs SecretRead; NotFound for secrets of others.
func (s *Service) Secret(ctx context.Context, by pontage.Actor, id pontage.SecretID) (*pontage.UsedSecret, error) {
	secret, err := s.store.UsedSecret(ctx, id)
	if err != nil {
		return nil, hidden(err)
	}
	if _, err := s.may(ctx, s.store, by, secret.ClientID, pontage.SecretRead); err != nil {
		return nil, err
	}
	return secret, nil
}

// Secrets lists a client's secrets, newest first, those that ended too. Needs SecretRead.
func (s *Service) Secrets(ctx context.Context, by pontage.Actor, client pontage.ClientID, page pontage.Keyset) ([]pontage.UsedSecret, error) {
	a, err := s.may(ctx, s.store, by, client, pontage.SecretRead)
	if err != nil {
		return nil, err
	}
	all, err := s.SecretsOf(ctx, Authorities{client: a}, []pontage.ClientID{client}, nil, page)
	return all[client], err
}

// SecretsOf gives a page of the secrets of each of several clients, in one read: only those that may be used for active true, only those
// that ended for false. Clients on which SecretRead is not held have none.
func (s *Service) SecretsOf(ctx context.Context, on Authorities, clients []pontage.ClientID, active *bool, page pontage.Keyset) (map[pontage.ClientID][]pontage.UsedSecret, error) {
	all, err := s.store.SecretsOf(ctx, on.holding(pontage.SecretRead, clients), pontage.SecretFilter{Active: active, At: s.clock.Now()}, page)
	return grouped(all, func(secret *pontage.UsedSecret) pontage.ClientID { return secret.ClientID }), err
}

// SecretsOfDomains gives a page of the secrets that are linked to each of several domains, in one read, active as in SecretsOf. Without
// SecretRead on a domain's client there are none.
func (s *Service) SecretsOfDomains(ctx context.Context, on Authorities, domains []pontage.DomainID, active *bool, page pontage.Keyset) (map[pontage.DomainID][]pontage.UsedSecret, error) {
	all, err := s.store.SecretsOfDomains(ctx, domains, pontage.SecretFilter{Active: active, At: s.clock.Now()}, page)
	found := map[pontage.DomainID][]pontage.UsedSecret{}
	for _, link := range all {
		if on.hold(pontage.SecretRead, link.ClientID) {
			found[link.DomainID] = append(found[link.DomainID], link.UsedSecret)
		}
	}
	return found, err
}

// grouped sorts entries by what they belong to; their order stays.
func grouped[K comparable, V any](all []V, of func(*V) K) map[K][]V {
	groups := map[K][]V{}
	for i := range all {
		groups[of(&all[i])] = append(groups[of(&all[i])], all[i])
	}
	return groups
}
