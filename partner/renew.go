package partner

import (
	"context"
	"fmt"
	"time"

	"github.com/pontage/pontage"
)

// RenewInvitation mails an invitation once more, with a new code and a new time to accept; the earlier code is dead then. Needs
// MemberWrite; Conflict for who has joined, Forbidden for a role that by's own does not cover, InvalidInput at "/roleId" or "/expiresAt"
// where the role or the membership has ended by now, RateLimited.
func (s *Service) RenewInvitation(ctx context.Context, by pontage.Actor, id pontage.MemberID) (member *SeenMember, err error) {
	err = s.changeMember(ctx, by, id, pontage.MemberWrite, func(tx pontage.Tx, a *pontage.Authority, m *pontage.Member) (any, error) {
		if m.UserID != "" {
			return nil, pontage.E(pontage.Conflict, "This person is a member already.")
		}
		role, err := s.grantable(ctx, tx, a, m.RoleID, m.ExpiresAt)
		if err != nil {
			return nil, err
		}
		if err := s.checkFuture(m.ExpiresAt); err != nil {
			return nil, err
		}
		if err := s.takeInvitation(ctx, tx, m.ClientID, m.Email); err != nil {
			return nil, err
		}
		subject, text := s.newCode(m, &a.Client, role)
		if err := tx.UpdateMember(ctx, *m); err != nil {
			return nil, err
		}
		if err := s.mailInvitation(ctx, tx, m, subject, text); err != nil {
			return nil, err
		}
		member = &SeenMember{Member: *m, Role: *role}
		return member, s.note(ctx, tx, by, &a.Client, "member.renew", string(id), nil, memberFields(m))
	})
	if err != nil {
		return nil, err
	}
	return member, nil
}

// newCode gives an invitation a code and time to accept it, and the mail that says so.
func (s *Service) newCode(m *pontage.Member, client *pontage.Client, role *pontage.Role) (subject, text string) {
	code := s.credentials.New(string(m.ID))
	m.KeyID, m.Hash = s.credentials.Keys.Hash(code)
	m.InvitationUntil = s.clock.Now().Add(invitationLife)
	return s.invitation(client, role, code)
}

// mailInvitation puts the mail into the outbox.
func (s *Service) mailInvitation(ctx context.Context, tx pontage.Tx, m *pontage.Member, subject, text string) error {
	return tx.InsertMail(ctx, pontage.NewMail(s.credentials.Keys, s.clock.Now(), invitationLife, "member_invitation", m.Email, subject, text))
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
