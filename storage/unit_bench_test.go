package storage

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
)

// BenchmarkUnit measures durable units of work: one small row each, by 1, 16 and 64 callers at once.
func BenchmarkUnit(b *testing.B) {
	for _, engine := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", freshSQLite}, {"postgres", pgtest.URL}} {
		for _, callers := range []int{1, 16, 64} {
			b.Run(fmt.Sprintf("%s/%d", engine.name, callers), func(b *testing.B) {
				s := mustOpen(b, engine.url(b))
				var n atomic.Int64
				var all sync.WaitGroup
				b.ResetTimer()
				for range callers {
					all.Go(func() {
						for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
							if err := s.unit(context.Background(), addSet(i)); err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				all.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "units/s")
			})
		}
	}
}

func addSet(i int64) func(context.Context, tx) error {
	id := pontage.ScopeSetID(fmt.Sprintf("set_%09d", i))
	return func(ctx context.Context, u tx) error {
		return u.InsertScopeSet(ctx, pontage.ScopeSet{ID: id, Digest: []byte(id)})
	}
}
