package partner

import (
	"context"
	"encoding/base64"
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
func (s *Service) UpdateMember(ctx context.Context, by pontage.Actor, id pontage.MemberID, in MemberInput) (member *pontage.Member, err error) {
	if in.ExpiresAt != nil {
		if err := s.checkFuture(*in.ExpiresAt); err != nil {
			return nil, err
		}
	}
	err = s.changeMember(ctx, by, id, pontage.MemberWrite, func(tx pontage.Tx, a *pontage.Authority, m *pontage.Member) (any, error) {
		if err := s.reachesMember(ctx, tx, a, m); err != nil {
			return nil, err
		}
		member = m
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
		return m, s.note(ctx, tx, by, &a.Client, "member.update", string(id), memberFields(&before), memberFields(m))
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

// permanentOwner says whether a member keeps the client from being nobody's.
func permanentOwner(m pontage.Member) bool {
	return m.RoleID == pontage.RoleOwner && m.UserID != "" && m.ExpiresAt.IsZero()
}

// keepOwner refuses to let the last owner go: there must be another one, or a user of the client's account.
func (s *Service) keepOwner(ctx context.Context, tx pontage.Tx, client *pontage.Client) error {
	n, err := tx.CountOwners(ctx, client.ID)
	if err != nil || n > 1 {
		return err
	}
	user, err := tx.UserOfAccount(ctx, client.AccountID)
	if err == nil && user.DeletedAt.IsZero() {
		return nil
	}
	if err != nil && pontage.CodeOf(err) != pontage.NotFound {
		return err
	}
	return pontage.E(pontage.Conflict, "The last owner stays. Make somebody else owner first.")
}

// Members lists a client's members, newest first, those who are invited too. Needs MemberRead.
func (s *Service) Members(ctx context.Context, by pontage.Actor, client pontage.ClientID, page pontage.Keyset) ([]pontage.Member, error) {
	if _, err := s.may(ctx, s.store, by, client, pontage.MemberRead); err != nil {
		return nil, err
	}
	return s.store.Members(ctx, client, page)
}

// Memberships lists what by's user is a member of, newest first, also what has expired; ClientsByID and RolesByID of the store complete it.
func (s *Service) Memberships(ctx context.Context, by pontage.Actor, page pontage.Keyset) ([]pontage.Member, error) {
	if by.Kind != pontage.ActorUser || by.UserID == "" {
		return nil, errUnauthorized
	}
	return s.store.Memberships(ctx, by.UserID, page)
}

// take counts something that may happen a bounded number of times: RateLimited, saying when again.
func (s *Service) take(ctx context.Context, tx pontage.Tx, what, whose string, window time.Duration, most int) error {
	now := s.clock.Now()
	key := what + " " + base64.RawURLEncoding.EncodeToString(pontage.HashParts(what, whose))
	full, err := tx.TakeHit(ctx, pontage.RateHit{ID: pontage.NewRateHitID(now), Key: key, At: now, ExpiresAt: now.Add(window)}, most)
	if err == nil && !full.IsZero() {
		err = pontage.E(pontage.RateLimited, "Too many attempts. Try again later.").After(full.Sub(now))
	}
	return err
}

// tell notifies a person, if there is one.
func (s *Service) tell(ctx context.Context, tx pontage.Tx, user pontage.UserID, title, text, target string) error {
	if user == "" {
		return nil
	}
	return pontage.Notify(ctx, tx, s.credentials.Keys, pontage.Notification{
		UserID: user, Kind: pontage.NotifyAccess, Title: title, Text: text, Target: target, CreatedAt: s.clock.Now(),
	})
}

// tellOwner notifies the user of a client's account, if there is one.
func (s *Service) tellOwner(ctx context.Context, tx pontage.Tx, client *pontage.Client, title, text, target string) error {
	user, err := tx.UserOfAccount(ctx, client.AccountID)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, user.ID, title, text, target)
}
