package graph

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
)

// nodes finds a node by the prefix of its id.
func (r *Resolver) nodes() map[string]func(ctx context.Context, id string) (model.Node, error) {
	return map[string]func(ctx context.Context, id string) (model.Node, error){
		"acc_": func(ctx context.Context, id string) (model.Node, error) {
			return r.Accounts.Account(ctx, actor(ctx), pontage.AccountID(id))
		},
		"key_": func(ctx context.Context, id string) (model.Node, error) {
			return r.Accounts.UsedKey(ctx, actor(ctx), pontage.APIKeyID(id))
		},
		"cli_": func(ctx context.Context, id string) (model.Node, error) {
			return r.Partners.Client(ctx, actor(ctx), pontage.ClientID(id))
		},
		"sec_": func(ctx context.Context, id string) (model.Node, error) {
			return r.Partners.Secret(ctx, actor(ctx), pontage.SecretID(id))
		},
		"lin_": func(ctx context.Context, id string) (model.Node, error) { return r.token(ctx, id) },
		"sco_": func(ctx context.Context, id string) (model.Node, error) { return r.scope(ctx, pontage.ScopeID(id)) },
		"cal_": func(ctx context.Context, id string) (model.Node, error) { return r.call(ctx, pontage.CallID(id)) },
		"sub_": func(ctx context.Context, id string) (model.Node, error) {
			return r.Meter.Subscription(ctx, actor(ctx), pontage.SubscriptionID(id))
		},
		"cbk_": func(ctx context.Context, id string) (model.Node, error) {
			return r.Meter.Callback(ctx, actor(ctx), pontage.CallbackID(id))
		},
	}
}

// maxNodes is how many nodes are found at once: each is a read of its own.
const maxNodes = 20

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
	if len(ids) > maxNodes {
		return nil, pontage.E(pontage.InvalidInput, "At most %d ids are answered at once.", maxNodes).At("ids")
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
