package partner

import (
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// CreateRole makes a role of a client's own. Needs RoleWrite; InvalidInput at the field, Conflict at "/key" where it is taken, Forbidden
// for a role that by's own does not cover, PlanLimit.
func (s *Service) CreateRole(ctx context.Context, by pontage.Actor, client pontage.ClientID, in RoleInput) (role *pontage.Role, err error) {
	if !roleKey.MatchString(in.Key) {
		return nil, pontage.E(pontage.InvalidInput, "A key is 1 to 64 lower-case letters, digits, dashes or underscores.").At("/key")
	}
	if err := checkRole(&in); err != nil {
		return nil, err
	}
	if err := s.checkFuture(in.ExpiresAt); err != nil {
		return nil, err
	}
	taken := pontage.E(pontage.Conflict, "The client has a role with this key.").At("/key")
	if slices.ContainsFunc(pontage.BuiltInRoles(), func(r pontage.Role) bool { return r.Key == in.Key }) {
		return nil, taken
	}
	err = s.change(ctx, by, client, pontage.RoleWrite, func(tx pontage.Tx, a *pontage.Authority) (any, error) {
		now := s.clock.Now()
		role = &pontage.Role{ID: pontage.NewRoleID(now), ClientID: client, CreatedAt: now}
		s.fill(role, in)
		if err := a.Covers(*role); err != nil {
			return nil, err
		}
		if err := s.room(ctx, tx, by, a.Client.AccountID, rolesOf(client)); err != nil {
			return nil, err
		}
		if err := tx.InsertRole(ctx, *role); pontage.CodeOf(err) == pontage.Conflict {
			return nil, taken
		} else if err != nil {
			return nil, err
		}
		return role, s.note(ctx, tx, by, &a.Client, "role.create", string(role.ID), nil, roleFields(role))
	})
	if err != nil {
		return nil, err
	}
	return role, nil
}

// UpdateRole changes what is given of an own role; its key stays. Needs RoleWrite; it fails as CreateRole does, and with Forbidden for built-in roles
// and for those above by's own.
func (s *Service) UpdateRole(ctx context.Context, by pontage.Actor, id pontage.RoleID, change RoleUpdate) (role *pontage.Role, err error) {
	if change.ExpiresAt != nil {
		if err := s.checkFuture(*change.ExpiresAt); err != nil {
			return nil, err
		}
	}
	err = s.changeRole(ctx, by, id, func(tx pontage.Tx, a *pontage.Authority, r *pontage.Role) (any, error) {
		role = r
		before, in := roleFields(r), change.of(r)
		if err := checkRole(&in); err != nil {
			return nil, err
		}
		s.fill(r, in)
		if err := a.Covers(*r); err != nil {
			return nil, err
		}
		if err := tx.UpdateRole(ctx, *r); err != nil {
			return nil, err
		}
		return r, s.note(ctx, tx, by, &a.Client, "role.update", string(id), before, roleFields(r))
	})
	if err != nil {
		return nil, err
	}
	return role, nil
}

// DeleteRole deletes an own role that nobody has. Needs RoleWrite; Conflict while somebody has it, Forbidden as UpdateRole.
func (s *Service) DeleteRole(ctx context.Context, by pontage.Actor, id pontage.RoleID) error {
	return s.changeRole(ctx, by, id, func(tx pontage.Tx, a *pontage.Authority, r *pontage.Role) (any, error) {
		n, err := tx.CountHolders(ctx, id)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			return nil, pontage.E(pontage.Conflict, "%d member(s) have this role. Give them another one first.", n)
		}
		if err := tx.DeleteRole(ctx, id); err != nil {
			return nil, err
		}
		return r, s.note(ctx, tx, by, &a.Client, "role.delete", string(id), roleFields(r), nil)
	})
}

// changeRole is change for an own role that by's own reaches.
func (s *Service) changeRole(ctx context.Context, by pontage.Actor, id pontage.RoleID, do func(pontage.Tx, *pontage.Authority, *pontage.Role) (any, error)) error {
	if built, ok := pontage.BuiltInRole(id); ok {
		return pontage.E(pontage.Forbidden, "The role %q is built in and stays as it is.", built.Name)
	}
	return s.once(ctx, by, func(tx pontage.Tx) (any, error) {
		role, err := tx.Role(ctx, id)
		if err != nil {
			return nil, hidden(err)
		}
		a, err := s.lock(ctx, tx, by, role.ClientID, pontage.RoleWrite)
		if err != nil {
			return nil, err
		}
		if role, err = tx.Role(ctx, id); err != nil {
			return nil, hidden(err)
		}
		if err := a.Reaches(*role); err != nil {
			return nil, err
		}
		return do(tx, a, role)
	})
}
