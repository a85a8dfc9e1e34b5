package partner

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
)

// NewFetcher makes the HTTP client for addresses that partners name. It reaches public addresses on port 443 alone, looked at when it
// dials, after the name was resolved; it follows no redirect, uses no proxy, and gives up after ten seconds.
func NewFetcher() *http.Client {
	dialer := &net.Dialer{Timeout: proofWait, Control: func(_, address string, _ syscall.RawConn) error { return guard(address) }}
	return &http.Client{
		Timeout:       proofWait,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, DisableKeepAlives: true, ResponseHeaderTimeout: proofWait, TLSHandshakeTimeout: proofWait,
			MaxResponseHeaderBytes: 16 << 10,
		},
	}
}

// notPublic are networks that look public and are not.
var notPublic = func() (all []netip.Prefix) {
	for _, text := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10"} {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}()

// guard refuses to dial what is not a public address on port 443.
func guard(address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := at.Addr().Unmap()
	private := !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Zone() != "" || ip.Is6() && !netip.MustParsePrefix("2000::/3").Contains(ip) ||
		slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(ip) })
	if private || at.Port() != 443 {
		return fmt.Errorf("partner: %s is not to be reached", address)
	}
	return nil
}
