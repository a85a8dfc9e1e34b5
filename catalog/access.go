package catalog

import (
	"context"
	"slices"
	"sync"

	"github.com/pontage/pontage"
)

// maxAccess bounds how many accounts a snapshot remembers; beyond, it starts again.
const maxAccess = 10000

// AccountScope is a scope as one account sees it.
type AccountScope struct {
	// Scope belongs to the catalogue and must not be changed.
	Scope *pontage.Scope
	// Enabled says whether the account can have it in a token now: it is in the document, has a price or is the platform's, and is
	// open or granted.
	Enabled bool
}

// accessCache remembers what accounts may; it lives and dies with its snapshot, so a grant, which raises the catalogue's version,
// empties it.
type accessCache struct {
	mu   sync.RWMutex
	seen map[pontage.AccountID]pontage.AccountAccess
}

func (c *accessCache) get(id pontage.AccountID) (pontage.AccountAccess, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	a, ok := c.seen[id]
	return a, ok
}

func (c *accessCache) put(id pontage.AccountID, a pontage.AccountAccess) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil || len(c.seen) >= maxAccess {
		c.seen = map[pontage.AccountID]pontage.AccountAccess{}
	}
	c.seen[id] = a
}

// Access gives what the account may beyond the default. It is remembered until the catalogue changes; the slices must not be
// changed.
func (s *Service) Access(ctx context.Context, account pontage.AccountID) (pontage.AccountAccess, error) {
	return s.accessOf(ctx, s.current.Load(), account)
}

func (s *Service) accessOf(ctx context.Context, snap *snapshot, account pontage.AccountID) (pontage.AccountAccess, error) {
	if a, ok := snap.access.get(account); ok {
		return a, nil
	}
	read, err := s.Store.AccountAccess(ctx, account)
	if err != nil && pontage.CodeOf(err) != pontage.NotFound {
		return pontage.AccountAccess{}, err
	}
	var a pontage.AccountAccess
	if read != nil {
		a = *read
	}
	snap.access.put(account, a)
	return a, nil
}

// enabledFor is rule R11 and R12 for one scope.
func (s *snapshot) enabledFor(sc *pontage.Scope, access pontage.AccountAccess) bool {
	api := s.apiByID[sc.APIID]
	return sc.Enabled && api.Enabled && (sc.Price != nil || api.Platform) &&
		(!sc.Restricted || slices.Contains(access.Scopes, sc.ID))
}

// Scopes lists every scope of the catalogue by name, and whether it is enabled for the account.
func (s *Service) Scopes(ctx context.Context, account pontage.AccountID) ([]AccountScope, error) {
	snap := s.current.Load()
	access, err := s.accessOf(ctx, snap, account)
	if err != nil {
		return nil, err
	}
	all := make([]AccountScope, len(snap.scopes))
	for i, sc := range snap.scopes {
		all[i] = AccountScope{Scope: sc, Enabled: snap.enabledFor(sc, access)}
	}
	return all, nil
}

// Scope gives one scope as the account sees it, and for each of its requirements whether the account fulfils it. NotFound where
// there is no such scope.
func (s *Service) Scope(ctx context.Context, account pontage.AccountID, id pontage.ScopeID) (*AccountScope, map[string]bool, error) {
	snap := s.current.Load()
	sc := snap.scopeByID[id]
	if sc == nil {
		return nil, nil, pontage.E(pontage.NotFound, "There is no such scope.")
	}
	access, err := s.accessOf(ctx, snap, account)
	if err != nil {
		return nil, nil, err
	}
	requirements := make(map[string]bool, len(sc.Requirements))
	for _, name := range sc.Requirements {
		requirements[name] = slices.Contains(access.Requirements, name)
	}
	return &AccountScope{Scope: sc, Enabled: snap.enabledFor(sc, access)}, requirements, nil
}

// GrantScope opens a restricted scope to the account. The operator alone may (Forbidden); NotFound for an unknown account or
// scope. It holds on this instance when it returns, on others within a second.
func (s *Service) GrantScope(ctx context.Context, by pontage.Actor, account pontage.AccountID, id pontage.ScopeID) error {
	return s.changeAccess(ctx, by, account, func(a *pontage.AccountAccess, all *pontage.Catalog) error {
		if !slices.ContainsFunc(all.Scopes, func(sc pontage.Scope) bool { return sc.ID == id }) {
			return pontage.E(pontage.NotFound, "There is no such scope.")
		}
		a.Scopes = addOnce(a.Scopes, id)
		return nil
	})
}

// FulfilRequirement notes that the account has fulfilled what scopes may require. The operator alone may (Forbidden);
// InvalidInput for a name no price file could hold; NotFound for an unknown account. It holds as GrantScope does.
func (s *Service) FulfilRequirement(ctx context.Context, by pontage.Actor, account pontage.AccountID, name string) error {
	if !validRequirement(name) {
		return pontage.E(pontage.InvalidInput, "A requirement is 1 to 64 letters, digits, dots, dashes or underscores.").At("/requirement")
	}
	return s.changeAccess(ctx, by, account, func(a *pontage.AccountAccess, _ *pontage.Catalog) error {
		a.Requirements = addOnce(a.Requirements, name)
		return nil
	})
}

// changeAccess is one unit: the account's access and the version that empties the caches.
func (s *Service) changeAccess(ctx context.Context, by pontage.Actor, account pontage.AccountID,
	change func(*pontage.AccountAccess, *pontage.Catalog) error) error {
	if err := operatorOnly(by); err != nil {
		return err
	}
	err := s.Store.Write(ctx, func(tx pontage.Tx) error {
		// The version's row is written first: whoever changes the catalogue waits here, and then reads what the other left.
		if err := tx.BumpCatalogVersion(ctx); err != nil {
			return err
		}
		all, err := tx.Catalog(ctx)
		if err != nil {
			return err
		}
		if _, err := tx.Account(ctx, account); err != nil {
			return err
		}
		access, err := tx.AccountAccess(ctx, account)
		if err != nil && pontage.CodeOf(err) != pontage.NotFound {
			return err
		}
		var changed pontage.AccountAccess
		if access != nil {
			changed = *access
		}
		if err := change(&changed, all); err != nil {
			return err
		}
		return tx.SetAccountAccess(ctx, account, changed)
	})
	if err != nil {
		return err
	}
	return s.Refresh(ctx)
}

// operatorOnly refuses everybody else.
func operatorOnly(by pontage.Actor) error {
	if by.Kind != pontage.ActorOperator {
		return pontage.E(pontage.Forbidden, "Only the operator may change the catalogue.")
	}
	return nil
}

// addOnce gives a new slice with value in it once.
func addOnce[T comparable](list []T, value T) []T {
	if slices.Contains(list, value) {
		return list
	}
	return append(slices.Clone(list), value)
}

// validRequirement says whether name may stand for a requirement.
func validRequirement(name string) bool {
	for _, c := range []byte(name) {
		if !isAlphanumeric(c) && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return name != "" && len(name) <= 64
}
