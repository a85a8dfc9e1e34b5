package oauth

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/ory/fosite"

	"github.com/pontage/pontage"
)

// domainHeader names the domain that a token is for: its root domain or its id.
const domainHeader = "X-Client-Domain"

// claim reads what a token request says of its domain, and where it came from. Forwarded headers count from trusted proxies alone.
func (e *edge) claim(r *http.Request) (pontage.DomainClaim, error) {
	names := r.Header.Values(domainHeader)
	if len(names) > 1 {
		return pontage.DomainClaim{}, fosite.ErrInvalidRequest.WithHint("There is more than one " + domainHeader + " header.")
	}
	c := pontage.DomainClaim{Secure: r.TLS != nil}
	if len(names) == 1 {
		c.Name = strings.TrimSpace(names[0])
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return c, nil
	}
	trusted := e.service.trustedProxies
	c.Address = pontage.ClientAddress(peer.Addr(), r.Header.Values("X-Forwarded-For"), trusted)
	if proto := r.Header.Values("X-Forwarded-Proto"); len(proto) > 0 && pontage.Contains(trusted, peer.Addr().Unmap().WithZone("")) {
		c.Secure = strings.EqualFold(pontage.OnlyForwarded(proto), "https")
	}
	return c, nil
}
