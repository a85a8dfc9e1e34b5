package storage

import (
	"context"

	"github.com/pontage/pontage"
)

// Write runs do as one unit of work; see pontage.Store.
func (s *Store) Write(ctx context.Context, do func(pontage.Tx) error) error {
	return s.unit(ctx, func(_ context.Context, t tx) error { return do(t) })
}

// Read runs do on one snapshot; see pontage.Store.
func (s *Store) Read(ctx context.Context, do func(pontage.Reader) error) error {
	return s.engine.snapshot(ctx, func(r reader) error { return do(r) })
}
