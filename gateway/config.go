package gateway

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// The defaults of Config.
const (
	DefaultMaxBody       = 10 << 20
	DefaultHeaderTimeout = 30 * time.Second
	DefaultHoldMargin    = 10 * time.Second
	DefaultIdleTimeout   = 30 * time.Second
)

// Admitter says who calls; *oauth.Service is one.
type Admitter interface {
	// Admit gives the facts of a bearer, from a cache where it can; Unauthenticated and its kin refuse it.
	Admit(ctx context.Context, bearer string) (*pontage.Admission, error)
	// Readmit reads them anew.
	Readmit(ctx context.Context, bearer string) (*pontage.Admission, error)
	// Supposed is why they would refuse a token of which the fact were true, nil where they would not.
	Supposed(fact pontage.Fact) error
}

// Catalog says what is called; *catalog.Service is one.
type Catalog interface {
	HasHost(host string) bool
	// Match finds the operation; InvalidInput says the path cannot be matched safely, anything else that there is none.
	Match(method, host, rawPath string) (*pontage.Match, error)
	// Methods lists what the path answers to, empty for an unknown path.
	Methods(host, rawPath string) []string
	// APIs lists what is imported; the rows must not be changed.
	APIs() []*pontage.API
	Access(ctx context.Context, account pontage.AccountID) (pontage.AccountAccess, error)
}

// Meter decides and keeps the books; *meter.Meter is one. The two endings are idempotent by call id.
type Meter interface {
	Reserve(ctx context.Context, attempt pontage.Attempt) (*pontage.Decision, error)
	Settle(ctx context.Context, ending meter.Ending) error
	// GiveBack releases or refunds. Unavailable says that the database did not answer and the meter will do it later.
	GiveBack(ctx context.Context, ending meter.Ending) error
}

// Observer is told of every call that ended, for metrics. Host and route come from the catalogue, so they are bounded; both are
// empty where nothing matched. Code is empty where the upstream's answer was delivered.
type Observer interface {
	CallEnded(host, route string, code pontage.Code, status int, payer pontage.Payer, duration time.Duration)
}

// CORS says which web pages may call the APIs from a browser. Credentials are never allowed: a bearer is sent by hand.
type CORS struct {
	// Origins that may call; empty means any.
	Origins []string
	// MaxAge is how long a browser may remember a preflight; zero means ten minutes.
	MaxAge time.Duration
}

// Config is what a gateway is made of. Admit, Catalog, Meter, Upstream and Clock are needed; the rest has defaults.
type Config struct {
	Admit    Admitter
	Catalog  Catalog
	Meter    Meter
	Upstream Upstream
	// Calls is needed for Outcome only.
	Calls    CallLog
	Clock    pontage.Clock
	Logger   *slog.Logger
	Observer Observer
	Currency pontage.Currency
	// TrustedProxies are the peers whose forwarded headers count.
	TrustedProxies []netip.Prefix
	// MaxBody bounds a request body in bytes where the API sets no bound of its own.
	MaxBody int64
	// HeaderTimeout bounds the time from the decision to the upstream's headers, the partner's upload before them included, where
	// the API sets no bound of its own; HoldMargin is how much longer a reservation lives, and how long an ending may take.
	HeaderTimeout time.Duration
	HoldMargin    time.Duration
	// IdleTimeout bounds each single read from and write to a partner.
	IdleTimeout time.Duration
	CORS        CORS
	// Suppose reads from its headers what a call is to meet in place of the truth; nil reads nothing.
	Suppose func(http.Header) (pontage.Supposition, error)
}

// Gateway serves partners' calls. It is safe for concurrent use.
type Gateway struct {
	Config
	proxy *httputil.ReverseProxy
}

// New makes a gateway, or says what is missing.
func New(c Config) (*Gateway, error) {
	if c.Admit == nil || c.Catalog == nil || c.Meter == nil || c.Upstream == nil || c.Clock == nil {
		return nil, errors.New("gateway: Admit, Catalog, Meter, Upstream and Clock are needed")
	}
	c.fill()
	g := &Gateway{Config: c}
	g.proxy = &httputil.ReverseProxy{
		Rewrite:        func(p *httputil.ProxyRequest) { callOf(p.Out).rewrite(p) },
		Transport:      carrier{c.Upstream},
		ModifyResponse: func(res *http.Response) error { return callOf(res.Request).answered(res) },
		ErrorHandler:   func(_ http.ResponseWriter, r *http.Request, err error) { callOf(r).failed(err) },
		// Headers wait so long for the first of the body, and may then leave with it in one write. Answers of unknown length and
		// event streams are passed on at once whatever stands here.
		FlushInterval: time.Millisecond,
		BufferPool:    buffers{},
		ErrorLog:      log.New(io.Discard, "", 0), // a call's own line says how it ended
	}
	return g, nil
}

func (c *Config) fill() {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Currency == "" {
		c.Currency = "EUR"
	}
	if c.MaxBody <= 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.HeaderTimeout <= 0 {
		c.HeaderTimeout = DefaultHeaderTimeout
	}
	if c.HoldMargin <= 0 {
		c.HoldMargin = DefaultHoldMargin
	}
	if c.IdleTimeout <= 0 {
		c.IdleTimeout = DefaultIdleTimeout
	}
	if c.CORS.MaxAge <= 0 {
		c.CORS.MaxAge = 10 * time.Minute
	}
}
