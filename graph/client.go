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

func placeOfSecret(s *pontage.ClientSecret) pontage.Place {
	return pontage.Place{At: s.CreatedAt, ID: string(s.ID)}
}

func everySecret(*pontage.ClientSecret) bool { return true }

func (r *Resolver) clients(ctx context.Context, q *question) ([]pontage.Client, error) {
	all, err := r.Partners.List(ctx, actor(ctx), actor(ctx).AccountID, q.page)
	for i := range all {
		exchangeOf(ctx).batches.expectClient(&all[i])
	}
	return all, err
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
	return r.Partners.Client(ctx, actor(ctx), id)
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
