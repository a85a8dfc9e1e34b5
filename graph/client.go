package graph

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/partner"
)

func (q *question) placeOfClient(c *pontage.Client) pontage.Place {
	return q.place(string(c.ID), c.CreatedAt, map[pontage.SortKey]string{pontage.SortByName: c.Name}, nil)
}

func (r *Resolver) clients(ctx context.Context, q *question, f *model.ClientFilter) ([]pontage.Client, error) {
	var filter pontage.ClientFilter
	if f != nil {
		filter = pontage.ClientFilter{Active: f.Active, Name: orEmpty(f.Name)}
	}
	by := actor(ctx)
	all, err := r.Partners.Clients(ctx, by, by.AccountID, filter, q.keyset())
	clients := make([]pontage.Client, len(all))
	for i := range all {
		clients[i] = all[i].Client
		exchangeOf(ctx).batches.seeClient(&all[i])
	}
	return clients, err
}

// clientsByID gives those of several clients that the caller may see, and remembers what the caller may do on them.
func (r *Resolver) clientsByID(ctx context.Context, by pontage.Actor, ids []pontage.ClientID) (map[pontage.ClientID]pontage.Client, error) {
	on, err := r.Partners.Authorities(ctx, by, ids)
	seen := make(map[pontage.ClientID]pontage.Client, len(on))
	for id, a := range on {
		if a.Holds(pontage.ClientRead) {
			seen[id] = a.Client
			exchangeOf(ctx).batches.seeClient(a)
		}
	}
	return seen, err
}

// client gives a client, and remembers what the caller may do on it.
func (r *Resolver) client(ctx context.Context, id pontage.ClientID) (*pontage.Client, error) {
	a, err := found(r.Partners.May(ctx, actor(ctx), id, pontage.ClientRead))
	if err != nil {
		return nil, err
	}
	exchangeOf(ctx).batches.seeClient(a)
	return &a.Client, nil
}

// clientOf gives the client of something below it.
func clientOf(ctx context.Context, id pontage.ClientID) (*pontage.Client, error) {
	b := exchangeOf(ctx).batches
	a, err := b.authority(ctx, id, pontage.ClientRead)
	if err != nil {
		return nil, err
	}
	b.expectBelow(id)
	return &a.Client, nil
}

func (r *Resolver) createClient(ctx context.Context, in model.CreateClientInput) (*partner.NewClient, error) {
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*partner.NewClient, error) {
		return r.Partners.CreateClient(ctx, by, partner.CreateInput{AccountID: by.AccountID, Name: in.Name})
	})
}

func (r *Resolver) renameClient(ctx context.Context, in model.RenameClientInput) (*pontage.Client, error) {
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*pontage.Client, error) {
		return r.Partners.Rename(ctx, by, in.ID, in.Name)
	})
}

func (r *Resolver) setDisabled(ctx context.Context, id pontage.ClientID, disabled bool) (*pontage.Client, error) {
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*pontage.Client, error) {
		return r.Partners.SetDisabled(ctx, by, id, disabled)
	})
}

func (r *Resolver) deleteClient(ctx context.Context, in model.DeleteClientInput) error {
	return repeatedly(ctx, func(ctx context.Context, by pontage.Actor) error {
		return r.Partners.Delete(ctx, by, partner.DeleteInput{ClientID: in.ID, Confirmation: in.Confirmation})
	})
}
