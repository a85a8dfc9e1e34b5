package graph

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
)

// errNoNode is the one answer for ids that do not exist, are someone else's, or are none.
var errNoNode = pontage.E(pontage.NotFound, "Not Found").At("id")

// nodes finds a node by the prefix of its id.
func (r *Resolver) nodes() map[string]func(ctx context.Context, id string) (model.Node, error) {
	return map[string]func(ctx context.Context, id string) (model.Node, error){
		"acc_": func(ctx context.Context, id string) (model.Node, error) {
			return r.Accounts.Account(ctx, actor(ctx), pontage.AccountID(id))
		},
		"key_": func(ctx context.Context, id string) (model.Node, error) {
			return r.Accounts.Key(ctx, actor(ctx), pontage.APIKeyID(id))
		},
	}
}

func (r *Resolver) node(ctx context.Context, id string) (model.Node, error) {
	prefix, _, _ := strings.Cut(id, "_")
	find, ok := r.nodes()[prefix+"_"]
	if !ok {
		return nil, errNoNode
	}
	n, err := find(ctx, id)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, errNoNode
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

// several finds nodes in the order of the ids; null for those that are not there.
func (r *Resolver) several(ctx context.Context, ids []string) ([]model.Node, error) {
	if len(ids) > maxPage {
		return nil, pontage.E(pontage.InvalidInput, "At most %d ids are answered at once.", maxPage).At("ids")
	}
	all := make([]model.Node, len(ids))
	for i, id := range ids {
		n, err := r.node(ctx, id)
		if err != nil && pontage.CodeOf(err) != pontage.NotFound {
			return nil, err
		}
		all[i] = n
	}
	return all, nil
}
