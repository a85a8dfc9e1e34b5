package scalar

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
)

// MarshalMoney writes an amount as text, so that no client reads it into a float.
func MarshalMoney(m pontage.Money) graphql.Marshaler { return quoted(m.AppendTo) }

// UnmarshalMoney takes what pontage.ParseMoney takes, as text or as a number. A literal with decimals has gone through a float before
// it comes here, so it is refused.
func UnmarshalMoney(v any) (pontage.Money, error) {
	text, ok := number(v)
	if !ok {
		return 0, invalid(`The value is no amount: write it as text, "12.5".`)
	}
	return pontage.ParseMoney(text)
}

// MarshalLong writes a number.
func MarshalLong(n int64) graphql.Marshaler {
	return plain(func(out []byte) []byte { return strconv.AppendInt(out, n, 10) })
}

// UnmarshalLong takes whole numbers of 64 bits, as numbers or as text of digits.
func UnmarshalLong(v any) (int64, error) {
	text, ok := number(v)
	n, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil || strings.HasPrefix(text, "+") {
		return 0, invalid("The value is no whole number of 64 bits.")
	}
	return n, nil
}

// MarshalDateTime writes a moment in UTC; the zero time is null.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return quoted(func(out []byte) []byte { return t.UTC().AppendFormat(out, "2006-01-02T15:04:05.999999Z07:00") })
}

// UnmarshalDateTime takes RFC 3339 of the years 1970 to 9999 and cuts to microseconds, what the stores keep.
func UnmarshalDateTime(v any) (time.Time, error) {
	s, err := text(v, "moment")
	if err != nil {
		return time.Time{}, err
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || t.UTC().Year() < 1970 || t.UTC().Year() > 9999 {
		return time.Time{}, invalid("The value is no moment as RFC 3339 writes it, such as 2026-11-20T09:30:00Z.")
	}
	return t.UTC().Truncate(time.Microsecond), nil
}

// MarshalIPPrefix writes a prefix of one address as the address.
func MarshalIPPrefix(p netip.Prefix) graphql.Marshaler {
	if p.IsSingleIP() {
		return quoted(p.Addr().AppendTo)
	}
	return quoted(p.AppendTo)
}

// UnmarshalIPPrefix takes an address or a prefix in CIDR notation, without a zone; bits behind the prefix are cut off.
func UnmarshalIPPrefix(v any) (netip.Prefix, error) {
	bad := invalid("The value is neither an IP address nor a prefix in CIDR notation.")
	s, err := text(v, "prefix")
	if err != nil {
		return netip.Prefix{}, bad
	}
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, bad
	}
	if p.Addr().Is4In6() {
		if p.Bits() < 96 {
			return netip.Prefix{}, bad
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), nil
}

// MarshalIPAddress writes an address; an invalid one is null.
func MarshalIPAddress(a netip.Addr) graphql.Marshaler {
	if !a.IsValid() {
		return graphql.Null
	}
	return quoted(a.Unmap().WithZone("").AppendTo)
}

// UnmarshalIPAddress takes an address without a zone.
func UnmarshalIPAddress(v any) (netip.Addr, error) {
	s, err := text(v, "IP address")
	if err != nil {
		return netip.Addr{}, err
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Addr{}, invalid("The value is no IP address.")
	}
	return a.Unmap(), nil
}

// MarshalURL writes a URL; empty is null.
func MarshalURL(u string) graphql.Marshaler {
	if u == "" {
		return graphql.Null
	}
	return graphql.MarshalString(u)
}

// UnmarshalURL takes absolute http and https URLs with a host, without user and control characters.
func UnmarshalURL(v any) (string, error) {
	s, err := text(v, "URL")
	if err != nil {
		return "", err
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return "", invalid("The value is no absolute http or https URL.")
	}
	return s, nil
}
