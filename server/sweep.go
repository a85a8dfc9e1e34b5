package server

import (
	"context"
	"time"
)

// sweepEvery is how often what has expired is deleted.
const sweepEvery = time.Minute

// sweepExpired deletes what is over until ctx ends; what fails is tried again with the next turn.
func (i *Instance) sweepExpired(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if _, err := i.Idempotency.Sweep(ctx); err != nil && ctx.Err() == nil {
			i.log.Warn("expired idempotency keys were not deleted", "error", err)
		}
		if err := i.Partners.RenewPlans(ctx); err != nil && ctx.Err() == nil {
			i.log.Warn("plans were not renewed", "error", err)
		}
		if _, err := i.Accounts.Sweep(ctx); err != nil && ctx.Err() == nil {
			i.log.Warn("expired sessions and links were not deleted", "error", err)
		}
	}
}
