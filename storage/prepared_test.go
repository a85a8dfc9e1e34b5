package storage

import (
	"sync"
	"testing"

	"github.com/pontage/pontage"
)

// Snapshots hold their connections; where all of them meet a statement that is new, none may wait for one more.
func TestSnapshotsDoNotWaitForEachOtherToPrepare(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		s := mustOpen(t, url)
		var inside, all sync.WaitGroup
		inside.Add(defaultReaders())
		for range defaultReaders() {
			all.Go(func() {
				err := s.Read(t.Context(), func(r pontage.Reader) error {
					inside.Done()
					inside.Wait() // now every connection is taken
					_, err := r.Tail(t.Context(), "acc_1")
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}
