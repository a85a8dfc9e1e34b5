package token

import (
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/openapi"
)

// tokenList is tokens as GET /tokens lists them: to the byte what their tokenJSON would marshal to, without making it. A page is half the
// work of the request otherwise.
type tokenList struct {
	tokens []oauth.Detail
	seen   map[pontage.LineageID][]netip.Addr
}

var _ openapi.Appender = tokenList{}

// tokenSize is about how many bytes a token takes.
const tokenSize = 1024

// AppendJSON implements openapi.Appender.
func (l tokenList) AppendJSON(out []byte) []byte {
	out = append(slices.Grow(out, tokenSize*(1+len(l.tokens))), '[')
	for i := range l.tokens {
		if i > 0 {
			out = append(out, ',')
		}
		t := &l.tokens[i]
		out = appendToken(out, t, l.seen[t.ID])
	}
	return append(out, ']')
}

func appendToken(out []byte, t *oauth.Detail, seen []netip.Addr) []byte {
	out = appendTime(append(out, `{"createdAt":`...), t.CreatedAt)
	out = appendTime(append(out, `,"expireAt":`...), t.ExpiresAt)
	out = appendLimits(append(out, `,"limits":`...), &t.Limits)
	out = openapi.AppendText(append(out, `,"name":`...), t.Name)
	out = appendList(append(out, `,"scopes":`...), t.Scopes, openapi.AppendText)
	out = appendUsage(append(out, `,"stats":`...), &t.Usage, seen)
	out = openapi.AppendText(append(out, `,"token":`...), string(t.TokenID))
	out = appendTime(append(out, `,"updatedAt":`...), t.UpdatedAt)
	return append(out, '}')
}

func appendLimits(out []byte, l *pontage.Limits) []byte {
	out = appendList(append(out, `{"ip":`...), l.IP, func(out []byte, p netip.Prefix) []byte {
		return append(append(append(out, '"'), oauth.AddressText(p)...), '"')
	})
	out = appendLimit(append(out, `,"subscriptionRequests":`...), l.SubscriptionRequests, appendNumber)
	out = appendLimit(append(out, `,"totalRequests":`...), l.TotalRequests, appendNumber)
	out = appendLimit(append(out, `,"walletAmount":`...), l.WalletAmount, appendMoney)
	out = appendLimit(append(out, `,"walletRequests":`...), l.WalletRequests, appendNumber)
	return append(out, '}')
}

func appendUsage(out []byte, u *pontage.Usage, seen []netip.Addr) []byte {
	out = appendNumber(append(out, `{"errorRequests":`...), u.ErrorRequests)
	out = appendList(append(out, `,"ip":`...), seen, func(out []byte, a netip.Addr) []byte { return openapi.AppendText(out, addressText(a)) })
	out = appendNumber(append(out, `,"subscriptionRequests":`...), u.SubscriptionRequests)
	out = appendNumber(append(out, `,"totalRequests":`...), u.TotalRequests)
	out = appendMoney(append(out, `,"walletAmount":`...), u.WalletAmount)
	out = appendNumber(append(out, `,"walletRequests":`...), u.WalletRequests)
	return append(out, '}')
}

func appendList[T any](out []byte, all []T, one func([]byte, T) []byte) []byte {
	out = append(out, '[')
	for i, v := range all {
		if i > 0 {
			out = append(out, ',')
		}
		out = one(out, v)
	}
	return append(out, ']')
}

// appendLimit writes null for no limit.
func appendLimit[T any](out []byte, v *T, one func([]byte, T) []byte) []byte {
	if v == nil {
		return append(out, "null"...)
	}
	return one(out, *v)
}

func appendNumber(out []byte, n int64) []byte { return strconv.AppendInt(out, n, 10) }

func appendMoney(out []byte, m pontage.Money) []byte { return append(out, m.String()...) }

func appendTime(out []byte, t time.Time) []byte {
	return append(t.UTC().AppendFormat(append(out, '"'), time.RFC3339Nano), '"')
}
