package graph

import (
	"context"
	"slices"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/partner"
)

// placeOfClientScope is placeOfScope for a client's.
func placeOfClientScope(o model.ClientScopeOrder) func(*model.ClientScope) pontage.Place {
	place := placeOfScope(o)
	return func(c *model.ClientScope) pontage.Place { return place(c.Scope.Scope) }
}

// clientScopes cuts a page out of the catalogue as a client sees it.
func (r *Resolver) clientScopes(ctx context.Context, client pontage.ClientID, q *question, order model.ClientScopeOrder, f *model.ClientScopeFilter) ([]model.ClientScope, error) {
	b := exchangeOf(ctx).batches
	if _, err := b.authority(ctx, client, pontage.ScopeRead); err != nil {
		return nil, err
	}
	all, _, err := b.scopes.get(ctx, client)
	place := placeOfScope(order)
	var page []model.ClientScope
	for _, c := range window(q, slices.Clone(all), clientScopeFits(f), func(c *partner.ClientScope) pontage.Place { return place(c.Scope) }) {
		page = append(page, r.clientScopeOf(ctx, &c))
	}
	return page, err
}

// clientScopesByID finds them by their ids: as a client sees its catalogue, for all clients at once.
func (r *Resolver) clientScopesByID(ctx context.Context, ids []string) (map[string]model.Node, error) {
	b := exchangeOf(ctx).batches
	for _, id := range ids {
		client, _ := model.ParseClientScopeID(id)
		b.authorities.expect(client)
		b.scopes.expect(client)
	}
	found := map[string]model.Node{}
	for _, id := range ids {
		client, scope := model.ParseClientScopeID(id)
		if _, _, err := b.authorities.get(ctx, client); err != nil {
			return nil, err
		}
		all, _, err := b.scopes.get(ctx, client)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(c partner.ClientScope) bool { return c.Scope.ID == scope })
		if i >= 0 && model.ClientScopeID(client, scope) == id {
			found[id] = new(r.clientScopeOf(ctx, &all[i]))
		}
	}
	return found, nil
}

// clientScopeOf also expects that somebody asks what is free of it, so that the scopes of a list or of many ids are one read.
func (r *Resolver) clientScopeOf(ctx context.Context, c *partner.ClientScope) model.ClientScope {
	exchangeOf(ctx).batches.freeCalls.expect(pontage.AllowanceKey{AccountID: c.AccountID, ScopeID: c.Scope.ID})
	seen := catalog.AccountScope{Scope: c.Scope, Enabled: c.Open}
	return model.ClientScope{ID: model.ClientScopeID(c.ClientID, c.Scope.ID), State: c.State, Reason: orNull(c.Reason),
		Scope: r.scopeOf(c.AccountID, &seen, func(name string) bool { return c.Requirements[name] })}
}

func clientScopeFits(f *model.ClientScopeFilter) func(*partner.ClientScope) bool {
	if f == nil {
		f = &model.ClientScopeFilter{}
	}
	name := strings.ToLower(orEmpty(f.Name))
	return func(c *partner.ClientScope) bool {
		return (f.State == nil || *f.State == c.State) && (f.Host == nil || *f.Host == c.Scope.Host) && strings.Contains(strings.ToLower(c.Scope.Name), name)
	}
}

func (r *Resolver) setClientScope(ctx context.Context, in model.EnableClientScopeInput, enabled bool) (model.ClientScope, error) {
	c, err := repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*partner.ClientScope, error) {
		return r.Partners.SetScope(ctx, by, in.ClientID, in.ScopeID, enabled)
	})
	if err != nil {
		return model.ClientScope{}, err
	}
	return r.clientScopeOf(ctx, c), nil
}

// timely is the order of a list of scopes in terms of lists by time.
func timely(o model.ClientScopeOrder) model.Order {
	if o == model.NameDescending || o == model.PriceDescending {
		return model.NewestFirst
	}
	return model.OldestFirst
}
