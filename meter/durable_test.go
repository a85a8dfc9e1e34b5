package meter_test

import (
	"context"
	"errors"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// slowDisk has what batches wrote when it is told how that went.
type slowDisk struct {
	meter.Store
	written chan struct{}
	kept    chan error
}

func (s *slowDisk) Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error {
	lost := make(chan error, 1)
	err := s.Store.Batch(ctx, keys, decide, func(err error) { lost <- err })
	if err == nil {
		s.written <- struct{}{}
		go func() { durable(errors.Join(<-s.kept, <-lost)) }()
	}
	return err
}

// An admission must not be told while power can still take it, and what was not told in the end is given back.
func TestACallIsDecidedOnceTheDiskHasIt(t *testing.T) {
	lost := pontage.E(pontage.Unavailable, "The disk is broken.").Because(pontage.ErrUnknownOutcome)
	for name, kept := range map[string]error{"kept": nil, "lost": lost} {
		t.Run(name, func(t *testing.T) {
			storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
				w := newTown(t, open(), "1")
				disk := &slowDisk{w.store, make(chan struct{}, 8), make(chan error, 8)}
				m := w.run(w.meter(disk))
				told := make(chan error, 1)
				go func() {
					_, err := m.Reserve(t.Context(), w.attempt(priced))
					told <- err
				}()
				<-disk.written
				w.wallet("1", "0.01") // it is in the books
				select {
				case err := <-told:
					t.Fatalf("told before the disk had it: %v", err)
				default:
				}
				disk.kept <- kept
				if err := <-told; pontage.CodeOf(err) != pontage.CodeOf(kept) {
					t.Fatalf("told %v, want %v", err, kept)
				}
				close(disk.kept) // from now on the disk is fast
				if kept != nil {
					w.must(m.Drain(t.Context()))
					w.wallet("1", "0")
				}
				w.equal(m)
			})
		})
	}
}
