package token

import (
	"net/netip"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

type usage = meter.TokenUsage

// issuedJSON is a token at creation and rotation, the only times its texts are shown.
func issuedJSON(i *oauth.Issued, used usage) generated.TokenDetail {
	out := tokenJSON(&i.Detail, used)
	out.Token = i.Bearer
	if i.RefreshToken != "" {
		out.RefreshToken = &i.RefreshToken
	}
	return out
}

func tokenJSON(d *oauth.Detail, used usage) generated.TokenDetail {
	return generated.TokenDetail{
		Token: string(d.TokenID), Name: d.Name, Scopes: list(d.Scopes),
		CreatedAt: d.CreatedAt.UTC(), ExpireAt: d.ExpiresAt.UTC(), UpdatedAt: d.UpdatedAt.UTC(),
		Limits: limitsJSON(d.Limits),
		Stats: generated.TokenStats{
			TotalRequests: used.Usage.TotalRequests, WalletRequests: used.Usage.WalletRequests,
			SubscriptionRequests: used.Usage.SubscriptionRequests, ErrorRequests: used.Usage.ErrorRequests,
			WalletAmount: used.Usage.WalletAmount, Ip: addresses(used.Addresses),
		},
	}
}

func limitsJSON(l pontage.Limits) generated.TokenLimits {
	ip := make([]string, len(l.IP))
	for i, p := range l.IP {
		ip[i] = oauth.AddressText(p)
	}
	return generated.TokenLimits{
		TotalRequests: orNull(l.TotalRequests), WalletRequests: orNull(l.WalletRequests),
		SubscriptionRequests: orNull(l.SubscriptionRequests), WalletAmount: orNull((*openapi.LimitAmount)(l.WalletAmount)),
		Ip: nullable.NewNullableWithValue(ip),
	}
}

func orNull[T any](v *T) nullable.Nullable[T] {
	if v == nil {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(*v)
}

// timeOrNull is null for the zero time.
func timeOrNull(t time.Time) nullable.Nullable[time.Time] {
	if t.IsZero() {
		return nullable.NewNullNullable[time.Time]()
	}
	return nullable.NewNullableWithValue(t.UTC())
}

func addresses(all []netip.Addr) []string {
	out := make([]string, len(all))
	for i, a := range all {
		out[i] = addressText(a)
	}
	return out
}

// addressText is empty where no address is known.
func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// list is never null on the wire.
func list[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}
