package storage

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
)

const (
	memberColumns = "m.id, m.client_id, m.user_id, m.email, m.role_id, m.key_id, m.hash, m.created_at, m.expires_at, m.invitation_until, m.joined_at"
	selectMembers = "SELECT " + memberColumns + " FROM members m WHERE "
)

func memberTargets(m *pontage.Member) []any {
	return []any{&m.ID, &m.ClientID, textInto(&m.UserID), &m.Email, &m.RoleID, &m.KeyID, bytesInto(&m.Hash), timeInto(&m.CreatedAt), timeInto(&m.ExpiresAt),
		timeInto(&m.InvitationUntil), timeInto(&m.JoinedAt)}
}

// Member implements pontage.MemberReader.
func (r reader) Member(ctx context.Context, id pontage.MemberID) (*pontage.Member, error) {
	return one(ctx, r, r.fixed(selectMembers+"m.id = ").value(func(s *statement) { s.string(string(id)) }), "member", memberTargets)
}

const selectMemberships = "SELECT " + memberColumns + ", " + roleColumns + ", a.disabled_at IS NOT NULL FROM members m" +
	" JOIN clients c ON c.id = m.client_id JOIN accounts a ON a.id = c.account_id LEFT JOIN roles r ON r.id = m.role_id WHERE m.user_id = "

// membershipTargets leave the role's fields empty for a built-in one; see withBuiltIn.
func membershipTargets(m *pontage.Membership) []any {
	return append(append(memberTargets(&m.Member), roleTargets(&m.Role)...), &m.Member.Closed)
}

func withBuiltIn(m *pontage.Membership) {
	if built, ok := pontage.BuiltInRole(m.Member.RoleID); ok {
		m.Role = built
	}
}

// Membership implements pontage.MemberReader.
func (r reader) Membership(ctx context.Context, client pontage.ClientID, user pontage.UserID) (*pontage.Member, *pontage.Role, error) {
	s := r.fixed(selectMemberships).value(func(s *statement) { s.string(string(user)) })
	s.sql(" AND m.client_id = ").value(func(s *statement) { s.string(string(client)) })
	found, err := one(ctx, r, s, "member", membershipTargets)
	if err != nil {
		return nil, nil, err
	}
	withBuiltIn(found)
	return &found.Member, &found.Role, nil
}

// MembershipsOn implements pontage.MemberReader.
func (r reader) MembershipsOn(ctx context.Context, user pontage.UserID, clients []pontage.ClientID) ([]pontage.Membership, error) {
	if len(clients) == 0 {
		return nil, nil
	}
	s := r.fixed(selectMemberships).value(func(s *statement) { s.string(string(user)) })
	all, err := list(ctx, r, in(s.sql(" AND m.client_id IN "), clients), "member", membershipTargets)
	for i := range all {
		withBuiltIn(&all[i])
	}
	return all, err
}

// MemberTo implements pontage.MemberReader.
func (r reader) MemberTo(ctx context.Context, client pontage.ClientID, email string) (*pontage.Member, error) {
	s := r.fixed(selectMembers + "m.client_id = ").value(func(s *statement) { s.string(string(client)) })
	s.sql(" AND m.email_key = ").value(func(s *statement) { s.string(strings.ToLower(email)) })
	return one(ctx, r, s, "member", memberTargets)
}

// CountMembers implements pontage.MemberReader.
func (r reader) CountMembers(ctx context.Context, client pontage.ClientID) (int, error) {
	s := r.fixed("SELECT count(*) FROM members WHERE client_id = ").value(func(s *statement) { s.string(string(client)) })
	return r.count(ctx, s, "member")
}

// CountOwners implements pontage.MemberReader.
func (r reader) CountOwners(ctx context.Context, client pontage.ClientID) (int, error) {
	s := r.fixed("SELECT count(*) FROM members WHERE user_id IS NOT NULL AND expires_at IS NULL AND client_id = ")
	s.value(func(s *statement) { s.string(string(client)) }).sql(" AND role_id = ").value(func(s *statement) { s.string(string(pontage.RoleOwner)) })
	return r.count(ctx, s, "member")
}

// CountHolders implements pontage.MemberReader.
func (r reader) CountHolders(ctx context.Context, role pontage.RoleID) (int, error) {
	s := r.fixed("SELECT count(*) FROM members m JOIN roles r ON r.client_id = m.client_id AND r.id = m.role_id WHERE r.id = ")
	return r.count(ctx, s.value(func(s *statement) { s.string(string(role)) }), "member")
}

// optionalKey is an e-mail as it is compared, NULL for none.
func (s *statement) optionalKey(email string) *statement { return s.optional(strings.ToLower(email)) }

// InsertMember implements pontage.MemberWriter.
func (t tx) InsertMember(ctx context.Context, m pontage.Member) error {
	s := t.fixed("INSERT INTO members (id, client_id, user_id, email, email_key, role_id, key_id, hash, created_at, expires_at, invitation_until, joined_at) VALUES ")
	s.rows(1, func(int) {
		s.string(string(m.ID)).string(string(m.ClientID)).optional(string(m.UserID)).string(m.Email).optionalKey(m.Email).string(string(m.RoleID))
		s.string(m.KeyID).hash(m.Hash).moment(m.CreatedAt).time(m.ExpiresAt).time(m.InvitationUntil).time(m.JoinedAt)
	})
	return t.insertFresh(ctx, s, 1, "member")
}

// UpdateMember implements pontage.MemberWriter; after a Conflict the unit of work must end.
func (t tx) UpdateMember(ctx context.Context, m pontage.Member) error {
	s := t.fixed("UPDATE members SET user_id = ").value(func(s *statement) { s.optional(string(m.UserID)) })
	s.sql(", email = ").value(func(s *statement) { s.string(m.Email) })
	s.sql(", email_key = ").value(func(s *statement) { s.optionalKey(m.Email) })
	s.sql(", role_id = ").value(func(s *statement) { s.string(string(m.RoleID)) })
	s.sql(", key_id = ").value(func(s *statement) { s.string(m.KeyID) })
	s.sql(", hash = ").value(func(s *statement) { s.hash(m.Hash) })
	s.sql(", expires_at = ").value(func(s *statement) { s.time(m.ExpiresAt) })
	s.sql(", invitation_until = ").value(func(s *statement) { s.time(m.InvitationUntil) })
	s.sql(", joined_at = ").value(func(s *statement) { s.time(m.JoinedAt) })
	n, err := t.change(ctx, s.sql(" WHERE id = ").value(func(s *statement) { s.string(string(m.ID)) }), "member")
	return met(n, err, "member")
}

// DeleteMember implements pontage.MemberWriter.
func (t tx) DeleteMember(ctx context.Context, id pontage.MemberID) error {
	return t.deleteRow(ctx, "members", string(id), "member")
}
