package partner

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
)

// claimField is what a request names its domain in.
const claimField = "X-Client-Domain"

// ClientDomain says from which of its domains a proved client asks: the one it names, or where it names none the only one its secret is good
// for. What is named must be allowed, and Forbidden says why it is not. What is not named never keeps anybody out: it counts where it would be
// allowed, and else there is no domain.
func (s *Service) ClientDomain(ctx context.Context, by pontage.Actor, claim pontage.DomainClaim) (pontage.DomainID, error) {
	if claim.Name == "" {
		return s.onlyDomain(ctx, by, claim)
	}
	d, err := s.claimedDomain(ctx, by, claim.Name)
	if err != nil {
		return "", err
	}
	return d.ID, mayClaim(d, claim)
}

func (s *Service) onlyDomain(ctx context.Context, by pontage.Actor, claim pontage.DomainClaim) (pontage.DomainID, error) {
	linked, err := s.linked.Get(by.SecretID, func() ([]pontage.LinkedDomain, error) {
		return s.store.DomainsOfSecrets(ctx, []pontage.SecretID{by.SecretID}, pontage.DomainFilter{}, pontage.Keyset{Limit: 2})
	})
	if err != nil || len(linked) != 1 || mayClaim(&linked[0].Domain, claim) != nil {
		return "", err
	}
	return linked[0].ID, nil
}

// claimedDomain finds a domain of the client by its id or host, which the secret must be good for. Others and unknown ones are the same.
func (s *Service) claimedDomain(ctx context.Context, by pontage.Actor, name string) (*pontage.Domain, error) {
	d, err := s.domainByName(ctx, by.ClientID, name)
	if pontage.CodeOf(err) == pontage.NotFound || err == nil && d.ClientID != by.ClientID {
		return nil, errNotLinked
	}
	if err != nil {
		return nil, err
	}
	links, err := s.store.SecretDomains(ctx, []pontage.SecretID{by.SecretID}, nil)
	for _, l := range links {
		if l.DomainID == d.ID {
			return d, err
		}
	}
	if err != nil {
		return nil, err
	}
	return nil, errNotLinked
}

func (s *Service) domainByName(ctx context.Context, client pontage.ClientID, name string) (*pontage.Domain, error) {
	if strings.HasPrefix(name, domainPrefix) {
		return s.store.Domain(ctx, pontage.DomainID(name))
	}
	host, err := ParseHost(name)
	if err != nil {
		return nil, errNotLinked
	}
	return s.store.DomainByHost(ctx, client, host)
}

const domainPrefix = "dom_"

var (
	errNotLinked   = pontage.E(pontage.Forbidden, "This secret is not linked to the domain.").At(claimField)
	errInactive    = pontage.E(pontage.Forbidden, "The domain is not active.").At(claimField)
	errNoAPI       = pontage.E(pontage.Forbidden, "The domain may not call APIs.").At(claimField)
	errOtherServer = pontage.E(pontage.Forbidden, "This address is none of the domain's servers.").At(claimField)
	errPlainHTTP   = pontage.E(pontage.Forbidden, "A domain that is not for tests is used over HTTPS only.").At(claimField)
)

// mayClaim says why a request may not come from a domain, nil where it may.
func mayClaim(d *pontage.Domain, claim pontage.DomainClaim) error {
	switch {
	case !d.Active:
		return errInactive
	case !d.AllowAPI:
		return errNoAPI
	case len(d.Servers) > 0 && !pontage.Contains(d.Servers, claim.Address):
		return errOtherServer
	case !d.TestMode && !claim.Secure:
		return errPlainHTTP
	}
	return nil
}
