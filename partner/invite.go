package partner

import (
	"context"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

const (
	// invitationLife is how long an invitation can be accepted.
	invitationLife = 7 * 24 * time.Hour
	memberPrefix   = "mem_"
	// How many invitations a client sends in a day, and an e-mail gets in an hour, from whomever.
	invitationsPerClient = 100
	invitationsPerPerson = 5
)

// InviteInput asks somebody to become a member.
type InviteInput struct {
	ClientID pontage.ClientID
	Email    string
	RoleID   pontage.RoleID
	// ExpiresAt is when the membership ends, zero for never.
	ExpiresAt time.Time
}

// Invite mails somebody a link to become a member; an earlier one to the same e-mail is dead then. Needs MemberWrite; InvalidInput at
// "/email", "/roleId" or "/expiresAt", Forbidden for a role that by's own does not cover, Conflict for who is a member, RateLimited,
// PlanLimit.
func (s *Service) Invite(ctx context.Context, by pontage.Actor, in InviteInput) (member *SeenMember, err error) {
	if !pontage.IsEmail(in.Email) {
		return nil, pontage.E(pontage.InvalidInput, "This is no e-mail address.").At("/email")
	}
	if err := s.checkFuture(in.ExpiresAt); err != nil {
		return nil, err
	}
	err = s.change(ctx, by, in.ClientID, pontage.MemberWrite, func(tx pontage.Tx, a *pontage.Authority) (any, error) {
		role, err := s.grantable(ctx, tx, a, in.RoleID, in.ExpiresAt)
		if err != nil {
			return nil, err
		}
		if err := s.notYetMember(ctx, tx, &a.Client, in.Email); err != nil {
			return nil, err
		}
		if err := s.takeInvitation(ctx, tx, in.ClientID, in.Email); err != nil {
			return nil, err
		}
		m, err := s.invite(ctx, tx, by, a, role, in)
		if err != nil {
			return nil, err
		}
		member = &SeenMember{Member: *m, Role: *role}
		return member, nil
	})
	if err != nil {
		return nil, err
	}
	return member, nil
}

// grantable finds a role that a may give until then.
func (s *Service) grantable(ctx context.Context, tx pontage.Tx, a *pontage.Authority, id pontage.RoleID, until time.Time) (*pontage.Role, error) {
	role, err := s.roleFor(ctx, tx, a.Client.ID, id)
	if err != nil {
		return nil, err
	}
	if err := a.Covers(*role); err != nil {
		return nil, err
	}
	if a.Member == nil {
		return role, nil
	}
	for _, own := range []time.Time{a.Member.ExpiresAt, a.Role.ExpiresAt} {
		if !own.IsZero() && (until.IsZero() || until.After(own)) {
			return nil, pontage.E(pontage.Forbidden, "A membership you give cannot end after your own.").At("/expiresAt")
		}
	}
	return role, nil
}

// notYetMember refuses to invite who is in already: Conflict.
func (s *Service) notYetMember(ctx context.Context, tx pontage.Tx, client *pontage.Client, email string) error {
	user, err := tx.UserByEmail(ctx, email)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return s.notMember(ctx, tx, client, user)
}

func (s *Service) notMember(ctx context.Context, tx pontage.Tx, client *pontage.Client, user *pontage.User) error {
	if user.AccountID == client.AccountID {
		return pontage.E(pontage.Conflict, "This person owns the client.")
	}
	switch _, _, err := tx.Membership(ctx, client.ID, user.ID); {
	case err == nil:
		return pontage.E(pontage.Conflict, "This person is a member already.")
	case pontage.CodeOf(err) != pontage.NotFound:
		return err
	}
	return nil
}

// takeInvitation bounds the mails that we send for others.
func (s *Service) takeInvitation(ctx context.Context, tx pontage.Tx, client pontage.ClientID, email string) error {
	if err := s.take(ctx, tx, "invitation of", string(client), 24*time.Hour, invitationsPerClient); err != nil {
		return err
	}
	return s.take(ctx, tx, "invitation to", strings.ToLower(email), time.Hour, invitationsPerPerson)
}

// invite writes the invitation, in the place of an earlier one, and its mail.
func (s *Service) invite(ctx context.Context, tx pontage.Tx, by pontage.Actor, a *pontage.Authority, role *pontage.Role, in InviteInput) (*pontage.Member, error) {
	if err := s.withdrawEarlier(ctx, tx, a, in); err != nil {
		return nil, err
	}
	if err := s.room(ctx, tx, by, a.Client.AccountID, membersOf(in.ClientID)); err != nil {
		return nil, err
	}
	now := s.clock.Now()
	m := &pontage.Member{ID: pontage.NewMemberID(now), ClientID: in.ClientID, Email: in.Email, RoleID: role.ID, CreatedAt: now, ExpiresAt: in.ExpiresAt}
	subject, text := s.newCode(m, &a.Client, role)
	if err := tx.InsertMember(ctx, *m); err != nil {
		return nil, err
	}
	if err := s.mailInvitation(ctx, tx, m, subject, text); err != nil {
		return nil, err
	}
	return m, s.note(ctx, tx, by, &a.Client, "member.invite", string(m.ID), nil, memberFields(m))
}

// withdrawEarlier takes back an invitation to the same e-mail, if a may.
func (s *Service) withdrawEarlier(ctx context.Context, tx pontage.Tx, a *pontage.Authority, in InviteInput) error {
	earlier, err := tx.MemberTo(ctx, in.ClientID, in.Email)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.reachesMember(ctx, tx, a, earlier); err != nil {
		return err
	}
	return tx.DeleteMember(ctx, earlier.ID)
}
