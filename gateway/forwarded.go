package gateway

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/pontage/pontage"
)

// origin is where a call came from, as far as it can be believed.
type origin struct {
	address netip.Addr
	host    string
	proto   string
}

// originOf reads the connection, and the forwarded headers only where the peer is a trusted proxy.
func originOf(r *http.Request, trusted []netip.Prefix) origin {
	peer := peerOf(r)
	o := origin{address: pontage.ClientAddress(peer, r.Header["X-Forwarded-For"], trusted), host: r.Host, proto: "http"}
	if r.TLS != nil {
		o.proto = "https"
	}
	if !pontage.Contains(trusted, peer.Unmap().WithZone("")) {
		return o
	}
	if proto := strings.ToLower(pontage.OnlyForwarded(r.Header["X-Forwarded-Proto"])); proto == "http" || proto == "https" {
		o.proto = proto
	}
	if host := pontage.OnlyForwarded(r.Header["X-Forwarded-Host"]); plainHost(host) {
		o.host = host
	}
	return o
}

// write tells the upstream; whatever the partner wrote there was deleted before.
func (o origin) write(h http.Header) {
	if o.address.IsValid() {
		h.Set("X-Forwarded-For", o.address.String())
	}
	h.Set("X-Forwarded-Host", o.host)
	h.Set("X-Forwarded-Proto", o.proto)
}

func peerOf(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr()
}

// plainHost says whether text can be one host name with a port and nothing else.
func plainHost(text string) bool {
	if text == "" || len(text) > 255 {
		return false
	}
	for _, c := range []byte(text) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' && c != '-' && c != ':' {
			return false
		}
	}
	return true
}
