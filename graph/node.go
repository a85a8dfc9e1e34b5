package graph

import (
	"context"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
)

// finder finds the nodes of one kind, in as many reads for several ids as for one; those of others are left out.
type finder func(ctx context.Context, ids []string) (map[string]model.Node, error)

// finders know the kind of a node by the prefix of its id.
func (r *Resolver) finders() map[string]finder {
	return map[string]finder{
		"acc_": single(func(ctx context.Context, id string) (*pontage.Account, error) {
			return r.Accounts.Account(ctx, actor(ctx), pontage.AccountID(id))
		}),
		"usr_": single(r.user),
		"key_": several(r.Accounts.KeysByID),
		"ses_": several(r.Accounts.SessionsByID),
		"adr_": several(r.Accounts.AddressesByID),
		"ntf_": several(r.Accounts.NotificationsByID),
		"aud_": several(r.Accounts.AuditEntriesByID),
		"cli_": several(r.clientsByID),
		"csc_": r.clientScopesByID,
		"dom_": several(r.domainsByID),
		"url_": several(r.Partners.URLsByID),
		"sec_": several(r.secretsByID),
		"rol_": several(r.Partners.RolesByID),
		"mem_": several(r.Partners.MembersByID),
		"lin_": several(r.Tokens.ByLineage),
		"sco_": single(func(ctx context.Context, id string) (*model.Scope, error) { return r.scope(ctx, pontage.ScopeID(id)) }),
		"cal_": several(r.callsByID),
		"sub_": several(r.Meter.SubscriptionsByID),
		"cbk_": several(r.Meter.CallbacksByID),
	}
}

// single finds one after another: for kinds of which there is one, or that need no read of their own.
func single[T any](read func(ctx context.Context, id string) (*T, error)) finder {
	return func(ctx context.Context, ids []string) (map[string]model.Node, error) {
		all := make(map[string]model.Node, len(ids))
		for _, id := range ids {
			n, err := read(ctx, id)
			if pontage.CodeOf(err) == pontage.NotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			all[id] = n
		}
		return all, nil
	}
}

// several finds all at once.
func several[ID ~string, T any](read func(ctx context.Context, by pontage.Actor, ids []ID) (map[ID]T, error)) finder {
	return func(ctx context.Context, ids []string) (map[string]model.Node, error) {
		asked := make([]ID, len(ids))
		for i, id := range ids {
			asked[i] = ID(id)
		}
		found, err := read(ctx, actor(ctx), asked)
		all := make(map[string]model.Node, len(found))
		for id, n := range found {
			all[string(id)] = &n
		}
		return all, err
	}
}

// user is the person of the request; nobody finds others.
func (r *Resolver) user(ctx context.Context, id string) (*pontage.User, error) {
	if by := actor(ctx); by.Kind != pontage.ActorUser || string(by.UserID) != id {
		return nil, errNoNode
	}
	return r.Accounts.Me(ctx, actor(ctx))
}

func (r *Resolver) callsByID(ctx context.Context, by pontage.Actor, ids []pontage.CallID) (map[pontage.CallID]model.Call, error) {
	receipts, err := r.Meter.ReceiptsByID(ctx, by, ids)
	all := make(map[pontage.CallID]model.Call, len(receipts))
	for id := range receipts {
		all[id] = r.callOf(new(receipts[id]))
	}
	return all, err
}

// maxNodes is how many nodes are found at once.
const maxNodes = 20

func (r *Resolver) node(ctx context.Context, id string) (model.Node, error) {
	all, err := r.nodes(ctx, []string{id})
	if err == nil && all[0] == nil {
		err = errNoNode
	}
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// nodes finds nodes in the order of the ids, nil for those that are not there: as many reads as there are kinds among them need.
func (r *Resolver) nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if len(ids) > maxNodes {
		return nil, pontage.E(pontage.InvalidInput, "At most %d ids are answered at once.", maxNodes).At("ids")
	}
	kinds := map[string][]string{}
	for _, id := range ids {
		prefix, _, _ := strings.Cut(id, "_")
		kinds[prefix+"_"] = append(kinds[prefix+"_"], id)
	}
	found := map[string]model.Node{}
	for prefix, find := range r.finders() {
		if len(kinds[prefix]) == 0 {
			continue
		}
		some, err := find(ctx, kinds[prefix])
		if err != nil {
			return nil, err
		}
		for id, n := range some {
			found[id] = n
		}
	}
	all := make([]model.Node, len(ids))
	for i, id := range ids {
		all[i] = found[id]
	}
	return all, nil
}
