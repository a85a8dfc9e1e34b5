package pontage

import "time"

// Member is a person with a role on a client, or somebody who was invited to be one.
type Member struct {
	ID       MemberID
	ClientID ClientID
	// UserID is empty until the invitation is accepted; Email, where it went, is empty afterwards.
	UserID UserID
	Email  string
	RoleID RoleID
	// KeyID and Hash are of the mailed code.
	KeyID     string
	Hash      []byte
	CreatedAt time.Time
	// ExpiresAt is when the membership ends, zero for never.
	ExpiresAt time.Time
	// InvitationUntil is how long the mailed code is good; JoinedAt is when it was accepted.
	InvitationUntil time.Time
	JoinedAt        time.Time
	// Closed says that the account of the client is disabled, which closes the client to its members; Membership and MembershipsOn tell.
	Closed bool `json:"-"`
}

// Membership is a member with their role.
type Membership struct {
	Member Member
	Role   Role
}

// MemberStatus says where a member stands.
type MemberStatus string

// The states of a member.
const (
	MemberInvited MemberStatus = "invited"
	MemberLapsed  MemberStatus = "lapsed" // the invitation was not accepted in time
	MemberActive  MemberStatus = "active"
	MemberExpired MemberStatus = "expired"
)

// Status at now. Only an active member may anything.
func (m Member) Status(now time.Time) MemberStatus {
	switch {
	case !m.ExpiresAt.IsZero() && !now.Before(m.ExpiresAt):
		return MemberExpired
	case m.UserID != "":
		return MemberActive
	case now.Before(m.InvitationUntil):
		return MemberInvited
	}
	return MemberLapsed
}

// MemberQuery asks for the members of a client.
type MemberQuery struct {
	ClientID ClientID
	// Statuses are those that fit, at Now; none asks for all.
	Statuses []MemberStatus
	// RoleID is empty where any role fits.
	RoleID RoleID
	Now    time.Time
	Page   Keyset
}

// MembershipQuery asks for the memberships of a user that give something at Now: they are joined, neither they nor
// the role has ended, and the account of the client is not disabled.
type MembershipQuery struct {
	UserID UserID
	// ClientName narrows to clients whose name holds this text; upper and lower case of ASCII letters are the same.
	ClientName string
	Now        time.Time
	Page       Keyset
}
