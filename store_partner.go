package pontage

import "context"

// MemberReader reads members and roles.
type MemberReader interface {
	Member(ctx context.Context, id MemberID) (*Member, error)
	// MembersByID gives those with these ids, in one query and any order; unknown ids are left out.
	MembersByID(ctx context.Context, ids []MemberID) ([]Member, error)
	// Membership gives a user's membership of a client with its role, in one read; NotFound where there is none.
	Membership(ctx context.Context, client ClientID, user UserID) (*Member, *Role, error)
	// MembershipsOn is Membership for several clients, in one read and any order; where there is none it is left out.
	MembershipsOn(ctx context.Context, user UserID, clients []ClientID) ([]Membership, error)
	// MemberTo gives the invitation of a client to an e-mail, whatever its case.
	MemberTo(ctx context.Context, client ClientID, email string) (*Member, error)
	// Members lists those of a client that fit the query, newest first.
	Members(ctx context.Context, q MemberQuery) ([]Member, error)
	// Memberships lists those of a user that give something, in one read, newest first.
	Memberships(ctx context.Context, q MembershipQuery) ([]Membership, error)
	// CountMembers counts a client's members and invitations; CountOwners those who joined as owners and whose membership does not end.
	CountMembers(ctx context.Context, client ClientID) (int, error)
	CountOwners(ctx context.Context, client ClientID) (int, error)
	// CountHolders counts who has a role or is invited to it.
	CountHolders(ctx context.Context, role RoleID) (int, error)
	// Role gives a built-in or own role.
	Role(ctx context.Context, id RoleID) (*Role, error)
	// Roles lists a client's own roles that fit the query, newest first; RolesByID gives those with these ids, built-in ones too, in one
	// query and any order.
	Roles(ctx context.Context, q RoleQuery) ([]Role, error)
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

// DomainReader reads domains.
type DomainReader interface {
	Domain(ctx context.Context, id DomainID) (*Domain, error)
	// DomainsByID and DomainURLsByID give those with these ids, in one query and any order; unknown ids are left out.
	DomainsByID(ctx context.Context, ids []DomainID) ([]Domain, error)
	DomainURLsByID(ctx context.Context, ids []DomainURLID) ([]DomainURL, error)
	// DomainByHost finds a client's domain by its host in ASCII.
	DomainByHost(ctx context.Context, client ClientID, host string) (*Domain, error)
	// Domains gives one page of each of these clients, in one query, DomainsOfSecrets of what each of these secrets is linked to.
	Domains(ctx context.Context, clients []ClientID, f DomainFilter, page Keyset) ([]Domain, error)
	DomainsOfSecrets(ctx context.Context, secrets []SecretID, f DomainFilter, page Keyset) ([]LinkedDomain, error)
	// CountDomains counts those of an account's clients, without the deleted clients'.
	CountDomains(ctx context.Context, account AccountID) (int, error)
	// DomainLogo gives the bytes of a PNG.
	DomainLogo(ctx context.Context, id DomainID) ([]byte, error)
	// DomainURLs gives those of these domains, in one query, oldest first; SecretDomains the links of these secrets or of these domains.
	DomainURLs(ctx context.Context, domains []DomainID) ([]DomainURL, error)
	DomainURL(ctx context.Context, id DomainURLID) (*DomainURL, error)
	SecretDomains(ctx context.Context, secrets []SecretID, domains []DomainID) ([]SecretDomain, error)
}

// DomainWriter writes them. Whoever calls it has locked the client.
type DomainWriter interface {
	// InsertDomain is Conflict where the client has the host already.
	InsertDomain(ctx context.Context, d Domain) error
	// UpdateDomain writes all but client, host and time of creation; a second primary is Conflict.
	UpdateDomain(ctx context.Context, d Domain) error
	// ClearPrimaryDomain leaves a client without a primary domain.
	ClearPrimaryDomain(ctx context.Context, client ClientID) error
	// DeleteDomain takes its logo, URLs and links along.
	DeleteDomain(ctx context.Context, id DomainID) error
	// PutDomainLogo replaces the logo; empty bytes delete it.
	PutDomainLogo(ctx context.Context, id DomainID, png []byte) error
	// InsertDomainURL is Conflict where the domain has it already.
	InsertDomainURL(ctx context.Context, u DomainURL) error
	SetDomainURLActive(ctx context.Context, id DomainURLID, active bool) error
	DeleteDomainURL(ctx context.Context, id DomainURLID) error
	// LinkSecret and UnlinkSecret say whether they changed anything.
	LinkSecret(ctx context.Context, link SecretDomain) (bool, error)
	UnlinkSecret(ctx context.Context, link SecretDomain) (bool, error)
}
