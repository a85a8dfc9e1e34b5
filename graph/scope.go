package graph

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/graph/model"
)

// placeOfScope is where a scope stands: by its name, or by its price and then its name.
func placeOfScope(o model.ClientScopeOrder) func(*pontage.Scope) pontage.Place {
	if o == model.NameAscending || o == model.NameDescending {
		return func(s *pontage.Scope) pontage.Place { return pontage.Place{ID: s.Name} }
	}
	return func(s *pontage.Scope) pontage.Place {
		price := int64(-1)
		if s.Price != nil {
			price = int64(*s.Price)
		}
		return pontage.Place{At: time.UnixMicro(price).UTC(), ID: s.Name}
	}
}

// sortedBy is what chooses a list of scopes beside direction and filter.
func sortedBy(o model.ClientScopeOrder) []any {
	if o == model.PriceAscending || o == model.PriceDescending {
		return []any{"price"}
	}
	return nil
}

// scopes gives the catalogue as the account sees it.
func (r *Resolver) scopes(ctx context.Context) ([]model.Scope, error) {
	account := actor(ctx).AccountID
	access, err := r.Catalog.Access(ctx, account)
	if err != nil {
		return nil, err
	}
	seen, err := r.Catalog.Scopes(ctx, account)
	all := make([]model.Scope, len(seen))
	for i := range seen {
		all[i] = r.scopeOf(account, &seen[i], func(name string) bool { return slices.Contains(access.Requirements, name) })
	}
	return all, err
}

// scopePage gives a page of them.
func (r *Resolver) scopePage(ctx context.Context, q *question, place func(*model.Scope) pontage.Place, f *model.ScopeFilter) ([]model.Scope, error) {
	all, err := r.scopes(ctx)
	page := window(q, all, scopeFits(f), place)
	for i := range page {
		exchangeOf(ctx).batches.freeCalls.expect(page[i].Allowed())
	}
	return page, err
}

// scope gives one scope.
func (r *Resolver) scope(ctx context.Context, id pontage.ScopeID) (*model.Scope, error) {
	account := actor(ctx).AccountID
	seen, fulfilled, err := r.Catalog.Scope(ctx, account, id)
	if err != nil {
		return found[model.Scope](nil, err)
	}
	s := r.scopeOf(account, seen, func(name string) bool { return fulfilled[name] })
	return &s, nil
}

// nameOfScope gives the name behind an id, the id itself where the catalogue has lost it.
func (r *Resolver) nameOfScope(id pontage.ScopeID) *string {
	if s, ok := r.Catalog.ScopeByID(id); ok {
		return &s.Name
	}
	return orNull(string(id))
}

// relatedScope is null where the catalogue has lost the scope.
func (r *Resolver) relatedScope(ctx context.Context, id pontage.ScopeID) (*model.Scope, error) {
	s, err := r.scope(ctx, id)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, nil
	}
	return s, err
}

func (r *Resolver) scopeOf(account pontage.AccountID, seen *catalog.AccountScope, fulfilled func(name string) bool) model.Scope {
	s := model.Scope{Scope: seen.Scope, AccountID: account, Enabled: seen.Enabled, RatePerMinute: seen.Scope.RatePerMinute}
	if s.RatePerMinute <= 0 {
		s.RatePerMinute = r.RatePerMinute
	}
	for _, name := range slices.Sorted(maps.Keys(seen.Scope.Offers)) {
		s.Offers = append(s.Offers, model.Offer{Name: name, Price: seen.Scope.Offers[name]})
	}
	for _, name := range seen.Scope.Requirements {
		s.Requirements = append(s.Requirements, model.Requirement{Name: name, Fulfilled: fulfilled(name)})
	}
	return s
}

func scopeFits(f *model.ScopeFilter) func(*model.Scope) bool {
	return func(s *model.Scope) bool {
		return f == nil || (f.Host == nil || *f.Host == s.Host) && (f.Enabled == nil || *f.Enabled == s.Enabled)
	}
}

// filtered gives the scopes a filter names; nil is all.
func (r *Resolver) filtered(f *model.LogFilter) ([]pontage.ScopeID, error) {
	if f == nil || f.Scopes == nil {
		return nil, nil
	}
	return r.Catalog.ScopeIDs(f.Scopes)
}
