package server

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/openapi/docs"
	"github.com/pontage/pontage/openapi/token"
	"github.com/pontage/pontage/partner"
)

// front decides by Host and path which part of the instance answers a request.
type front struct {
	gateway  http.Handler
	platform http.Handler
	// gate is what other proxies ask; without a secret it is closed here.
	gate   http.Handler
	probes *http.ServeMux
	// isAPI says whether a host belongs to an imported API that we proxy.
	isAPI func(host string) bool
	// own are the host names the platform itself answers to.
	own map[string]bool
}

// handler assembles everything the instance answers over HTTP.
func (i *Instance) handler(h *health, m *metrics) (public, gate http.Handler, err error) {
	trusted, err := i.Config.proxies()
	if err != nil {
		return nil, nil, err
	}
	upstream, err := i.values.upstream(i)
	if err != nil {
		return nil, nil, err
	}
	calls, err := gateway.New(gateway.Config{
		Admit: i.OAuth, Catalog: i.Catalog, Meter: i.Meter, Upstream: upstream, Clock: i.clock, Logger: i.log, Observer: m,
		TrustedProxies: trusted, MaxBody: i.Config.MaxBody, HeaderTimeout: i.Config.HeaderTimeout,
		Currency: pontage.Currency(i.Config.Currency), Calls: i.Store, Suppose: i.values.suppose,
	})
	if err != nil {
		return nil, nil, err
	}
	tokens, err := token.New(token.Config{
		OAuth: i.OAuth, Accounts: i.Accounts, Catalog: i.Catalog, Meter: i.Meter, Play: i.play, Clock: i.clock, Logger: i.log,
		Idempotency: i.Idempotency, PublicURL: i.PublicURL(), PlatformHost: i.PlatformHost(), TrustedProxies: trusted, DefaultRatePerMinute: i.Config.RatePerMinute,
		ValidateResponses: i.values.validateResponses,
	})
	if err != nil {
		return nil, nil, err
	}
	graphQL, err := i.graphQL(trusted)
	if err != nil {
		return nil, nil, err
	}
	f := &front{
		gateway: calls, platform: platform(i.OAuth.Handler(), graphQL, i.Documents, logos{i.Partners.Logo}, tokens), probes: http.NewServeMux(),
		isAPI: func(host string) bool { return host != i.PlatformHost() && i.Catalog.HasHost(host) },
		own:   i.ownHosts(),
		gate:  calls.ClosedGate(),
	}
	secret := i.values.endpoint.GateSecret
	if secret != "" {
		f.gate = calls.Gate(secret)
	}
	h.register(f.probes)
	f.probes.Handle("GET /metrics", fromThisMachine(m.handler()))
	return &edge{next: f, clock: i.clock, log: i.log, metrics: m},
		&edge{next: gateFront(calls.Gate(secret), h), clock: i.clock, log: i.log, metrics: m}, nil
}

// platform puts the OAuth endpoints, GraphQL, the documents and logos beside the REST surface, which answers everything else, unknown paths too. It is no
// ServeMux: that one answers an unclean path with a redirect page instead of the envelope.
func platform(oauth, graphQL, documents, logos, tokens http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case strings.HasPrefix(path, "/oauth2/") || path == "/.well-known/oauth-authorization-server":
			oauth.ServeHTTP(w, r)
		case path == "/graphql" || strings.HasPrefix(path, "/graphql/"):
			graphQL.ServeHTTP(w, r)
		case docs.Serves(path):
			documents.ServeHTTP(w, r)
		case strings.HasPrefix(path, partner.LogosPath):
			logos.ServeHTTP(w, r)
		default:
			tokens.ServeHTTP(w, r)
		}
	})
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := strings.ToLower(hostname(r.Host))
	switch {
	case toGate(r): // first: a proxy may ask under the host the partner called
		f.gate.ServeHTTP(w, r)
	case f.isAPI(host): // first: an API may have an operation /metrics of its own
		f.gateway.ServeHTTP(w, r)
	case r.URL.Path == "/livez" || r.URL.Path == "/readyz" || r.URL.Path == "/metrics":
		f.probes.ServeHTTP(w, r)
	case !f.own[host] && !isAddress(host):
		writeEnvelope(w, http.StatusNotFound, pontage.Refuse(pontage.E(pontage.NotFound, "No API is served under the host %q.", host)))
	case strings.HasPrefix(r.URL.Path, "/gate/"):
		f.gate.ServeHTTP(w, r)
	case strings.HasPrefix(r.URL.Path, "/apis/"):
		f.gateway.ServeHTTP(w, r)
	default:
		f.platform.ServeHTTP(w, r)
	}
}

// ownHosts are the names the platform's own surfaces answer to: the public URL's, the platform host, and this machine's.
func (i *Instance) ownHosts() map[string]bool {
	own := map[string]bool{"localhost": true, i.PlatformHost(): true, "oauth." + i.Config.Domain: true}
	if public, err := url.Parse(i.PublicURL()); err == nil {
		own[strings.ToLower(public.Hostname())] = true
	}
	return own
}

func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// fromThisMachine answers only requests that come straight from this machine, not through a proxy on it.
func fromThisMachine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isFromThisMachine(r) {
			writeEnvelope(w, http.StatusNotFound, pontage.Refuse(pontage.E(pontage.NotFound, "Not Found")))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isFromThisMachine says whether a request comes straight from this machine, as far as can be told: a proxy on it that says nothing of whom it
// asks for looks the same.
func isFromThisMachine(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && peer.Addr().Unmap().IsLoopback() && r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("Forwarded") == ""
}
