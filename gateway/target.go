package gateway

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

var errNoKeys = errors.New("gateway: there are no keys to open credentials with")

var errNoUpstream = pontage.E(pontage.UpstreamMissing, "The operator has connected no upstream to this API yet. Nothing was charged.")

// target is where one API is: its base, its connections and the headers that open it.
type target struct {
	api       *pontage.API
	base      *url.URL
	transport *http.Transport
	secret    http.Header
}

// newTarget reads what the catalogue says of an API.
func (u *ProxyUpstream) newTarget(api *pontage.API) (*target, error) {
	if api.Upstream == "" {
		return nil, errNoUpstream
	}
	base, err := url.Parse(strings.ReplaceAll(api.Upstream, "{host}", api.Host))
	if err != nil || base.Hostname() == "" || base.Scheme != "http" && base.Scheme != "https" {
		u.config.Logger.Error("upstream is not a usable URL", "host", api.Host)
		return nil, errNoUpstream
	}
	secret, err := u.open(api)
	if err != nil {
		u.config.Logger.Error("upstream credential cannot be opened", "host", api.Host, "error", err)
		return nil, pontage.E(pontage.Unavailable, "The API cannot be called at the moment. Nothing was charged.").Because(err)
	}
	port := base.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[base.Scheme]
	}
	transport := u.transport(base.Scheme, net.JoinHostPort(base.Hostname(), port), base.Hostname())
	return &target{api: api, base: base, transport: transport, secret: secret}, nil
}

// open unseals the header lines an API's upstream wants, under their canonical names.
func (u *ProxyUpstream) open(api *pontage.API) (http.Header, error) {
	if len(api.Credential) == 0 {
		return nil, nil
	}
	lines, err := u.config.Credential(api)
	if err != nil {
		return nil, err
	}
	secret := make(http.Header, len(lines))
	for name, values := range lines {
		secret[http.CanonicalHeaderKey(name)] = values
	}
	return secret, nil
}

// aim points a request at the target and adds what opens it.
func (t *target) aim(r *http.Request) {
	path := *r.URL
	path.Scheme, path.Host = t.base.Scheme, t.base.Host
	path.Path = strings.TrimRight(t.base.Path, "/") + r.URL.Path
	path.RawPath = strings.TrimRight(t.base.EscapedPath(), "/") + r.URL.EscapedPath()
	r.URL, r.Host = &path, t.base.Host
	for name, values := range t.secret {
		r.Header[name] = values
	}
}

// pinned dials one address, whatever it is asked for.
func pinned(address string, timeout time.Duration) dialFunc {
	dialer := &net.Dialer{Timeout: timeout, KeepAlive: 30 * time.Second}
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, "tcp", address)
	}
}
