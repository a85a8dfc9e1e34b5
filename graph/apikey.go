package graph

import (
	"context"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/graph/model"
)

func placeOfKey(k *pontage.APIKey) pontage.Place {
	return pontage.Place{At: k.CreatedAt, ID: string(k.ID)}
}

func placeOfUsedKey(k *account.UsedKey) pontage.Place { return placeOfKey(&k.APIKey) }

// keys reads a page of API keys, and the last use of those alone.
func (r *Resolver) keys(ctx context.Context, q *question, f *model.APIKeyFilter) ([]account.UsedKey, error) {
	all, err := r.Accounts.Keys(ctx, actor(ctx), actor(ctx).AccountID)
	if err != nil {
		return nil, err
	}
	return r.Accounts.UsedKeys(ctx, actor(ctx), window(q, all, r.keyFits(f), placeOfKey))
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
		key := account.KeyInput{AccountID: by.AccountID, Label: in.Label}
		if in.ExpiresAt != nil {
			key.ExpiresAt = *in.ExpiresAt
		}
		return r.Accounts.IssueKey(ctx, by, key)
	})
}

func (r *Resolver) rotateKey(ctx context.Context, in model.RotateAPIKeyInput) (*account.IssuedKey, error) {
	issued, err := repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*account.IssuedKey, error) {
		return r.Accounts.RotateKey(ctx, by, in.ID, time.Duration(in.OverlapSeconds)*time.Second)
	})
	return issued, renamed(err, "/input/overlap", "/input/overlapSeconds")
}

func (r *Resolver) revokeKey(ctx context.Context, in model.RevokeAPIKeyInput) error {
	return repeatedly(ctx, func(ctx context.Context, by pontage.Actor) error {
		return r.Accounts.RevokeKey(ctx, by, in.ID)
	})
}
