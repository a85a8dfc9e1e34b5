package partner

import (
	"context"
	"fmt"
	"strings"

	"github.com/pontage/pontage"
)

var errInvitation = pontage.E(pontage.InvalidInput, "This invitation is not good any more. Ask for a new one.").At("/code")

// AcceptInvitation makes by's user the member that a mailed code is for. The user must have the e-mail it went to. InvalidInput at
// "/code" for one that is not good any more, Forbidden for another e-mail, Conflict for who is a member already.
func (s *Service) AcceptInvitation(ctx context.Context, by pontage.Actor, code string) (joined *Joined, err error) {
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
		if m, err = s.invited(ctx, tx, m.ID, code); err != nil {
			return nil, err
		}
		if err := s.join(ctx, tx, by, client, m); err != nil {
			return nil, err
		}
		role, err := tx.Role(ctx, m.RoleID)
		if err != nil {
			return nil, err
		}
		joined = &Joined{pontage.Membership{Member: *m, Role: *role}, *client}
		return joined, nil
	})
	if err != nil {
		return nil, err
	}
	return joined, nil
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
	owner, err := tx.Account(ctx, client.AccountID)
	if err != nil {
		return err
	}
	if !owner.DisabledAt.IsZero() {
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
