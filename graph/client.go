package graph

import (
	"context"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/partner"
)

func placeOfClient(c *pontage.Client) pontage.Place {
	return pontage.Place{At: c.CreatedAt, ID: string(c.ID)}
}

func placeOfSecret(s *pontage.UsedSecret) pontage.Place {
	return pontage.Place{At: s.CreatedAt, ID: string(s.ID)}
}

func (r *Resolver) clients(ctx context.Context, q *question) ([]pontage.Client, error) {
	by := actor(ctx)
	all, err := r.Partners.Clients(ctx, by, by.AccountID, pontage.ClientFilter{}, q.keyset())
	clients := make([]pontage.Client, len(all))
	for i := range all {
		clients[i] = all[i].Client
		exchangeOf(ctx).batches.seeClient(&all[i])
	}
	return clients, err
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

func (r *Resolver) createClient(ctx context.Context, in model.CreateClientInput) (*pontage.Client, error) {
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*pontage.Client, error) {
		return r.Partners.Create(ctx, by, partner.CreateInput{AccountID: by.AccountID, Name: in.Name})
	})
}

func (r *Resolver) setDisabled(ctx context.Context, id pontage.ClientID, disabled bool) (*pontage.Client, error) {
	err := repeatedly(ctx, func(ctx context.Context, by pontage.Actor) error {
		return r.Partners.SetDisabled(ctx, by, id, disabled)
	})
	if err != nil {
		return nil, err
	}
	return r.client(ctx, id)
}

// secrets reads a page of a client's secrets.
func (r *Resolver) secrets(ctx context.Context, client pontage.ClientID, q *question) ([]pontage.UsedSecret, error) {
	b := exchangeOf(ctx).batches
	if _, err := b.authority(ctx, client, pontage.SecretRead); err != nil {
		return nil, err
	}
	return b.secrets.get(ctx, client, q, nil, func(ctx context.Context, clients []pontage.ClientID) (map[pontage.ClientID][]pontage.UsedSecret, error) {
		return r.Partners.SecretsOf(ctx, b.seen(), clients, nil, q.keyset())
	})
}

func (r *Resolver) createSecret(ctx context.Context, in model.CreateClientSecretInput) (*partner.IssuedSecret, error) {
	var expiresAt time.Time
	if in.ExpiresAt != nil {
		expiresAt = *in.ExpiresAt
	}
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*partner.IssuedSecret, error) {
		return r.Partners.CreateSecret(ctx, by, partner.SecretInput{ClientID: in.ClientID, Label: in.Label, ExpiresAt: expiresAt})
	})
}

func (r *Resolver) revokeSecret(ctx context.Context, id pontage.SecretID) error {
	return repeatedly(ctx, func(ctx context.Context, by pontage.Actor) error { return r.Partners.RevokeSecret(ctx, by, id) })
}
