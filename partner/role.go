package partner

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// RoleInput says what an own role is to be.
type RoleInput struct {
	pontage.RoleFields
	// ExpiresAt is zero for a role that does not end; otherwise it lies in the future. A disabled role gives nothing.
	ExpiresAt time.Time
	Disabled  bool
}

var roleKey = regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)

// check gives the first thing wrong, and the permissions sorted and each once.
func (s *Service) checkRole(in *RoleInput) error {
	if err := checkName(in.Name); err != nil {
		return err
	}
	for field, text := range map[string]string{"/description": in.Description, "/group": in.Group} {
		if err := pontage.CheckText(text, field); err != nil {
			return err
		}
	}
	in.Permissions = slices.Clone(in.Permissions)
	slices.Sort(in.Permissions)
	in.Permissions = slices.Compact(in.Permissions)
	for _, p := range in.Permissions {
		if !p.Valid() {
			return pontage.E(pontage.InvalidInput, "There is no such permission.").At("/permissions")
		}
	}
	if in.Level < 0 || in.Level >= pontage.MaxLevel {
		return pontage.E(pontage.InvalidInput, "A level lies between 0 and %d.", pontage.MaxLevel-1).At("/level")
	}
	return s.checkFuture(in.ExpiresAt)
}

// CreateRole makes a role of a client's own. Needs RoleWrite; InvalidInput at the field, Conflict at "/key" where it is taken, Forbidden
// for a role that by's own does not cover, PlanLimit.
func (s *Service) CreateRole(ctx context.Context, by pontage.Actor, client pontage.ClientID, in RoleInput) (role *pontage.Role, err error) {
	if !roleKey.MatchString(in.Key) {
		return nil, pontage.E(pontage.InvalidInput, "A key is 1 to 64 lower-case letters, digits, dashes or underscores.").At("/key")
	}
	if err := s.checkRole(&in); err != nil {
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

// fill writes an input into a role; the key is given once.
func (s *Service) fill(role *pontage.Role, in RoleInput) {
	now, key := s.clock.Now(), role.Key
	role.RoleFields, role.UpdatedAt, role.ExpiresAt = in.RoleFields, now, in.ExpiresAt
	if key != "" {
		role.Key = key
	}
	switch {
	case !in.Disabled:
		role.DisabledAt = time.Time{}
	case role.DisabledAt.IsZero():
		role.DisabledAt = now
	}
}

// roleFields are what the audit log says of a role.
func roleFields(r *pontage.Role) pontage.AuditFields {
	permissions := make([]string, len(r.Permissions))
	for i, p := range r.Permissions {
		permissions[i] = string(p)
	}
	return pontage.AuditFields{"key": r.Key, "name": r.Name, "level": strconv.Itoa(r.Level), "permissions": strings.Join(permissions, " "),
		"expiresAt": moment(r.ExpiresAt), "disabled": strconv.FormatBool(!r.DisabledAt.IsZero())}
}

// UpdateRole changes all of an own role but its key. Needs RoleWrite; it fails as CreateRole does, and with Forbidden for built-in roles
// and for those above by's own.
func (s *Service) UpdateRole(ctx context.Context, by pontage.Actor, id pontage.RoleID, in RoleInput) (role *pontage.Role, err error) {
	if err := s.checkRole(&in); err != nil {
		return nil, err
	}
	err = s.changeRole(ctx, by, id, func(tx pontage.Tx, a *pontage.Authority, r *pontage.Role) (any, error) {
		role = r
		before := roleFields(r)
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

// Roles lists a client's own roles, newest first; pontage.BuiltInRoles are there besides. Needs RoleRead.
func (s *Service) Roles(ctx context.Context, by pontage.Actor, client pontage.ClientID, page pontage.Keyset) ([]pontage.Role, error) {
	if _, err := s.may(ctx, s.store, by, client, pontage.RoleRead); err != nil {
		return nil, err
	}
	return s.store.Roles(ctx, client, page)
}

// roleFor finds a role that a member of a client can be given: InvalidInput at "/roleId" for others.
func (s *Service) roleFor(ctx context.Context, tx pontage.Tx, client pontage.ClientID, id pontage.RoleID) (*pontage.Role, error) {
	role, err := tx.Role(ctx, id)
	switch code := pontage.CodeOf(err); {
	case code == pontage.NotFound || err == nil && role.ClientID != "" && role.ClientID != client:
		return nil, pontage.E(pontage.InvalidInput, "The client has no such role.").At("/roleId")
	case err != nil:
		return nil, err
	case !role.Live(s.clock.Now()):
		return nil, pontage.E(pontage.InvalidInput, "%s", fmt.Sprintf("The role %q is not active.", role.Name)).At("/roleId")
	}
	return role, nil
}
