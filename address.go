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

// Contains says whether address lies in one of the prefixes.
func Contains(prefixes []netip.Prefix, address netip.Addr) bool {
	for _, p := range prefixes {
		if p.Contains(address) {
			return true
		}
	}
	return false
}
