package partner

import (
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// OfferedScope is a scope of the catalogue as an account sees it.
type OfferedScope struct {
	// Scope belongs to the catalogue and must not be changed.
	Scope *pontage.Scope
	// Open says whether the account can have it in a token now.
	Open bool
}

// ScopeCatalog is what clients need of the catalogue; it answers from memory.
type ScopeCatalog interface {
	// Offered lists every scope by name.
	Offered(ctx context.Context, account pontage.AccountID) ([]OfferedScope, error)
	Access(ctx context.Context, account pontage.AccountID) (pontage.AccountAccess, error)
}

// ScopeState says where a scope stands for a client.
type ScopeState string

// The states.
const (
	ScopeEnabled ScopeState = "enabled"  // tokens of the client may carry it
	ScopeOff     ScopeState = "disabled" // the client could enable it
	ScopeRefused ScopeState = "refused"  // the account cannot have it; see Reason
)

// ClientScope is a scope of the catalogue, with price, allowance and rate, as one client sees it.
type ClientScope struct {
	ClientID pontage.ClientID
	// AccountID is the client's account, which pays and whose requirements and free calls count.
	AccountID pontage.AccountID
	Scope     *pontage.Scope
	// Open says whether the client's account can have it in a token now.
	Open  bool
	State ScopeState
	// Reason tells why the account cannot have it.
	Reason string
	// Requirements says for each of the scope's whether the account fulfils it.
	Requirements map[string]bool
}

// Scopes lists the catalogue by name as a client sees it. A client that chose nothing has everything its account may have. Needs ScopeRead.
func (s *Service) Scopes(ctx context.Context, by pontage.Actor, client pontage.ClientID) ([]ClientScope, error) {
	a, err := s.may(ctx, s.store, by, client, pontage.ScopeRead)
	if err != nil {
		return nil, err
	}
	all, err := s.ScopesOf(ctx, Authorities{client: a}, []pontage.ClientID{client})
	return all[client], err
}

// ScopesOf is Scopes for several clients, in one read. Clients on which ScopeRead is not held have none.
func (s *Service) ScopesOf(ctx context.Context, on Authorities, clients []pontage.ClientID) (map[pontage.ClientID][]ClientScope, error) {
	clients = on.holding(pontage.ScopeRead, clients)
	choices, err := s.store.ClientScopes(ctx, clients...)
	if err != nil {
		return nil, err
	}
	chosen := grouped(choices, func(c *pontage.ClientScope) pontage.ClientID { return c.ClientID })
	all := make(map[pontage.ClientID][]ClientScope, len(clients))
	for _, id := range clients {
		if all[id], err = s.scopesOf(ctx, &on[id].Client, chosen[id]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s *Service) scopesOf(ctx context.Context, client *pontage.Client, chosen []pontage.ClientScope) ([]ClientScope, error) {
	offered, err := s.offered(ctx, client.AccountID)
	if err != nil {
		return nil, err
	}
	access, err := s.scopes.Access(ctx, client.AccountID)
	if err != nil {
		return nil, err
	}
	within := map[pontage.ScopeID]bool{}
	for _, id := range pontage.WithinClient(chosen, open(offered)) {
		within[id] = true
	}
	all := make([]ClientScope, len(offered))
	for i, o := range offered {
		all[i] = seen(client, o, within[o.Scope.ID], access)
	}
	return all, nil
}

func (s *Service) offered(ctx context.Context, account pontage.AccountID) ([]OfferedScope, error) {
	if s.scopes == nil {
		return nil, pontage.E(pontage.Unavailable, "There is no catalogue.")
	}
	return s.scopes.Offered(ctx, account)
}

// open gives the ids of what the account can have.
func open(offered []OfferedScope) (ids []pontage.ScopeID) {
	for _, o := range offered {
		if o.Open {
			ids = append(ids, o.Scope.ID)
		}
	}
	return ids
}

func seen(client *pontage.Client, o OfferedScope, within bool, access pontage.AccountAccess) ClientScope {
	c := ClientScope{ClientID: client.ID, AccountID: client.AccountID, Scope: o.Scope, Open: o.Open, State: ScopeOff}
	if len(o.Scope.Requirements) > 0 {
		c.Requirements = make(map[string]bool, len(o.Scope.Requirements))
	}
	switch {
	case !o.Open:
		c.State, c.Reason = ScopeRefused, reason(o.Scope)
	case within:
		c.State = ScopeEnabled
	}
	for _, name := range o.Scope.Requirements {
		c.Requirements[name] = slices.Contains(access.Requirements, name)
	}
	return c
}

// reason says why an account cannot have a scope.
func reason(scope *pontage.Scope) string {
	switch {
	case !scope.Enabled:
		return "The API does not offer it any more."
	case scope.Restricted:
		return "It is restricted: it must be granted to your account first."
	case scope.Price == nil:
		return "It has no price and cannot be used."
	}
	return "The API is not available."
}
