package storage

import (
	"context"

	"github.com/pontage/pontage"
)

// memberStatus are the conditions of the states of a member; the question mark stands for the time.
var memberStatus = map[pontage.MemberStatus]string{
	pontage.MemberExpired: "m.expires_at <= ?",
	pontage.MemberActive:  "m.user_id IS NOT NULL AND (m.expires_at IS NULL OR m.expires_at > ?)",
	pontage.MemberInvited: "m.user_id IS NULL AND (m.expires_at IS NULL OR m.expires_at > ?) AND m.invitation_until > ?",
	pontage.MemberLapsed:  "m.user_id IS NULL AND (m.expires_at IS NULL OR m.expires_at > ?) AND (m.invitation_until IS NULL OR m.invitation_until <= ?)",
}

// memberSortings look at the person, or at the e-mail an invitation went to.
var memberSortings = sortings{
	pontage.SortByEmail: byText("coalesce(u.email, m.email)"),
	pontage.SortByName:  func(s *statement) sorting { return byText("coalesce(" + s.field("u.profile", "name") + ", '')")(s) },
}

// Members implements pontage.MemberReader.
func (r reader) Members(ctx context.Context, q pontage.MemberQuery) ([]pontage.Member, error) {
	s := r.fixed("SELECT " + memberColumns + " FROM members m LEFT JOIN users u ON u.id = m.user_id WHERE m.client_id = ").value(func(s *statement) { s.string(string(q.ClientID)) })
	if q.RoleID != "" {
		s.sql(" AND m.role_id = ").value(func(s *statement) { s.string(string(q.RoleID)) })
	}
	for i, status := range q.Statuses {
		s.sql(map[bool]string{true: " AND ((", false: ") OR ("}[i == 0]).at(memberStatus[status], "?", q.Now)
	}
	if len(q.Statuses) > 0 {
		s.sql("))")
	}
	return listSorted(ctx, r, s, "m", memberSortings, q.Page, "member", memberTargets)
}

// Memberships implements pontage.MemberReader.
func (r reader) Memberships(ctx context.Context, q pontage.MembershipQuery) ([]pontage.Membership, error) {
	s := r.fixed(selectMemberships).value(func(s *statement) { s.string(string(q.UserID)) })
	s.at(" AND a.disabled_at IS NULL AND (m.expires_at IS NULL OR m.expires_at > ?) AND (r.id IS NULL OR "+roleLive+"?)))", "?", q.Now).holds("c.name", q.ClientName)
	all, err := listAfter(ctx, r, s, "m", q.Page, "member", membershipTargets)
	for i := range all {
		withBuiltIn(&all[i])
	}
	return all, err
}
