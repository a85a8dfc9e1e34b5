package oauth

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/pontage/pontage"
)

const maxAddresses = 100

// ParseAddresses reads an IP list: addresses and CIDR prefixes, IPv4 and IPv6. The result is canonical: an IPv4 address inside IPv6 is
// IPv4, bits behind the prefix are zero. InvalidInput at "/limits/ip" (over 100 entries) or "/limits/ip/<i>".
func ParseAddresses(texts []string) ([]netip.Prefix, error) {
	list := make([]netip.Prefix, 0, min(len(texts), maxAddresses))
	for i, text := range texts {
		if i == maxAddresses {
			return nil, pontage.E(pontage.InvalidInput, "At most %d addresses are allowed.", maxAddresses).At("/limits/ip")
		}
		p, ok := parseAddress(text)
		if !ok {
			return nil, badAddress(i)
		}
		list = append(list, p)
	}
	return list, nil
}

// AddressText writes a prefix as ParseAddresses reads it: a single address without its length.
func AddressText(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

func parseAddress(text string) (netip.Prefix, bool) {
	if strings.Contains(text, "/") {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return netip.Prefix{}, false
		}
		return canonicalPrefix(p)
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	return canonicalPrefix(netip.PrefixFrom(a, a.BitLen()))
}

// canonicalPrefix gives one form to equal prefixes. A mapped prefix shorter than the 96 bits in front of the IPv4 part means nothing
// of use and is refused.
func canonicalPrefix(p netip.Prefix) (netip.Prefix, bool) {
	if !p.IsValid() || p.Addr().Zone() != "" {
		return netip.Prefix{}, false
	}
	if p.Addr().Is4In6() {
		if p.Bits() < 96 {
			return netip.Prefix{}, false
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), true
}

func badAddress(i int) error {
	return pontage.E(pontage.InvalidInput, "This is no IP address and no CIDR prefix.").At("/limits/ip/" + strconv.Itoa(i))
}
