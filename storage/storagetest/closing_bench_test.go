package storagetest_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage/internal/pgtest"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage/storagetest"
)

// BenchmarkClosing closes and deletes a day of 100,000 settled calls of 20 tokens, and proves the books before and after.
func BenchmarkClosing(b *testing.B) {
	const calls = 100_000
	for engine, url := range map[string]func() string{
		"sqlite":   func() string { return storagetest.SQLite(b) },
		"postgres": func() string { return pgtest.URL(b) },
	} {
		b.Run(engine, func(b *testing.B) {
			var spent [4]time.Duration
			for b.Loop() {
				b.StopTimer()
				store := storagetest.Open(b, url())
				var tenants []tenant
				for range 20 {
					tenants = append(tenants, newTenant(b, store, 0))
				}
				for range calls / 1000 {
					appendCalls(b, store, tenants, 1000, 200)
				}
				foldAll(b, store, meter.Fold, new(atomic.Int64))
				b.StartTimer()
				for i, step := range []func() error{
					func() error { _, err := store.Differences(b.Context()); return err },
					func() error { _, err := store.CloseDays(b.Context(), day(0), seal); return err },
					func() error { _, err := store.Differences(b.Context()); return err },
					func() error {
						for {
							if n, err := store.DeleteCalls(b.Context(), start.AddDate(0, 0, 1), 200); err != nil || n == 0 {
								return err
							}
						}
					},
				} {
					began := b.Elapsed()
					if err := step(); err != nil {
						b.Fatal(err)
					}
					spent[i] += b.Elapsed() - began
				}
			}
			for i, name := range []string{"verify-open", "close", "verify-closed", "delete"} {
				b.ReportMetric(calls*float64(b.N)/spent[i].Seconds(), name+"-calls/s")
			}
		})
	}
}
