package graph

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/graph/model"
)

func placeOfKey(k *pontage.APIKey) pontage.Place {
	return pontage.Place{At: k.CreatedAt, ID: string(k.ID)}
}

// keyFits says whether a filter lets an API key through.
func (r *Resolver) keyFits(f *model.APIKeyFilter) func(*pontage.APIKey) bool {
	now := r.Clock.Now()
	return func(k *pontage.APIKey) bool {
		return f == nil || f.Active == nil || *f.Active == pontage.Live(now, k.ExpiresAt, k.RevokedAt)
	}
}

func (r *Resolver) createKey(ctx context.Context, in model.CreateAPIKeyInput) (*account.IssuedKey, error) {
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*account.IssuedKey, error) {
		return r.Accounts.CreateKey(ctx, by, by.AccountID, in.Label)
	})
}

func (r *Resolver) revokeKey(ctx context.Context, in model.RevokeAPIKeyInput) error {
	return repeatedly(ctx, func(ctx context.Context, by pontage.Actor) error {
		return r.Accounts.RevokeKey(ctx, by, in.ID)
	})
}
