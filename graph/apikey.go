package graph

import (
	"context"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/graph/model"
)

func placeOfUsedKey(k *account.UsedKey) pontage.Place {
	return pontage.Place{At: k.CreatedAt, ID: string(k.ID)}
}

// keys reads a page of API keys with their last use.
func (r *Resolver) keys(ctx context.Context, q *question, f *model.APIKeyFilter) ([]account.UsedKey, error) {
	var live *bool
	if f != nil {
		live = f.Active
	}
	return r.Accounts.KeyPage(ctx, actor(ctx), actor(ctx).AccountID, live, q.keyset())
}

// key gives one API key.
func (r *Resolver) key(ctx context.Context, id pontage.APIKeyID) (*account.UsedKey, error) {
	all, err := r.Accounts.KeysByID(ctx, actor(ctx), []pontage.APIKeyID{id})
	k, ok := all[id]
	if err == nil && !ok {
		err = errNoNode
	}
	return &k, err
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
