package partner

import (
	"context"

	"github.com/pontage/pontage"
)

// Domain gives one domain. Needs DomainRead; NotFound for domains of others.
func (s *Service) Domain(ctx context.Context, by pontage.Actor, id pontage.DomainID) (*pontage.Domain, error) {
	d, err := s.store.Domain(ctx, id)
	if err != nil {
		return nil, hidden(err)
	}
	if _, err := s.may(ctx, s.store, by, d.ClientID, pontage.DomainRead); err != nil {
		return nil, err
	}
	return d, nil
}

// Domains lists a client's domains, newest first. Needs DomainRead.
func (s *Service) Domains(ctx context.Context, by pontage.Actor, client pontage.ClientID, page pontage.Keyset) ([]pontage.Domain, error) {
	a, err := s.may(ctx, s.store, by, client, pontage.DomainRead)
	if err != nil {
		return nil, err
	}
	all, err := s.DomainsOf(ctx, Authorities{client: a}, []pontage.ClientID{client}, pontage.DomainFilter{}, page)
	return all[client], err
}

// DomainsOf gives a page of the domains of each of several clients, in one read. Clients on which DomainRead is not held have none.
func (s *Service) DomainsOf(ctx context.Context, on Authorities, clients []pontage.ClientID, f pontage.DomainFilter, page pontage.Keyset) (map[pontage.ClientID][]pontage.Domain, error) {
	all, err := s.store.Domains(ctx, on.holding(pontage.DomainRead, clients), f, page)
	return grouped(all, func(d *pontage.Domain) pontage.ClientID { return d.ClientID }), err
}

// DomainsOfSecrets gives a page of the domains that each of several secrets is linked to, in one read. Without DomainRead on a secret's
// client there are none.
func (s *Service) DomainsOfSecrets(ctx context.Context, on Authorities, secrets []pontage.SecretID, f pontage.DomainFilter, page pontage.Keyset) (map[pontage.SecretID][]pontage.Domain, error) {
	all, err := s.store.DomainsOfSecrets(ctx, secrets, f, page)
	found := map[pontage.SecretID][]pontage.Domain{}
	for _, link := range all {
		if on.hold(pontage.DomainRead, link.ClientID) {
			found[link.SecretID] = append(found[link.SecretID], link.Domain)
		}
	}
	return found, err
}

// URL gives one URL of a domain. Needs DomainRead; NotFound for URLs of others.
func (s *Service) URL(ctx context.Context, by pontage.Actor, id pontage.DomainURLID) (*pontage.DomainURL, error) {
	u, err := s.store.DomainURL(ctx, id)
	if err != nil {
		return nil, hidden(err)
	}
	if _, err := s.may(ctx, s.store, by, u.ClientID, pontage.DomainRead); err != nil {
		return nil, err
	}
	return u, nil
}

// URLsOf gives the URLs of several domains, oldest first, in one read. Without DomainRead on a domain's client there are none.
func (s *Service) URLsOf(ctx context.Context, on Authorities, domains []pontage.DomainID) (map[pontage.DomainID][]pontage.DomainURL, error) {
	all, err := s.store.DomainURLs(ctx, domains)
	found := map[pontage.DomainID][]pontage.DomainURL{}
	for _, u := range all {
		if on.hold(pontage.DomainRead, u.ClientID) {
			found[u.DomainID] = append(found[u.DomainID], u)
		}
	}
	return found, err
}
