package pontage

import (
	"net/netip"
	"strings"
)

// IsLocalName says whether a host means the machine that uses it: localhost and the names below it (RFC 6761, section 6.3), and loopback
// addresses. A name is looked up nowhere.
func IsLocalName(host string) bool {
	host = strings.ToLower(host)
	address, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && address.IsLoopback()
}
