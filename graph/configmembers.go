package graph

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// Members are who works on clients, and as what.
type Members interface {
	Roles(ctx context.Context, by pontage.Actor, client pontage.ClientID, f partner.RoleFilter, page pontage.Keyset) ([]pontage.Role, error)
	RolesByID(ctx context.Context, by pontage.Actor, ids []pontage.RoleID) (map[pontage.RoleID]pontage.Role, error)
	Role(ctx context.Context, by pontage.Actor, id pontage.RoleID) (*pontage.Role, error)
	CreateRole(ctx context.Context, by pontage.Actor, client pontage.ClientID, in partner.RoleInput) (*pontage.Role, error)
	UpdateRole(ctx context.Context, by pontage.Actor, id pontage.RoleID, change partner.RoleUpdate) (*pontage.Role, error)
	DeleteRole(ctx context.Context, by pontage.Actor, id pontage.RoleID) error
	Members(ctx context.Context, by pontage.Actor, q pontage.MemberQuery) ([]partner.SeenMember, error)
	MembersByID(ctx context.Context, by pontage.Actor, ids []pontage.MemberID) (map[pontage.MemberID]partner.SeenMember, error)
	Member(ctx context.Context, by pontage.Actor, id pontage.MemberID) (*partner.SeenMember, error)
	Memberships(ctx context.Context, by pontage.Actor, clientName string, page pontage.Keyset) ([]partner.Joined, error)
	Invite(ctx context.Context, by pontage.Actor, in partner.InviteInput) (*partner.SeenMember, error)
	RenewInvitation(ctx context.Context, by pontage.Actor, id pontage.MemberID) (*partner.SeenMember, error)
	AcceptInvitation(ctx context.Context, by pontage.Actor, code string) (*partner.Joined, error)
	UpdateMember(ctx context.Context, by pontage.Actor, id pontage.MemberID, in partner.MemberInput) (*partner.SeenMember, error)
	RemoveMember(ctx context.Context, by pontage.Actor, id pontage.MemberID) error
	AuditLog(ctx context.Context, by pontage.Actor, client pontage.ClientID, q pontage.AuditQuery) ([]pontage.AuditEntry, error)
}
