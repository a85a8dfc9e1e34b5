package oauth

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"pgregory.net/rapid"
)

func number(n int64) *int64 { return &n }

func money(n pontage.Money) *pontage.Money { return &n }

func prefixes(texts ...string) []netip.Prefix {
	list, err := ParseAddresses(texts)
	if err != nil {
		panic(err)
	}
	return list
}

// A bearer that could give more than it has would let a partner's narrow token be traded for a wide one.
func TestABearerGivesOnlyWhatItHas(t *testing.T) {
	end := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	own := terms{
		scopes: newScopeSet([]pontage.ScopeID{"a", "b"}).members, expiresAt: end,
		limits: pontage.Limits{
			TotalRequests: number(10), WalletRequests: number(5), SubscriptionRequests: number(0), WalletAmount: money(2_500_000),
			IP: prefixes("10.0.0.0/8", "2001:db8::/32", "192.0.2.7"),
		},
	}
	for name, c := range map[string]struct {
		change func(*terms)
		field  string
	}{
		"the same":                  {func(*terms) {}, ""},
		"less of everything":        {func(x *terms) { x.scopes, x.expiresAt = nil, end.Add(-1); x.limits.TotalRequests = number(0) }, ""},
		"narrower addresses":        {func(x *terms) { x.limits.IP = prefixes("10.1.0.0/16", "2001:db8:1::/48") }, ""},
		"one more scope":            {func(x *terms) { x.scopes = newScopeSet([]pontage.ScopeID{"a", "c"}).members }, "/scopes"},
		"one request more":          {func(x *terms) { x.limits.TotalRequests = number(11) }, "/limits/totalRequests"},
		"no total limit":            {func(x *terms) { x.limits.TotalRequests = nil }, "/limits/totalRequests"},
		"one wallet request more":   {func(x *terms) { x.limits.WalletRequests = number(6) }, "/limits/walletRequests"},
		"a subscription request":    {func(x *terms) { x.limits.SubscriptionRequests = number(1) }, "/limits/subscriptionRequests"},
		"a micro-unit more":         {func(x *terms) { x.limits.WalletAmount = money(2_500_001) }, "/limits/walletAmount"},
		"a microsecond longer":      {func(x *terms) { x.expiresAt = end.Add(time.Microsecond) }, "/ttl"},
		"any address":               {func(x *terms) { x.limits.IP = nil }, "/limits/ip"},
		"a wider prefix":            {func(x *terms) { x.limits.IP = prefixes("10.0.0.0/7") }, "/limits/ip"},
		"one address of two":        {func(x *terms) { x.limits.IP = prefixes("10.0.0.1", "11.0.0.1") }, "/limits/ip"},
		"a neighbour of an address": {func(x *terms) { x.limits.IP = prefixes("192.0.2.8") }, "/limits/ip"},
		"the other family":          {func(x *terms) { x.limits.IP = prefixes("::/0") }, "/limits/ip"},
	} {
		t.Run(name, func(t *testing.T) {
			given := own
			c.change(&given)
			err := given.within(own)
			var e *pontage.Error
			switch {
			case c.field == "" && err != nil:
				t.Fatalf("refused: %v", err)
			case c.field != "" && (!errors.As(err, &e) || e.Code != pontage.Forbidden || e.Field != c.field):
				t.Fatalf("got %v, want Forbidden at %s", err, c.field)
			}
		})
	}
}

// What is used up is not there to be given any more, and usage beyond a limit that was lowered later is not negative room.
func TestOnlyWhatIsLeftCanBeGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit, used := rapid.Int64Range(0, 1<<40).Draw(t, "limit"), rapid.Int64Range(0, 1<<40).Draw(t, "used")
		rest := left(pontage.Limits{TotalRequests: &limit, WalletAmount: money(pontage.Money(limit))},
			pontage.Usage{TotalRequests: used, WalletAmount: pontage.Money(used)})
		want := max(limit-used, 0)
		if *rest.TotalRequests != want || int64(*rest.WalletAmount) != want || rest.WalletRequests != nil {
			t.Fatalf("limit %d, used %d: left %d and %d", limit, used, *rest.TotalRequests, *rest.WalletAmount)
		}
	})
}
