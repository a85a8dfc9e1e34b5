package server

import (
	"context"
	"time"
)

// sweepEvery is how often expired idempotency keys are deleted.
const sweepEvery = time.Minute

// sweepKeys deletes what is over until ctx ends; what fails is tried again with the next turn.
func (i *Instance) sweepKeys(ctx context.Context) {
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
	}
}
