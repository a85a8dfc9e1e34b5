package storagetest_test

import (
	"fmt"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// BenchmarkFold folds a thousand settled calls of 20 accounts with a token each, from one address each or from ten, by the meter's rule, as
// one operation.
func BenchmarkFold(b *testing.B) {
	for engine, url := range map[string]func() string{
		"sqlite":   func() string { return storagetest.SQLite(b) },
		"postgres": func() string { return pgtest.URL(b) },
	} {
		for _, addresses := range []int{20, 200} {
			b.Run(fmt.Sprint(engine, "/", addresses), func(b *testing.B) {
				store := storagetest.Open(b, url())
				var tenants []tenant
				for range 20 {
					tenants = append(tenants, newTenant(b, store, 0))
				}
				for b.Loop() {
					b.StopTimer()
					appendCalls(b, store, tenants, 1000, addresses)
					b.StartTimer()
					if n, err := store.Fold(b.Context(), 1000, meter.Fold); err != nil || n != 2000 {
						b.Fatal(n, err)
					}
				}
				b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "calls/s")
			})
		}
	}
}

func appendCalls(b *testing.B, store *storage.Store, tenants []tenant, n, addresses int) {
	changes := &pontage.BatchChanges{}
	for i := range n {
		c := tenants[i%len(tenants)].call(1, start)
		c.Address = address(i % addresses)
		changes.Calls = append(changes.Calls, c)
		changes.Outcomes = append(changes.Outcomes, pontage.Outcome{CallID: c.ID, Kind: pontage.OutcomeSettled, Status: 200, At: start})
	}
	err := storagetest.Batch(b.Context(), store, pontage.BatchKeys{Now: start}, func(*pontage.BatchState) (*pontage.BatchChanges, error) { return changes, nil })
	if err != nil {
		b.Fatal(err)
	}
}
