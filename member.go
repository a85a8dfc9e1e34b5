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
