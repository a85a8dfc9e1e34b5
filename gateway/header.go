package gateway

import "net/http"

// guarded is a set of header names that do not pass: whole names and prefixes, in lower case. They are compared without regard to
// case and with "_" as "-", because many servers hand both to their programs under one name.
type guarded struct{ names, prefixes []string }

// toUpstream never reach an upstream: who the partner is to us, what only a trusted proxy may say, what would make an upstream
// serve another path or method than the one that was matched and priced, and what frames the message.
var toUpstream = guarded{
	names: []string{
		"authorization", "cookie", "cookie2", "proxy-authorization", "proxy",
		"forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "x-cluster-client-ip",
		"x-original-url", "x-rewrite-url", "x-original-host", "x-original-uri", "x-host",
		"x-http-method", "x-http-method-override", "x-method-override",
		"expect", "upgrade", "http2-settings", "content-length", "transfer-encoding", "trailer", "connection", "keep-alive",
	},
	prefixes: []string{"pontage-", "x-forwarded-"},
}

// toPartner never reach a partner: what would look like ours, cookies, which would be the platform's, and the way around us.
var toPartner = guarded{
	names:    []string{"set-cookie", "set-cookie2", "alt-svc"},
	prefixes: []string{"pontage-", "ratelimit", "access-control-"},
}

// strip deletes what is guarded.
func (g guarded) strip(h http.Header) {
	for name := range h {
		if g.holds(name) {
			delete(h, name)
		}
	}
}

func (g guarded) holds(name string) bool {
	for _, n := range g.names {
		if len(n) == len(name) && folded(name, n) {
			return true
		}
	}
	for _, p := range g.prefixes {
		if len(name) >= len(p) && folded(name[:len(p)], p) {
			return true
		}
	}
	return false
}

// folded compares name with want, which is in lower case and of equal length.
func folded(name, want string) bool {
	for i := range len(want) {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c == '_':
			c = '-'
		}
		if c != want[i] {
			return false
		}
	}
	return true
}
