package token

import (
	"encoding/json"
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/openapi/token/generated"
)

func drawAddress(t *rapid.T) netip.Addr {
	if rapid.Bool().Draw(t, "four") {
		return netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "address")))
	}
	return netip.AddrFrom16([16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "address")))
}

func drawTime(t *rapid.T) time.Time {
	return time.UnixMicro(rapid.Int64Range(0, 1e16).Draw(t, "time")).In(time.FixedZone("", 3600))
}

func drawLimit(t *rapid.T) *int64 {
	return rapid.Ptr(rapid.Int64(), true).Draw(t, "limit")
}

func drawDetail(t *rapid.T) (oauth.Detail, []netip.Addr) {
	amount := func(name string) pontage.Money { return pontage.Money(rapid.Int64().Draw(t, name)) }
	d := oauth.Detail{Scopes: rapid.SliceOf(rapid.String()).Draw(t, "scopes"), Lineage: pontage.Lineage{
		ID: pontage.LineageID(rapid.StringMatching(`lin_[a-z]{3}`).Draw(t, "id")), Name: rapid.String().Draw(t, "name"), TokenID: "0123456789abcdef01234567",
		CreatedAt: drawTime(t), UpdatedAt: drawTime(t), ExpiresAt: drawTime(t),
		Limits: pontage.Limits{TotalRequests: drawLimit(t), WalletRequests: drawLimit(t), SubscriptionRequests: drawLimit(t)},
		Usage: pontage.Usage{TotalRequests: rapid.Int64().Draw(t, "total"), WalletRequests: rapid.Int64().Draw(t, "wallet"),
			SubscriptionRequests: rapid.Int64().Draw(t, "subscription"), ErrorRequests: rapid.Int64().Draw(t, "error"), WalletAmount: amount("spent")},
	}}
	if rapid.Bool().Draw(t, "bounded") {
		bound := amount("bound")
		d.Limits.WalletAmount = &bound
	}
	for range rapid.IntRange(0, 3).Draw(t, "prefixes") {
		p, _ := drawAddress(t).Prefix(rapid.IntRange(0, 32).Draw(t, "bits"))
		d.Limits.IP = append(d.Limits.IP, p)
	}
	var seen []netip.Addr
	for range rapid.IntRange(0, 3).Draw(t, "addresses") {
		seen = append(seen, drawAddress(t))
	}
	return d, seen
}

// The list is written without the generated types; what a partner's SDK was generated from must still be what it gets, to the byte.
func TestAListedTokenIsWrittenAsDocumented(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := tokenList{seen: map[pontage.LineageID][]netip.Addr{}}
		documented := []generated.TokenDetail{}
		for range rapid.IntRange(0, 3).Draw(t, "tokens") {
			d, seen := drawDetail(t)
			list.tokens, list.seen[d.ID] = append(list.tokens, d), seen
		}
		for i := range list.tokens {
			d := &list.tokens[i]
			documented = append(documented, tokenJSON(d, usage{Usage: d.Usage, Addresses: list.seen[d.ID]}))
		}
		want, err := json.Marshal(documented)
		if err != nil {
			t.Fatal(err)
		}
		if got := list.AppendJSON([]byte("x")); string(got) != "x"+string(want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}

func BenchmarkTokenList(b *testing.B) {
	total, amount := int64(1_000_000_000), pontage.Money(1_000_000_000_000)
	d := oauth.Detail{Lineage: pontage.Lineage{ID: "lin_1", Name: "bench", TokenID: "0123456789abcdef01234567", CreatedAt: time.Now(), UpdatedAt: time.Now(),
		ExpiresAt: time.Now(), Limits: pontage.Limits{TotalRequests: &total, WalletRequests: &total, SubscriptionRequests: &total, WalletAmount: &amount,
			IP: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}}}
	for range 10 {
		d.Scopes = append(d.Scopes, "GET:bench.example/s1")
	}
	list := tokenList{tokens: make([]oauth.Detail, 50)}
	for i := range list.tokens {
		list.tokens[i] = d
	}
	b.Run("appended", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			list.AppendJSON(nil)
		}
	})
	b.Run("marshalled", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			out := make([]generated.TokenDetail, len(list.tokens))
			for i := range list.tokens {
				out[i] = tokenJSON(&list.tokens[i], usage{})
			}
			if _, err := json.Marshal(out); err != nil {
				b.Fatal(err)
			}
		}
	})
}
