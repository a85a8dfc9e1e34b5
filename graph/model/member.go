package model

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// The pages of members and of memberships.
type (
	MemberConnection     = Connection[partner.SeenMember]
	MemberEdge           = Edge[partner.SeenMember]
	MembershipConnection = Connection[Membership]
	MembershipEdge       = Edge[Membership]
)

// Membership is a person's own place on a client.
type Membership struct {
	pontage.Member
	ClientName string
	// Client is nil where the role does not let the person see it.
	Client *pontage.Client
	Role   pontage.Role
}

// MembershipFilter says which memberships a list shows; nil does not narrow it.
type MembershipFilter struct{ ClientName *string }

// MemberFilter says which members a list shows; nil fields do not narrow it.
type MemberFilter struct {
	Statuses []pontage.MemberStatus
	RoleID   *pontage.RoleID
}

// InviteMemberInput and its siblings are the inputs and payloads of the mutations on members.
type (
	InviteMemberInput struct {
		ClientID  pontage.ClientID
		Email     string
		RoleID    pontage.RoleID
		ExpiresAt *time.Time
	}
	InviteMemberPayload    struct{ Member partner.SeenMember }
	RenewInvitationInput   struct{ ID pontage.MemberID }
	RenewInvitationPayload struct{ Member partner.SeenMember }
	JoinClientInput        struct{ Code string }
	JoinClientPayload      struct{ Membership Membership }
	UpdateMemberInput      struct {
		ID        pontage.MemberID
		RoleID    *pontage.RoleID
		ExpiresAt graphql.Omittable[*time.Time]
	}
	UpdateMemberPayload struct{ Member partner.SeenMember }
	RemoveMemberInput   struct{ ID pontage.MemberID }
	RemoveMemberPayload struct{ ID pontage.MemberID }
)
