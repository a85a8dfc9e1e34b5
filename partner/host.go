package partner

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"github.com/pontage/pontage"
)

const (
	localhost = "localhost"
	maxURL    = 2000
	// maxServers bounds the addresses of a domain.
	maxServers = 100
)

// hosts turns names into the form that DNS knows, strictly.
var hosts = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true), idna.Transitional(false))

// ParseHost gives a host in ASCII and lower case, as browsers send it: InvalidInput at "/host" for what is no name with a dot; localhost
// passes.
func ParseHost(text string) (string, error) {
	bad := pontage.E(pontage.InvalidInput, "This is no host name, such as shop.example: without protocol, port and path.").At("/host")
	host, err := hosts.ToASCII(strings.TrimSuffix(text, "."))
	if err != nil || host == "" {
		return "", bad
	}
	if host == localhost {
		return host, nil
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == host || strings.Trim(last, "0123456789") == "" || strings.HasSuffix(host, "."+localhost) {
		return "", bad // no dot, or an address
	}
	return host, nil
}

// checkURL takes an absolute https URL as it is written; plain http is for localhost alone. The empty text passes.
func checkURL(text, field string) error {
	if text == "" {
		return nil
	}
	bad := pontage.E(pontage.InvalidInput, "This is no https URL. Plain http is for localhost alone; no user, no fragment.").At(field)
	if len(text) > maxURL || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }) {
		return bad
	}
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" || u.User != nil || u.Hostname() == "" || strings.Contains(text, "#") {
		return bad
	}
	if u.Scheme == "https" || u.Scheme == "http" && pontage.IsLocalName(u.Hostname()) {
		return nil
	}
	return bad
}

// checkServers gives the addresses in their canonical form.
func checkServers(list []netip.Prefix) ([]netip.Prefix, error) {
	if len(list) > maxServers {
		return nil, pontage.E(pontage.InvalidInput, "At most %d addresses are allowed.", maxServers).At("/servers")
	}
	var all []netip.Prefix
	for _, p := range list {
		if !p.IsValid() || p.Addr().Zone() != "" {
			return nil, pontage.E(pontage.InvalidInput, "This is no address or network.").At("/servers")
		}
		if p.Addr().Is4In6() && p.Bits() >= 96 {
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
		}
		all = append(all, p.Masked())
	}
	return all, nil
}
