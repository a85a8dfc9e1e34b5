package partner

import (
	"context"
	"fmt"
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

var errInvitation = pontage.E(pontage.InvalidInput, "This invitation is not good any more. Ask for a new one.").At("/code")

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
func (s *Service) Invite(ctx context.Context, by pontage.Actor, in InviteInput) (member *pontage.Member, err error) {
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
		if err := s.takeInvitation(ctx, tx, in); err != nil {
			return nil, err
		}
		member, err = s.invite(ctx, tx, by, a, role, in)
		return member, err
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
func (s *Service) takeInvitation(ctx context.Context, tx pontage.Tx, in InviteInput) error {
	if err := s.take(ctx, tx, "invitation of", string(in.ClientID), 24*time.Hour, invitationsPerClient); err != nil {
		return err
	}
	return s.take(ctx, tx, "invitation to", strings.ToLower(in.Email), time.Hour, invitationsPerPerson)
}

// invite writes the invitation, in the place of an earlier one, and its mail.
func (s *Service) invite(ctx context.Context, tx pontage.Tx, by pontage.Actor, a *pontage.Authority, role *pontage.Role, in InviteInput) (*pontage.Member, error) {
	now := s.clock.Now()
	earlier, err := tx.MemberTo(ctx, in.ClientID, in.Email)
	switch {
	case err == nil:
		if err := s.reachesMember(ctx, tx, a, earlier); err != nil {
			return nil, err
		}
		if err := tx.DeleteMember(ctx, earlier.ID); err != nil {
			return nil, err
		}
	case pontage.CodeOf(err) != pontage.NotFound:
		return nil, err
	}
	if err := s.room(ctx, tx, by, a.Client.AccountID, membersOf(in.ClientID)); err != nil {
		return nil, err
	}
	m := &pontage.Member{ID: pontage.NewMemberID(now), ClientID: in.ClientID, Email: in.Email, RoleID: role.ID, CreatedAt: now, ExpiresAt: in.ExpiresAt,
		InvitationUntil: now.Add(invitationLife)}
	code := s.credentials.New(string(m.ID))
	m.KeyID, m.Hash = s.credentials.Keys.Hash(code)
	if err := tx.InsertMember(ctx, *m); err != nil {
		return nil, err
	}
	subject, text := s.invitation(&a.Client, role, code)
	if err := tx.InsertMail(ctx, pontage.NewMail(s.credentials.Keys, now, invitationLife, "member_invitation", in.Email, subject, text)); err != nil {
		return nil, err
	}
	return m, s.note(ctx, tx, by, &a.Client, "member.invite", string(m.ID), nil, memberFields(m))
}

// invitation is the mail; its code stands in the fragment, which browsers send to nobody.
func (s *Service) invitation(client *pontage.Client, role *pontage.Role, code string) (subject, text string) {
	return fmt.Sprintf("You are invited to %s", client.Name), fmt.Sprintf(`Hello,

you are invited to work on the client %q as %s. Log in with this e-mail address, or register with it,
and open this link to accept:

%s/join#code=%s

Or enter this code: %s

Link and code are good once and for %d days. If you do not know who invites you, you need not do anything.
`, client.Name, role.Name, s.links, code, code, invitationLife/(24*time.Hour))
}

// AcceptInvitation makes by's user the member that a mailed code is for. The user must have the e-mail it went to. InvalidInput at
// "/code" for one that is not good any more, Forbidden for another e-mail, Conflict for who is a member already.
func (s *Service) AcceptInvitation(ctx context.Context, by pontage.Actor, code string) (member *pontage.Member, err error) {
	id, ok := s.credentials.Parse(code)
	if by.Kind != pontage.ActorUser || by.UserID == "" {
		return nil, errUnauthorized
	}
	if !ok || !strings.HasPrefix(id, memberPrefix) {
		return nil, errInvitation
	}
	err = s.once(ctx, by, func(tx pontage.Tx) (any, error) {
		m, err := s.invited(ctx, tx, pontage.MemberID(id), code)
		if err != nil {
			return nil, err
		}
		client, err := tx.LockClient(ctx, m.ClientID)
		if err != nil {
			return nil, err
		}
		// Whoever had the lock before may have used it up.
		if member, err = s.invited(ctx, tx, m.ID, code); err != nil {
			return nil, err
		}
		return member, s.join(ctx, tx, by, client, member)
	})
	if err != nil {
		return nil, err
	}
	return member, nil
}

// invited finds a good invitation; whatever is wrong with it is the same error.
func (s *Service) invited(ctx context.Context, tx pontage.Tx, id pontage.MemberID, code string) (*pontage.Member, error) {
	m, err := tx.Member(ctx, id)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, errInvitation
	}
	if err != nil {
		return nil, err
	}
	if m.Status(s.clock.Now()) != pontage.MemberInvited || !s.credentials.Keys.Matches(code, m.KeyID, m.Hash) {
		return nil, errInvitation
	}
	return m, nil
}

func (s *Service) join(ctx context.Context, tx pontage.Tx, by pontage.Actor, client *pontage.Client, m *pontage.Member) error {
	if !client.DeletedAt.IsZero() {
		return errInvitation
	}
	user, err := tx.User(ctx, by.UserID)
	if err != nil {
		return err
	}
	if !strings.EqualFold(user.Email, m.Email) {
		return pontage.E(pontage.Forbidden, "This invitation went to another e-mail address.")
	}
	if err := s.notMember(ctx, tx, client, user); err != nil {
		return err
	}
	m.UserID, m.Email, m.KeyID, m.Hash, m.JoinedAt = user.ID, "", "", []byte{}, s.clock.Now()
	if err := tx.UpdateMember(ctx, *m); err != nil {
		return err
	}
	if err := s.tellOwner(ctx, tx, client, "A new member", fmt.Sprintf("Your invitation to %q was accepted.", client.Name), string(m.ID)); err != nil {
		return err
	}
	return s.note(ctx, tx, by, client, "member.accept", string(m.ID), nil, memberFields(m))
}
