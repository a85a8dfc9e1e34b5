package partner

import (
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// RoleFilter says which roles of a client a list shows; nil fields do not narrow it.
type RoleFilter struct {
	// BuiltIn keeps the roles that every client has, or the client's own alone.
	BuiltIn *bool
	// Active keeps the roles that give something, or those that ended alone.
	Active *bool
}

// Roles lists a client's roles by their Place: its own, newest first, and the built-in ones behind them. Needs RoleRead.
func (s *Service) Roles(ctx context.Context, by pontage.Actor, client pontage.ClientID, f RoleFilter, page pontage.Keyset) (roles []pontage.Role, err error) {
	if _, err := s.may(ctx, s.store, by, client, pontage.RoleRead); err != nil {
		return nil, err
	}
	if f.BuiltIn == nil || !*f.BuiltIn {
		roles, err = s.store.Roles(ctx, pontage.RoleQuery{ClientID: client, Active: f.Active, Now: s.clock.Now(), Page: page})
	}
	if err != nil || f.BuiltIn != nil && !*f.BuiltIn || f.Active != nil && !*f.Active {
		return roles, err
	}
	return withBuiltIn(roles, page), nil
}

// withBuiltIn sorts the built-in roles of a page into it.
func withBuiltIn(own []pontage.Role, page pontage.Keyset) []pontage.Role {
	order := pontage.Page{After: pontage.Place(page.After), OldestFirst: page.OldestFirst}
	roles := own
	for _, r := range pontage.BuiltInRoles() {
		if order.Holds(r.Place()) {
			roles = append(roles, r)
		}
	}
	slices.SortFunc(roles, func(a, b pontage.Role) int { return order.Compare(a.Place(), b.Place()) })
	return roles[:min(len(roles), page.Limit)]
}

// Role gives one role: a built-in one to everybody, a client's own to who has RoleRead there. NotFound for those of others.
func (s *Service) Role(ctx context.Context, by pontage.Actor, id pontage.RoleID) (*pontage.Role, error) {
	role, err := s.store.Role(ctx, id)
	if err != nil {
		return nil, hidden(err)
	}
	if role.ClientID == "" {
		return role, nil
	}
	if _, err := s.may(ctx, s.store, by, role.ClientID, pontage.RoleRead); err != nil {
		return nil, err
	}
	return role, nil
}
