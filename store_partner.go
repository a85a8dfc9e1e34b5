package pontage

import "context"

// MemberReader reads members and roles.
type MemberReader interface {
	Member(ctx context.Context, id MemberID) (*Member, error)
	// Membership gives a user's membership of a client with its role, in one read; NotFound where there is none.
	Membership(ctx context.Context, client ClientID, user UserID) (*Member, *Role, error)
	// MemberTo gives the invitation of a client to an e-mail, whatever its case.
	MemberTo(ctx context.Context, client ClientID, email string) (*Member, error)
	// Members lists a client's, newest first, those who are invited too; Memberships a user's.
	Members(ctx context.Context, client ClientID, page Keyset) ([]Member, error)
	Memberships(ctx context.Context, user UserID, page Keyset) ([]Member, error)
	// CountMembers counts a client's members and invitations; CountOwners those who joined as owners and whose membership does not end.
	CountMembers(ctx context.Context, client ClientID) (int, error)
	CountOwners(ctx context.Context, client ClientID) (int, error)
	// CountHolders counts who has a role or is invited to it.
	CountHolders(ctx context.Context, role RoleID) (int, error)
	// Role gives a built-in or own role.
	Role(ctx context.Context, id RoleID) (*Role, error)
	// Roles lists a client's own roles, newest first; RolesByID gives those with these ids, built-in ones too, in one query and any order.
	Roles(ctx context.Context, client ClientID, page Keyset) ([]Role, error)
	RolesByID(ctx context.Context, ids []RoleID) ([]Role, error)
	CountRoles(ctx context.Context, client ClientID) (int, error)
}

// MemberWriter writes them. Whoever calls it has locked the client.
type MemberWriter interface {
	// InsertMember is Conflict where the user is a member, or the e-mail invited, already.
	InsertMember(ctx context.Context, m Member) error
	// UpdateMember writes all but client and time of creation.
	UpdateMember(ctx context.Context, m Member) error
	DeleteMember(ctx context.Context, id MemberID) error
	// InsertRole is Conflict where the key is taken.
	InsertRole(ctx context.Context, r Role) error
	// UpdateRole writes all but client, key and time of creation.
	UpdateRole(ctx context.Context, r Role) error
	DeleteRole(ctx context.Context, id RoleID) error
}
