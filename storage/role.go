package storage

import (
	"context"

	"github.com/pontage/pontage"
)

const (
	roleColumns = "r.id, r.client_id, r.key, r.level, r.fields, r.created_at, r.updated_at, r.expires_at, r.disabled_at"
	selectRoles = "SELECT " + roleColumns + " FROM roles r WHERE "
)

// roleTargets also take the nulls of a join that found no role.
func roleTargets(r *pontage.Role) []any {
	return []any{textInto(&r.ID), textInto(&r.ClientID), textInto(&r.Key), levelInto(&r.Level), jsonInto(&r.RoleFields), timeInto(&r.CreatedAt),
		timeInto(&r.UpdatedAt), timeInto(&r.ExpiresAt), timeInto(&r.DisabledAt)}
}

func levelInto(to *int) scanner {
	return func(source any) error {
		n, _ := source.(int64)
		*to = int(n)
		return nil
	}
}

// Role implements pontage.MemberReader.
func (r reader) Role(ctx context.Context, id pontage.RoleID) (*pontage.Role, error) {
	if built, ok := pontage.BuiltInRole(id); ok {
		return &built, nil
	}
	return one(ctx, r, r.fixed(selectRoles+"r.id = ").value(func(s *statement) { s.string(string(id)) }), "role", roleTargets)
}

// roleLive is the condition that a role gives something, without the time that both its places want.
const roleLive = "(r.disabled_at IS NULL AND (r.expires_at IS NULL OR r.expires_at > "

// Roles implements pontage.MemberReader.
func (r reader) Roles(ctx context.Context, q pontage.RoleQuery) ([]pontage.Role, error) {
	s := r.fixed(selectRoles + "r.client_id = ").value(func(s *statement) { s.string(string(q.ClientID)) })
	if q.Active != nil {
		s.sql(" AND " + map[bool]string{true: "", false: "NOT "}[*q.Active] + roleLive).value(func(s *statement) { s.moment(q.Now) }).sql("))")
	}
	return listAfter(ctx, r, s, "r", q.Page, "role", roleTargets)
}

// RolesByID implements pontage.MemberReader.
func (r reader) RolesByID(ctx context.Context, ids []pontage.RoleID) ([]pontage.Role, error) {
	var roles []pontage.Role
	var own []pontage.RoleID
	for _, id := range ids {
		if built, ok := pontage.BuiltInRole(id); ok {
			roles = append(roles, built)
		} else {
			own = append(own, id)
		}
	}
	if len(own) == 0 {
		return roles, nil
	}
	found, err := list(ctx, r, in(r.fixed(selectRoles+"r.id IN "), own), "role", roleTargets)
	return append(roles, found...), err
}

// CountRoles implements pontage.MemberReader.
func (r reader) CountRoles(ctx context.Context, client pontage.ClientID) (int, error) {
	s := r.fixed("SELECT count(*) FROM roles WHERE client_id = ").value(func(s *statement) { s.string(string(client)) })
	return r.count(ctx, s, "role")
}

// InsertRole implements pontage.MemberWriter.
func (t tx) InsertRole(ctx context.Context, r pontage.Role) error {
	s := t.fixed("INSERT INTO roles (id, client_id, key, level, fields, created_at, updated_at, expires_at, disabled_at) VALUES ")
	s.rows(1, func(int) {
		s.string(string(r.ID)).string(string(r.ClientID)).string(r.Key).number(int64(r.Level)).json(r.RoleFields)
		s.moment(r.CreatedAt).moment(r.UpdatedAt).time(r.ExpiresAt).time(r.DisabledAt)
	})
	return t.insertFresh(ctx, s, 1, "role")
}

// UpdateRole implements pontage.MemberWriter.
func (t tx) UpdateRole(ctx context.Context, r pontage.Role) error {
	s := t.fixed("UPDATE roles SET level = ").value(func(s *statement) { s.number(int64(r.Level)) })
	s.sql(", fields = ").value(func(s *statement) { s.json(r.RoleFields) })
	s.sql(", updated_at = ").value(func(s *statement) { s.moment(r.UpdatedAt) })
	s.sql(", expires_at = ").value(func(s *statement) { s.time(r.ExpiresAt) })
	s.sql(", disabled_at = ").value(func(s *statement) { s.time(r.DisabledAt) })
	n, err := t.change(ctx, s.sql(" WHERE id = ").value(func(s *statement) { s.string(string(r.ID)) }), "role")
	return met(n, err, "role")
}

// DeleteRole implements pontage.MemberWriter.
func (t tx) DeleteRole(ctx context.Context, id pontage.RoleID) error {
	return t.deleteRow(ctx, "roles", string(id), "role")
}

// deleteRow deletes one row by its id; NotFound where there is none.
func (t tx) deleteRow(ctx context.Context, table, id, what string) error {
	n, err := t.change(ctx, t.fixed("DELETE FROM "+table+" WHERE id = ").value(func(s *statement) { s.string(id) }), what)
	return met(n, err, what)
}
