package graph

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/partner"
)

func (q *question) placeOfDomain(d *pontage.Domain) pontage.Place {
	return q.place(string(d.ID), d.CreatedAt, map[pontage.SortKey]string{pontage.SortByName: d.Host}, nil)
}

// domain gives one domain.
func (r *Resolver) domain(ctx context.Context, id pontage.DomainID) (*pontage.Domain, error) {
	return found(r.Partners.Domain(ctx, actor(ctx), id))
}

// domainsByID gives those of several domains that the caller may see.
func (r *Resolver) domainsByID(ctx context.Context, by pontage.Actor, ids []pontage.DomainID) (map[pontage.DomainID]pontage.Domain, error) {
	all, err := r.Partners.DomainsByID(ctx, by, ids)
	seeDomains(exchangeOf(ctx).batches, map[string][]pontage.Domain{"": slices.Collect(maps.Values(all))})
	return all, err
}

// domains reads a page of a client's domains.
func (r *Resolver) domains(ctx context.Context, client pontage.ClientID, q *question, f *model.DomainFilter) ([]pontage.Domain, error) {
	b := exchangeOf(ctx).batches
	if _, err := b.authority(ctx, client, pontage.DomainRead); err != nil {
		return nil, err
	}
	return b.domains.get(ctx, client, q, f, func(ctx context.Context, clients []pontage.ClientID) (map[pontage.ClientID][]pontage.Domain, error) {
		all, err := r.Partners.DomainsOf(ctx, b.seen(), clients, domainFilter(f), q.keyset())
		seeDomains(b, all)
		return all, err
	})
}

// domainsOfSecret reads a page of the domains that a secret is good for.
func (r *Resolver) domainsOfSecret(ctx context.Context, s *pontage.UsedSecret, q *question, f *model.DomainFilter) ([]pontage.Domain, error) {
	b := exchangeOf(ctx).batches
	if _, err := b.authority(ctx, s.ClientID, pontage.DomainRead); err != nil {
		return nil, err
	}
	return b.linkedDomains.get(ctx, s.ID, q, f, func(ctx context.Context, secrets []pontage.SecretID) (map[pontage.SecretID][]pontage.Domain, error) {
		all, err := r.Partners.DomainsOfSecrets(ctx, b.seen(), secrets, domainFilter(f), q.keyset())
		seeDomains(b, all)
		return all, err
	})
}

// domainURLs gives the URLs of a domain.
func (r *Resolver) domainURLs(ctx context.Context, d *pontage.Domain) ([]pontage.DomainURL, error) {
	b := exchangeOf(ctx).batches
	if _, err := b.authority(ctx, d.ClientID, pontage.DomainRead); err != nil {
		return nil, err
	}
	urls, _, err := b.urls.get(ctx, d.ID)
	return urls, err
}

func domainFilter(f *model.DomainFilter) pontage.DomainFilter {
	if f == nil {
		return pontage.DomainFilter{}
	}
	return pontage.DomainFilter{Host: strings.ToLower(orEmpty(f.Host)), Active: f.Active, TestMode: f.TestMode, Primary: f.Primary, Verified: f.Verified}
}

// logoURL is where a domain's logo is seen; empty without one.
func (r *Resolver) logoURL(d *pontage.Domain) string {
	if d.LogoDigest == "" {
		return ""
	}
	return r.PublicURL + partner.LogoPath(d)
}

func (r *Resolver) createDomain(ctx context.Context, in model.CreateDomainInput) (*pontage.Domain, error) {
	asked := partner.DomainInput{ClientID: in.ClientID, Host: in.Host, Primary: in.Primary, Settings: pontage.DomainSettings{
		Name: in.Name, Servers: in.Servers, RedirectURI: orEmpty(in.RedirectURI), FallbackURI: orEmpty(in.FallbackURI), FallbackResponse: in.FallbackResponse,
		AllowLogin: in.AllowLogin, AllowAPI: in.AllowAPI, Active: in.Active, TestMode: in.TestMode,
	}}
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*pontage.Domain, error) {
		return r.Partners.CreateDomain(ctx, by, asked)
	})
}

func (r *Resolver) updateDomain(ctx context.Context, in model.UpdateDomainInput) (*pontage.Domain, error) {
	change := partner.DomainChange{
		Name: given(in.Name), RedirectURI: given(in.RedirectURI), FallbackURI: given(in.FallbackURI), FallbackResponse: given(in.FallbackResponse),
		Servers: servers(in.Servers), AllowLogin: in.AllowLogin, AllowAPI: in.AllowAPI, Active: in.Active, TestMode: in.TestMode, Primary: in.Primary,
	}
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*pontage.Domain, error) {
		return r.Partners.UpdateDomain(ctx, by, in.ID, change)
	})
}

// given is nil for what is left out; null is the empty text.
func given(o graphql.Omittable[*string]) *string {
	text, set := o.ValueOK()
	if !set {
		return nil
	}
	return new(orEmpty(text))
}

func servers(o graphql.Omittable[[]netip.Prefix]) *[]netip.Prefix {
	if list, set := o.ValueOK(); set {
		return &list
	}
	return nil
}
