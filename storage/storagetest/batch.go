package storagetest

import (
	"context"

	"github.com/pontage/pontage"
)

// Batcher is a store that writes batches.
type Batcher interface {
	Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error
}

// Batch runs one batch and returns once it is durable.
func Batch(ctx context.Context, store Batcher, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error)) error {
	durable := make(chan error, 1)
	if err := store.Batch(ctx, keys, decide, func(err error) { durable <- err }); err != nil {
		return err
	}
	return <-durable
}
