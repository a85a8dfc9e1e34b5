package partner

import (
	"context"
	"slices"
	"strconv"

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
	ScopeEnabled  ScopeState = "enabled"  // tokens of the client may carry it
	ScopeOff      ScopeState = "off"      // the client could enable it
	ScopeRefusing ScopeState = "refusing" // the account cannot have it; see Reason
)

// ClientScope is a scope of the catalogue, with price, allowance and rate, as one client sees it.
type ClientScope struct {
	Scope *pontage.Scope
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
	offered, err := s.offered(ctx, a.Client.AccountID)
	if err != nil {
		return nil, err
	}
	access, err := s.scopes.Access(ctx, a.Client.AccountID)
	if err != nil {
		return nil, err
	}
	chosen, err := s.store.ClientScopes(ctx, client)
	if err != nil {
		return nil, err
	}
	within := map[pontage.ScopeID]bool{}
	for _, id := range pontage.WithinClient(chosen, open(offered)) {
		within[id] = true
	}
	all := make([]ClientScope, len(offered))
	for i, o := range offered {
		all[i] = seen(o, within[o.Scope.ID], access)
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

func seen(o OfferedScope, within bool, access pontage.AccountAccess) ClientScope {
	c := ClientScope{Scope: o.Scope, State: ScopeOff, Requirements: make(map[string]bool, len(o.Scope.Requirements))}
	switch {
	case !o.Open:
		c.State, c.Reason = ScopeRefusing, reason(o.Scope)
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

// SetScope enables or disables a scope for a client: its next tokens, updates and rotations are bound by it. The first choice makes the
// list: a client that enables one has that one alone; one that disables one keeps whatever else is open. Needs ScopeWrite; NotFound for an
// unknown scope, ScopeDisabled, with the reason, for one that the account cannot have.
func (s *Service) SetScope(ctx context.Context, by pontage.Actor, client pontage.ClientID, id pontage.ScopeID, enabled bool) error {
	a, err := s.may(ctx, s.store, by, client, pontage.ScopeWrite)
	if err != nil {
		return err
	}
	offered, err := s.offered(ctx, a.Client.AccountID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(offered, func(o OfferedScope) bool { return o.Scope.ID == id })
	if i < 0 {
		return errNotFound
	}
	scope := offered[i]
	if enabled && !scope.Open {
		return pontage.E(pontage.ScopeDisabled, "The scope %s cannot be enabled. %s", scope.Scope.Name, reason(scope.Scope))
	}
	return s.change(ctx, by, client, pontage.ScopeWrite, func(tx pontage.Tx, a *pontage.Authority) (any, error) {
		before, err := tx.ClientScopes(ctx, client)
		if err != nil {
			return nil, err
		}
		now := s.clock.Now()
		chosen := []pontage.ClientScope{{ClientID: client, ScopeID: id, Enabled: enabled, UpdatedAt: now}}
		if len(before) == 0 && !enabled {
			for _, other := range open(offered) {
				if other != id {
					chosen = append(chosen, pontage.ClientScope{ClientID: client, ScopeID: other, Enabled: true, UpdatedAt: now})
				}
			}
		}
		if err := tx.PutClientScopes(ctx, chosen); err != nil {
			return nil, err
		}
		return chosen[0], s.note(ctx, tx, by, &a.Client, "client_scope.set", string(id), nil,
			pontage.AuditFields{"scope": scope.Scope.Name, "enabled": strconv.FormatBool(enabled), "first": strconv.FormatBool(len(before) == 0)})
	})
}
