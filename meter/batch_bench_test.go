package meter_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
	"github.com/pontage/pontage/storage/storagetest"
)

// BenchmarkReserveAndSettle makes paid calls, each reserved and settled durably, by so many callers at once.
func BenchmarkReserveAndSettle(b *testing.B) {
	for _, engine := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", storagetest.SQLite}, {"postgres", pgtest.URL}} {
		for _, callers := range []int{1, 16, 256} {
			b.Run(fmt.Sprintf("%s/%d", engine.name, callers), func(b *testing.B) {
				w := newTown(b, storagetest.Open(b, engine.url(b)), "1000000")
				w.scopes[priced].RatePerMinute = 1 << 40
				m := w.run(w.meter(nil))
				attempts := make(chan pontage.Attempt, callers)
				var all sync.WaitGroup
				b.ReportAllocs()
				b.ResetTimer()
				for range callers {
					all.Go(func() {
						for a := range attempts {
							a.CallID = pontage.NewCallID(w.clock.Now())
							d, err := m.Reserve(b.Context(), a)
							if err != nil || !d.Admitted {
								b.Error(d, err)
								return
							}
							if err := m.Settle(b.Context(), ended(a.CallID, 200)); err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				a := w.attempt(priced)
				for range b.N {
					attempts <- a
				}
				close(attempts)
				all.Wait()
				b.StopTimer()
				w.equal(m)
			})
		}
	}
}
