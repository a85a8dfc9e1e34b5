package partner

import (
	"context"
	"slices"
	"strconv"

	"github.com/pontage/pontage"
)

// SetScope enables or disables a scope for a client: its next tokens, updates and rotations are bound by it. The first choice makes the
// list: a client that enables one has that one alone; one that disables one keeps whatever else is open. Needs ScopeWrite; NotFound for an
// unknown scope, ScopeDisabled, with the reason, for one that the account cannot have.
func (s *Service) SetScope(ctx context.Context, by pontage.Actor, client pontage.ClientID, id pontage.ScopeID, enabled bool) (*ClientScope, error) {
	a, err := s.may(ctx, s.store, by, client, pontage.ScopeWrite)
	if err != nil {
		return nil, err
	}
	offered, err := s.offered(ctx, a.Client.AccountID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(offered, func(o OfferedScope) bool { return o.Scope.ID == id })
	if i < 0 {
		return nil, errNotFound
	}
	access, err := s.scopes.Access(ctx, a.Client.AccountID)
	if err != nil {
		return nil, err
	}
	scope := offered[i]
	if enabled && !scope.Open {
		return nil, pontage.E(pontage.ScopeDisabled, "The scope %s cannot be enabled. %s", scope.Scope.Name, reason(scope.Scope))
	}
	is := seen(&a.Client, scope, enabled, access)
	err = s.change(ctx, by, client, pontage.ScopeWrite, func(tx pontage.Tx, a *pontage.Authority) (any, error) {
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
		was := scope.Open && len(pontage.WithinClient(before, []pontage.ScopeID{id})) == 1
		return is, s.note(ctx, tx, by, &a.Client, "client_scope.set", string(id), choiceFields(scope.Scope, was, len(before) > 0), choiceFields(scope.Scope, enabled, true))
	})
	s.changed()
	if err != nil {
		return nil, err
	}
	return &is, nil
}

// choiceFields are what the audit log says of a scope of a client; chosen says whether the client chose any.
func choiceFields(scope *pontage.Scope, enabled, chosen bool) pontage.AuditFields {
	return pontage.AuditFields{"scope": scope.Name, "enabled": strconv.FormatBool(enabled), "chosen": strconv.FormatBool(chosen)}
}
