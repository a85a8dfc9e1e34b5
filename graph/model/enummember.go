package model

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
)

// MarshalPermission writes a permission with an underscore for its dot.
func MarshalPermission(p pontage.Permission) graphql.Marshaler {
	return capitals(strings.ReplaceAll(string(p), ".", "_"))
}

// UnmarshalPermission reads a permission.
func UnmarshalPermission(v any) (pontage.Permission, error) {
	s, err := small(v)
	return pontage.Permission(strings.ReplaceAll(s, "_", ".")), err
}

// MarshalRoleStatus writes the state of a role.
func MarshalRoleStatus(s pontage.RoleStatus) graphql.Marshaler { return capitals(string(s)) }

// UnmarshalRoleStatus reads the state of a role.
func UnmarshalRoleStatus(v any) (pontage.RoleStatus, error) {
	s, err := small(v)
	return pontage.RoleStatus(s), err
}

// MarshalMemberStatus writes the state of a member.
func MarshalMemberStatus(s pontage.MemberStatus) graphql.Marshaler { return capitals(string(s)) }

// UnmarshalMemberStatus reads the state of a member.
func UnmarshalMemberStatus(v any) (pontage.MemberStatus, error) {
	s, err := small(v)
	return pontage.MemberStatus(s), err
}
