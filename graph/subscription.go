package graph

import (
	"context"

	"github.com/pontage/pontage"
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
