package model

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
)

// The pages of roles.
type (
	RoleConnection = Connection[pontage.Role]
	RoleEdge       = Edge[pontage.Role]
)

// CreateRoleInput and its siblings are the inputs and payloads of the mutations on roles.
type (
	CreateRoleInput struct {
		ClientID                      pontage.ClientID
		Key, Name, Description, Group string
		Permissions                   []pontage.Permission
		Level                         int
		ExpiresAt                     *time.Time
		Disabled                      bool
	}
	CreateRolePayload struct{ Role pontage.Role }
	UpdateRoleInput   struct {
		ID                       pontage.RoleID
		Name, Description, Group *string
		Permissions              []pontage.Permission
		Level                    *int
		ExpiresAt                graphql.Omittable[*time.Time]
		Disabled                 *bool
	}
	UpdateRolePayload struct{ Role pontage.Role }
	DeleteRoleInput   struct{ ID pontage.RoleID }
	DeleteRolePayload struct{ ID pontage.RoleID }
)
