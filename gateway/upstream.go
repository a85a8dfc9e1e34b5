package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// Upstream answers the calls that were admitted.
type Upstream interface {
	// RoundTrip answers one call, which matched. r has the matched path and the partner's query, the headers that may pass, and a context that
	// ends when the time-out for headers is over; it belongs to RoundTrip, which may change it, and reads its body, or the partner's
	// connection cannot be used again. An error means there was no answer; a *pontage.Error is shown to the partner.
	RoundTrip(call *pontage.Attempt, r *http.Request) (*http.Response, error)
}

// Readier is an Upstream that can say before anything is held that it will not answer.
type Readier interface {
	// Ready gives UpstreamMissing where the operator has named no upstream, Unavailable where it cannot be used.
	Ready(match *pontage.Match) error
}

// ProxyConfig is what a ProxyUpstream is made of; everything has a default.
type ProxyConfig struct {
	// Credential opens the header lines an API's upstream wants, nil for none; where it is not given, the catalogue's own way with
	// Keys is taken.
	Credential func(*pontage.API) (http.Header, error)
	Keys       *pontage.KeyRing
	// HeaderTimeout is the gateway's; connecting may take at most a third of it, and never more than ten seconds.
	HeaderTimeout time.Duration
	// TLS is the base of the TLS settings for https upstreams; nil means the system's roots and TLS 1.2 or newer.
	TLS *tls.Config
	// IdlePerUpstream is how many connections are kept open per upstream; 128.
	IdlePerUpstream int
	Logger          *slog.Logger
}

// ProxyUpstream calls the APIs where the operator said they are. It follows no redirects, uses no proxy from the environment, and
// its connections reach exactly the host and port of the API's upstream, whatever a request says.
type ProxyUpstream struct {
	config  ProxyConfig
	targets sync.Map // pontage.APIID -> *target

	mu sync.Mutex
	// transports by scheme, host and port; APIs that share an upstream share its connections.
	transports map[string]*http.Transport
}

var (
	_ Upstream = (*ProxyUpstream)(nil)
	_ Readier  = (*ProxyUpstream)(nil)
)

// NewProxyUpstream makes the production upstream.
func NewProxyUpstream(c ProxyConfig) (*ProxyUpstream, error) {
	if c.HeaderTimeout < 0 || c.IdlePerUpstream < 0 {
		return nil, errors.New("gateway: time-outs and pool sizes must not be negative")
	}
	if c.HeaderTimeout == 0 {
		c.HeaderTimeout = DefaultHeaderTimeout
	}
	if c.IdlePerUpstream == 0 {
		c.IdlePerUpstream = 128
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Credential == nil && c.Keys == nil {
		c.Credential = func(*pontage.API) (http.Header, error) { return nil, errNoKeys }
	} else if c.Credential == nil {
		c.Credential = catalog.New(catalog.Config{Keys: c.Keys}).Credential
	}
	return &ProxyUpstream{config: c, transports: map[string]*http.Transport{}}, nil
}

// Ready says whether the API can be called.
func (u *ProxyUpstream) Ready(match *pontage.Match) error {
	_, err := u.target(match.API)
	return err
}

// RoundTrip sends r to the API's upstream, with the API's own credentials.
func (u *ProxyUpstream) RoundTrip(call *pontage.Attempt, r *http.Request) (*http.Response, error) {
	t, err := u.target(call.Match.API)
	if err != nil {
		return nil, err
	}
	t.aim(r)
	return t.transport.RoundTrip(r)
}

// Close closes the connections that are not in use.
func (u *ProxyUpstream) Close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, t := range u.transports {
		t.CloseIdleConnections()
	}
}

// target gives where an API is; it is worked out once per import.
func (u *ProxyUpstream) target(api *pontage.API) (*target, error) {
	if known, ok := u.targets.Load(api.ID); ok && known.(*target).api == api {
		return known.(*target), nil
	}
	t, err := u.newTarget(api)
	if err != nil {
		return nil, err
	}
	u.targets.Store(api.ID, t)
	return t, nil
}

// transport gives the connections to one address.
func (u *ProxyUpstream) transport(scheme, address, name string) *http.Transport {
	u.mu.Lock()
	defer u.mu.Unlock()
	key := scheme + "://" + address
	t, ok := u.transports[key]
	if !ok {
		dialer := pinned(address, min(u.config.HeaderTimeout/3, 10*time.Second))
		t = u.newTransport(dialer, name)
		u.transports[key] = t
	}
	return t
}

func (u *ProxyUpstream) newTransport(dial dialFunc, name string) *http.Transport {
	settings := &tls.Config{MinVersion: tls.VersionTLS12}
	if u.config.TLS != nil {
		settings = u.config.TLS.Clone()
	}
	if settings.ServerName == "" {
		settings.ServerName = name
	}
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dial,
		TLSClientConfig:        settings,
		TLSHandshakeTimeout:    min(u.config.HeaderTimeout/3, 10*time.Second),
		DisableCompression:     true, // bodies pass as they are
		MaxIdleConnsPerHost:    u.config.IdlePerUpstream,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		WriteBufferSize:        16 << 10,
		ReadBufferSize:         16 << 10,
		// HTTP/1.1 only: one stalled stream must not hold up the calls of other partners.
		Protocols: onlyHTTP1(),
	}
}

func onlyHTTP1() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	return p
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)
