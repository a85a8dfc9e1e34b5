package storagetest_test

import (
	"fmt"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage/storagetest"
)

// BenchmarkUsageCalls opens a usage line of 1,000 calls that lie scattered among 100,000, at its beginning and at its end.
func BenchmarkUsageCalls(b *testing.B) {
	for engine, url := range map[string]func() string{
		"sqlite":   func() string { return storagetest.SQLite(b) },
		"postgres": func() string { return pgtest.URL(b) },
	} {
		store := storagetest.Open(b, url())
		var tenants []tenant
		for range 100 {
			tenants = append(tenants, newTenant(b, store, 0))
		}
		for range 50 {
			appendCalls(b, store, tenants, 2000, 200)
			if _, err := store.Fold(b.Context(), 2000, meter.Fold); err != nil {
				b.Fatal(err)
			}
		}
		for _, skip := range []int{0, 900} {
			b.Run(fmt.Sprintf("%s/%d", engine, skip), func(b *testing.B) {
				for b.Loop() {
					page := pontage.Page{Skip: skip, Limit: 100}
					calls, err := store.UsageCalls(b.Context(), pontage.UsageCallQuery{AccountID: tenants[7].account, Day: pontage.DayOf(start), Host: host, Page: page})
					if err != nil || len(calls) != 100 {
						b.Fatal(len(calls), err)
					}
				}
			})
		}
	}
}
