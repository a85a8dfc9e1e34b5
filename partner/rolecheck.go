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

// RoleUpdate changes an own role; what is nil stays. A zero ExpiresAt is a role that does not end.
type RoleUpdate struct {
	Name, Description, Group *string
	Permissions              *[]pontage.Permission
	Level                    *int
	ExpiresAt                *time.Time
	Disabled                 *bool
}

// of gives what a role is to be after the update.
func (u RoleUpdate) of(r *pontage.Role) RoleInput {
	in := RoleInput{RoleFields: r.RoleFields, ExpiresAt: r.ExpiresAt, Disabled: !r.DisabledAt.IsZero()}
	given(&in.Name, u.Name)
	given(&in.Description, u.Description)
	given(&in.Group, u.Group)
	given(&in.Permissions, u.Permissions)
	given(&in.Level, u.Level)
	given(&in.ExpiresAt, u.ExpiresAt)
	given(&in.Disabled, u.Disabled)
	return in
}

func given[T any](to, value *T) {
	if value != nil {
		*to = *value
	}
}

var roleKey = regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)

// checkRole gives the first thing wrong with a role but its end, and the permissions sorted and each once.
func checkRole(in *RoleInput) error {
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
	return nil
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
	return pontage.AuditFields{"key": r.Key, "name": r.Name, "description": r.Description, "group": r.Group,
		"level": strconv.Itoa(r.Level), "permissions": strings.Join(permissions, " "),
		"expiresAt": moment(r.ExpiresAt), "disabled": strconv.FormatBool(!r.DisabledAt.IsZero())}
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
