package graph

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/meter"
)

func (r *Resolver) buySubscription(ctx context.Context, in meter.PurchaseInput) (*pontage.Subscription, error) {
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*pontage.Subscription, error) {
		return r.Meter.BuySubscription(ctx, by, in)
	})
}

func (r *Resolver) setAutoRenew(ctx context.Context, id pontage.SubscriptionID, on bool) (*pontage.Subscription, error) {
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*pontage.Subscription, error) {
		return r.Meter.SetAutoRenew(ctx, by, id, on)
	})
}

// subscriptions reads a page of the account's, or of those that pay for a client.
func (r *Resolver) subscriptions(ctx context.Context, q *question, client *string, f *model.LogFilter) ([]pontage.Subscription, error) {
	if client == nil {
		return logged(ctx, r, q, f, r.Meter.Subscriptions)
	}
	return logged(ctx, r, q, f, func(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.Subscription, error) {
		return r.Meter.ClientSubscriptions(ctx, by, pontage.ClientID(*client), scopes, page)
	})
}

func (r *Resolver) subscription(ctx context.Context, id pontage.SubscriptionID, client *string) (*pontage.Subscription, error) {
	if client == nil {
		return found(r.Meter.Subscription(ctx, actor(ctx), id))
	}
	return found(r.Meter.ClientSubscription(ctx, actor(ctx), pontage.ClientID(*client), id))
}
