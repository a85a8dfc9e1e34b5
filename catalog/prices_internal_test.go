package catalog

import (
	"fmt"
	"testing"

	"github.com/pontage/pontage"
	"pgregory.net/rapid"
)

// No float touches money: every amount of 6 decimals is read as it was written, and one digit more is refused.
func TestAmountsAreExact(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m := pontage.Money(rapid.Int64Range(0, int64(pontage.MaxMoney)).Draw(r, "micros"))
		list, err := ParsePrices(fmt.Appendf(nil, "scopes: {\"*:*/*\": {prices: {request: %s, monthly: %s}}}", m, m))
		if err != nil {
			r.Fatal(err)
		}
		sc := pontage.Scope{Method: "GET", Host: "a.example", Segment: "b"}
		list.apply(&sc, "")
		if *sc.Price != m || sc.Offers["monthly"] != m {
			r.Fatalf("%s became %s and %s", m, *sc.Price, sc.Offers["monthly"])
		}
		whole, digit := m/1_000_000, rapid.IntRange(1, 9).Draw(r, "seventh decimal")
		if _, err := ParsePrices(fmt.Appendf(nil, "scopes: {\"*:*/*\": {prices: {request: %d.%06d%d}}}", whole, m%1_000_000, digit)); err == nil {
			r.Fatalf("7 decimals after %s were read", m)
		}
	})
}
