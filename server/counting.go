package server

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
)

// counting is the meter's store. It says whose counters a batch changed, before the batch is answered, so that introspection on this
// instance never shows more left than there is.
type counting struct {
	*storage.Store
	changed func([]pontage.TokenID)
}

// Batch implements meter.Store.
func (c counting) Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error {
	var tokens []pontage.TokenID
	err := c.Store.Batch(ctx, keys, func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
		changes, err := decide(state)
		tokens = tokens[:0] // it may be decided again
		if changes != nil {
			for _, id := range changes.Lineages {
				tokens = append(tokens, state.Lineages[id].TokenID)
			}
		}
		return changes, err
	}, func(err error) {
		c.changed(tokens)
		durable(err)
	})
	if err != nil {
		c.changed(tokens) // it may be there all the same
	}
	return err
}
