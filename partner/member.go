package partner

import (
	"context"
	"fmt"
	"time"

	"github.com/pontage/pontage"
)

// MemberInput changes a member; what is nil stays. A zero ExpiresAt is a membership that does not end.
type MemberInput struct {
	RoleID    *pontage.RoleID
	ExpiresAt *time.Time
}

// memberFields are what the audit log says of a member.
func memberFields(m *pontage.Member) pontage.AuditFields {
	return pontage.AuditFields{"user": string(m.UserID), "role": string(m.RoleID), "expiresAt": moment(m.ExpiresAt)}
}

// UpdateMember gives a member another role or end. Needs MemberWrite; Forbidden for who stands above by, and for a role that by's own does
// not cover; InvalidInput at "/roleId" or "/expiresAt"; Conflict for the last owner.
func (s *Service) UpdateMember(ctx context.Context, by pontage.Actor, id pontage.MemberID, in MemberInput) (member *SeenMember, err error) {
	if in.ExpiresAt != nil {
		if err := s.checkFuture(*in.ExpiresAt); err != nil {
			return nil, err
		}
	}
	err = s.changeMember(ctx, by, id, pontage.MemberWrite, func(tx pontage.Tx, a *pontage.Authority, m *pontage.Member) (any, error) {
		if err := s.reachesMember(ctx, tx, a, m); err != nil {
			return nil, err
		}
		before := *m
		if in.RoleID != nil {
			m.RoleID = *in.RoleID
		}
		if in.ExpiresAt != nil {
			m.ExpiresAt = *in.ExpiresAt
		}
		role, err := s.grantable(ctx, tx, a, m.RoleID, m.ExpiresAt)
		if err != nil {
			return nil, err
		}
		if permanentOwner(before) && !permanentOwner(*m) {
			if err := s.keepOwner(ctx, tx, &a.Client); err != nil {
				return nil, err
			}
		}
		if err := tx.UpdateMember(ctx, *m); err != nil {
			return nil, err
		}
		if err := s.tell(ctx, tx, m.UserID, "Your role changed", fmt.Sprintf("You are now %s of %q.", role.Name, a.Client.Name), string(a.Client.ID)); err != nil {
			return nil, err
		}
		if member, err = seeOne(ctx, tx, m); err != nil {
			return nil, err
		}
		return member, s.note(ctx, tx, by, &a.Client, "member.update", string(id), memberFields(&before), memberFields(m))
	})
	if err != nil {
		return nil, err
	}
	return member, nil
}

// RemoveMember ends a membership or an invitation. Needs MemberWrite, but for one's own; Forbidden for who stands above by; Conflict for
// the last owner.
func (s *Service) RemoveMember(ctx context.Context, by pontage.Actor, id pontage.MemberID) error {
	return s.changeMember(ctx, by, id, "", func(tx pontage.Tx, a *pontage.Authority, m *pontage.Member) (any, error) {
		own := a.Member != nil && a.Member.ID == m.ID
		if !own {
			if err := a.Require(pontage.MemberWrite); err != nil {
				return nil, err
			}
			if err := s.reachesMember(ctx, tx, a, m); err != nil {
				return nil, err
			}
		}
		if permanentOwner(*m) {
			if err := s.keepOwner(ctx, tx, &a.Client); err != nil {
				return nil, err
			}
		}
		if err := tx.DeleteMember(ctx, id); err != nil {
			return nil, err
		}
		if !own {
			if err := s.tell(ctx, tx, m.UserID, "You are no member any more", fmt.Sprintf("Your membership of %q ended.", a.Client.Name), string(a.Client.ID)); err != nil {
				return nil, err
			}
		}
		return m, s.note(ctx, tx, by, &a.Client, "member.remove", string(id), memberFields(m), nil)
	})
}

// changeMember is change for a member.
func (s *Service) changeMember(ctx context.Context, by pontage.Actor, id pontage.MemberID, p pontage.Permission, do func(pontage.Tx, *pontage.Authority, *pontage.Member) (any, error)) error {
	return s.once(ctx, by, func(tx pontage.Tx) (any, error) {
		m, err := tx.Member(ctx, id)
		if err != nil {
			return nil, hidden(err)
		}
		a, err := s.lock(ctx, tx, by, m.ClientID, p)
		if err != nil {
			return nil, err
		}
		if m, err = tx.Member(ctx, id); err != nil {
			return nil, hidden(err)
		}
		return do(tx, a, m)
	})
}

// reachesMember refuses who stands above a.
func (s *Service) reachesMember(ctx context.Context, tx pontage.Tx, a *pontage.Authority, m *pontage.Member) error {
	role, err := tx.Role(ctx, m.RoleID)
	if err != nil {
		return err
	}
	return a.Reaches(*role)
}
