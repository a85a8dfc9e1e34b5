package pontage

import (
	"slices"
	"time"
)

// MaxLevel is the level of owners: nobody stands above it.
const MaxLevel = 100

// Role is a name for what members may do on a client. The built-in ones belong to every client and never change.
type Role struct {
	ID RoleID
	// ClientID is empty for a built-in role.
	ClientID ClientID
	RoleFields
	CreatedAt time.Time
	UpdatedAt time.Time
	// ExpiresAt and DisabledAt are zero where they do not apply; a role that ended gives nothing.
	ExpiresAt  time.Time
	DisabledAt time.Time
}

// RoleFields are what a role says.
type RoleFields struct {
	// Key is unique among a client's roles: 1 to 64 lower-case letters, digits, dashes and underscores.
	Key         string       `json:"-"`
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Permissions []Permission `json:"permissions"`
	// Group puts roles together where they are listed; it may be empty.
	Group string `json:"group,omitempty"`
	// Level is 0 to MaxLevel: nobody touches a role, or a member with a role, above their own.
	Level int `json:"-"`
}

// Live says whether the role gives anything at now.
func (r Role) Live(now time.Time) bool { return Live(now, r.ExpiresAt, r.DisabledAt) }

// RoleStatus says whether a role gives anything.
type RoleStatus string

// The states of a role.
const (
	RoleActive   RoleStatus = "active"
	RoleDisabled RoleStatus = "disabled"
	RoleExpired  RoleStatus = "expired"
)

// Status at now; only an active role gives anything.
func (r Role) Status(now time.Time) RoleStatus {
	switch {
	case !r.DisabledAt.IsZero():
		return RoleDisabled
	case !r.Live(now):
		return RoleExpired
	}
	return RoleActive
}

// Holds says whether the role has a permission.
func (r Role) Holds(p Permission) bool { return slices.Contains(r.Permissions, p) }

// Place is where a role stands in lists: own ones by their time, built-in ones behind them, the highest first.
func (r Role) Place() Place {
	if r.ClientID == "" {
		return Place{At: time.UnixMicro(int64(r.Level)).UTC(), ID: string(r.ID)}
	}
	return Place{At: r.CreatedAt, ID: string(r.ID)}
}

// RoleQuery asks for the roles of a client.
type RoleQuery struct {
	ClientID ClientID
	// Active is nil where both fit: roles that give something at Now, and those that ended.
	Active *bool
	Now    time.Time
	Page   Keyset
}

// RoleOwner is the role that may everything; a client always keeps somebody who has it.
const RoleOwner RoleID = "rol_owner"

// BuiltInRoles lists the roles every client has, the highest first.
func BuiltInRoles() []Role {
	read := []Permission{ClientRead, DomainRead, SecretRead, ScopeRead, MemberRead, RoleRead, TokenRead, StatisticsRead, CallRead}
	with := func(more ...Permission) []Permission { return slices.Concat(read, more) }
	administrator := slices.DeleteFunc(Permissions(), func(p Permission) bool { return p == ClientDelete })
	builtIn := func(id RoleID, key, name, description string, level int, permissions []Permission) Role {
		return Role{ID: id, RoleFields: RoleFields{Key: key, Name: name, Description: description, Level: level, Permissions: permissions}}
	}
	return []Role{
		builtIn(RoleOwner, "owner", "Owner", "May do everything, and delete the client.", MaxLevel, Permissions()),
		builtIn("rol_administrator", "administrator", "Administrator", "May do everything but delete the client.", 80, administrator),
		builtIn("rol_developer", "developer", "Developer", "Manages domains, secrets, scopes and tokens.", 40,
			with(DomainWrite, SecretWrite, ScopeWrite, TokenWrite)),
		builtIn("rol_finance", "finance", "Finance", "Sees the wallet and what was used.", 30, with(WalletRead)),
		builtIn("rol_viewer", "viewer", "Viewer", "Sees the client and changes nothing.", 10, read),
	}
}

// BuiltInRole finds one by its id.
func BuiltInRole(id RoleID) (Role, bool) {
	for _, r := range BuiltInRoles() {
		if r.ID == id {
			return r, true
		}
	}
	return Role{}, false
}
