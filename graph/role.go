package graph

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/partner"
)

func placeOfRole(r *pontage.Role) pontage.Place { return r.Place() }

func (r *Resolver) roles(ctx context.Context, client string, q *question, f *partner.RoleFilter) ([]pontage.Role, error) {
	if f == nil {
		f = &partner.RoleFilter{}
	}
	return r.Partners.Roles(ctx, actor(ctx), pontage.ClientID(client), *f, q.keyset())
}

func (r *Resolver) createRole(ctx context.Context, in model.CreateRoleInput) (*pontage.Role, error) {
	role := partner.RoleInput{ExpiresAt: orEmptyTime(in.ExpiresAt), Disabled: in.Disabled, RoleFields: pontage.RoleFields{
		Key: in.Key, Name: in.Name, Description: in.Description, Permissions: in.Permissions, Group: in.Group, Level: in.Level}}
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*pontage.Role, error) {
		return r.Partners.CreateRole(ctx, by, in.ClientID, role)
	})
}

func (r *Resolver) updateRole(ctx context.Context, in model.UpdateRoleInput) (*pontage.Role, error) {
	change := partner.RoleUpdate{Name: in.Name, Description: in.Description, Group: in.Group, Level: in.Level, ExpiresAt: moment(in.ExpiresAt), Disabled: in.Disabled}
	if in.Permissions != nil {
		change.Permissions = &in.Permissions
	}
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*pontage.Role, error) {
		return r.Partners.UpdateRole(ctx, by, in.ID, change)
	})
}

func (r *Resolver) deleteRole(ctx context.Context, id pontage.RoleID) error {
	return repeatedly(ctx, func(ctx context.Context, by pontage.Actor) error { return r.Partners.DeleteRole(ctx, by, id) })
}
