package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/partner"
)

func (q *question) placeOfMember(m *partner.SeenMember) pontage.Place {
	texts := map[pontage.SortKey]string{pontage.SortByName: "", pontage.SortByEmail: m.Email}
	if m.Person != nil {
		texts[pontage.SortByName], texts[pontage.SortByEmail] = m.Person.Name, m.Person.Email
	}
	return q.place(string(m.ID), m.CreatedAt, texts, nil)
}

func placeOfMembership(m *model.Membership) pontage.Place {
	return pontage.Place{At: m.CreatedAt, ID: string(m.ID)}
}

func (r *Resolver) members(ctx context.Context, client string, q *question, f *model.MemberFilter) ([]partner.SeenMember, error) {
	query := pontage.MemberQuery{ClientID: pontage.ClientID(client), Page: q.keyset()}
	if f != nil {
		query.Statuses, query.RoleID = f.Statuses, orEmpty(f.RoleID)
	}
	return r.Partners.Members(ctx, actor(ctx), query)
}

func (r *Resolver) memberships(ctx context.Context, q *question, f *model.MembershipFilter) ([]model.Membership, error) {
	name := ""
	if f != nil {
		name = orEmpty(f.ClientName)
	}
	joined, err := r.Partners.Memberships(ctx, actor(ctx), name, q.keyset())
	all := make([]model.Membership, len(joined))
	for i := range joined {
		all[i] = membershipOf(&joined[i])
		if all[i].Client != nil {
			exchangeOf(ctx).batches.expectClients(all[i].Client.ID)
		}
	}
	return all, err
}

// membershipOf shows the client to who may see it.
func membershipOf(j *partner.Joined) model.Membership {
	m := model.Membership{Member: j.Member, ClientName: j.Client.Name, Role: j.Role}
	if j.Role.Holds(pontage.ClientRead) {
		m.Client = &j.Client
	}
	return m
}

func (r *Resolver) inviteMember(ctx context.Context, in model.InviteMemberInput) (*partner.SeenMember, error) {
	invitation := partner.InviteInput{ClientID: in.ClientID, Email: in.Email, RoleID: in.RoleID, ExpiresAt: orEmptyTime(in.ExpiresAt)}
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*partner.SeenMember, error) {
		return r.Partners.Invite(ctx, by, invitation)
	})
}

func (r *Resolver) renewInvitation(ctx context.Context, id pontage.MemberID) (*partner.SeenMember, error) {
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*partner.SeenMember, error) {
		return r.Partners.RenewInvitation(ctx, by, id)
	})
}

func (r *Resolver) joinClient(ctx context.Context, code string) (*model.Membership, error) {
	joined, err := repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*partner.Joined, error) {
		return r.Partners.AcceptInvitation(ctx, by, code)
	})
	if err != nil {
		return nil, err
	}
	m := membershipOf(joined)
	return &m, nil
}

func (r *Resolver) updateMember(ctx context.Context, in model.UpdateMemberInput) (*partner.SeenMember, error) {
	change := partner.MemberInput{RoleID: in.RoleID, ExpiresAt: moment(in.ExpiresAt)}
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*partner.SeenMember, error) {
		return r.Partners.UpdateMember(ctx, by, in.ID, change)
	})
}

func (r *Resolver) removeMember(ctx context.Context, id pontage.MemberID) error {
	return repeatedly(ctx, func(ctx context.Context, by pontage.Actor) error { return r.Partners.RemoveMember(ctx, by, id) })
}

// moment is nil for what was left out, and the zero time for null.
func moment(in graphql.Omittable[*time.Time]) *time.Time {
	at, set := in.ValueOK()
	if !set {
		return nil
	}
	zero := orEmptyTime(at)
	return &zero
}

// orEmptyTime is the zero time for nil.
func orEmptyTime(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}
