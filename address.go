package pontage

import (
	"net/netip"
	"strings"
)

// ClientAddress gives the address a request came from. Forwarded headers count only where the peer is a trusted proxy; then the
// hops are read from the right and the first that is not trusted is the client. A hop that does not parse ends the walk at the
// last good one.
func ClientAddress(peer netip.Addr, forwardedFor []string, trusted []netip.Prefix) netip.Addr {
	client := peer.Unmap().WithZone("")
	hops := strings.Split(strings.Join(forwardedFor, ","), ",")
	for i := len(hops) - 1; i >= 0 && Contains(trusted, client); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		client = hop.Unmap().WithZone("")
	}
	return client
}

// OnlyForwarded gives the one value of a header that a trusted proxy sets, empty for none: of several, a proxy that appends has left the
// caller's own in front.
func OnlyForwarded(values []string) string {
	if len(values) == 1 {
		return values[0]
	}
	return ""
}

// Contains says whether address lies in one of the prefixes.
func Contains(prefixes []netip.Prefix, address netip.Addr) bool {
	for _, p := range prefixes {
		if p.Contains(address) {
			return true
		}
	}
	return false
}
