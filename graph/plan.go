package graph

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/partner"
)

func (r *Resolver) plan(ctx context.Context) (*partner.PlanStatus, error) {
	return r.Partners.PlanOf(ctx, actor(ctx), actor(ctx).AccountID)
}

// upgradePlan shows the plan as it is after it was booked, and by a repeat as it is then.
func (r *Resolver) upgradePlan(ctx context.Context, in model.UpgradePlanInput) (*partner.PlanStatus, error) {
	_, err := repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*pontage.Plan, error) {
		return r.Partners.Upgrade(ctx, by, partner.UpgradeInput{AccountID: by.AccountID, Fee: &in.Fee})
	})
	if err != nil {
		return nil, err
	}
	return r.plan(ctx)
}

func (r *Resolver) cancelPlan(ctx context.Context) (*partner.PlanStatus, error) {
	_, err := repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*pontage.Plan, error) {
		return r.Partners.Cancel(ctx, by, by.AccountID)
	})
	if err != nil {
		return nil, err
	}
	return r.plan(ctx)
}
