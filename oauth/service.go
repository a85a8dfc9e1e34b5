package oauth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/pontage/pontage"
)

// Lifetimes.
const (
	// MaxTTL bounds a token's lifetime and is its default: one year.
	MaxTTL = 31_536_000 * time.Second
	// RefreshMargin is how long a refresh token outlives its access token.
	RefreshMargin = 90 * 24 * time.Hour
	// ListedAfterExpiry is how long an expired token still shows in lists.
	ListedAfterExpiry = 30 * 24 * time.Hour
	// DefaultAccessTTL is the lifetime of tokens issued at /oauth2/token where Config says nothing.
	DefaultAccessTTL = time.Hour
)

const (
	defaultCacheSize = 100_000
	scopeSetCache    = 4_096
	// recentTokens bounds what is remembered for a second.
	recentTokens  = 10_000
	recentClients = 1_000
)

// Store is what tokens need of the store; pontage.Store has it.
type Store interface {
	pontage.TokenReader
	pontage.ClientScopeReader
	pontage.AuthorityReader
	Read(ctx context.Context, do func(pontage.Reader) error) error
	Write(ctx context.Context, do func(pontage.Tx) error) error
}

// ScopeSource is what tokens need of the catalogue; it answers from memory.
type ScopeSource interface {
	// Expand turns patterns into the scopes enabled for account, sorted and unique. InvalidInput or Unprocessable at "/scopes/<i>".
	Expand(ctx context.Context, account pontage.AccountID, patterns []string, platformToo bool) ([]pontage.ScopeID, error)
	ScopeNames(ids []pontage.ScopeID) []string
	ScopeByID(id pontage.ScopeID) (*pontage.Scope, bool)
	Access(ctx context.Context, account pontage.AccountID) (pontage.AccountAccess, error)
}

// ClientAuthenticator proves an OAuth client; everything that does not fit is Unauthenticated.
type ClientAuthenticator interface {
	AuthenticateClient(ctx context.Context, id pontage.ClientID, secret string) (pontage.Actor, error)
	// ClientDomain says from which of its domains a proved client asks, if any; Forbidden where it may not ask from the one it names.
	ClientDomain(ctx context.Context, by pontage.Actor, claim pontage.DomainClaim) (pontage.DomainID, error)
}

// Config is what a Service is made of. Store, Clock, Credentials, Scopes and Clients are required.
type Config struct {
	Store       Store
	Clock       pontage.Clock
	Logger      *slog.Logger
	Credentials pontage.Credentials
	Scopes      ScopeSource
	Clients     ClientAuthenticator
	// Idempotency gives token requests their keys; nil ignores keys.
	Idempotency *pontage.Idempotency
	// Issuer is the absolute http or https URL of this instance, without query, fragment or path.
	Issuer string
	// AccessTTL is the lifetime of tokens issued at /oauth2/token; zero means DefaultAccessTTL, at most MaxTTL.
	AccessTTL time.Duration
	// Allow counts one request of a proved client at /oauth2/* and refuses it (RateLimited) where it comes too often; nil bounds nothing.
	Allow func(by pontage.Actor) error
	// Suppose reads what a request at /oauth2/* is to meet in place of the truth; nil reads nothing.
	Suppose func(http.Header) (pontage.Supposition, error)
	// TrustedProxies are those whose forwarded headers count at /oauth2/token.
	TrustedProxies []netip.Prefix
	// CacheSize bounds the admission cache in tokens; zero means 100,000.
	CacheSize int
}

// Service keeps the rules of tokens. It is safe for concurrent use.
type Service struct {
	store          Store
	clock          pontage.Clock
	log            *slog.Logger
	credentials    pontage.Credentials
	scopes         ScopeSource
	clients        ClientAuthenticator
	issuer         string
	idempotency    *pontage.Idempotency
	accessTTL      time.Duration
	allow          func(pontage.Actor) error
	trustedProxies []netip.Prefix
	suppose        func(http.Header) (pontage.Supposition, error)
	admitted       *lru.Cache[pontage.TokenID, *facts]
	sets           *lru.Cache[pontage.ScopeSetID, *scopeSet]
	interned       *lru.Cache[digest, pontage.ScopeSetID]
	bearers        *pontage.Recent[pontage.TokenID, *pontage.Presented]
	// chosen are the scopes that clients chose.
	chosen *pontage.Recent[pontage.ClientID, []pontage.ClientScope]
	edge   *edge
}

// New makes a Service; the error names everything the configuration lacks.
func New(c Config) (*Service, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	s := &Service{
		store: c.Store, clock: c.Clock, log: c.Logger, credentials: c.Credentials, scopes: c.Scopes, clients: c.Clients,
		idempotency: c.Idempotency, issuer: strings.TrimSuffix(c.Issuer, "/"), accessTTL: c.AccessTTL,
		allow: c.Allow, suppose: c.Suppose, trustedProxies: c.TrustedProxies,
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.allow == nil {
		s.allow = func(pontage.Actor) error { return nil }
	}
	if s.accessTTL == 0 {
		s.accessTTL = DefaultAccessTTL
	}
	size := c.CacheSize
	if size == 0 {
		size = defaultCacheSize
	}
	var err error
	if s.admitted, err = lru.New[pontage.TokenID, *facts](size); err != nil {
		return nil, err
	}
	if s.sets, err = lru.New[pontage.ScopeSetID, *scopeSet](scopeSetCache); err != nil {
		return nil, err
	}
	if s.interned, err = lru.New[digest, pontage.ScopeSetID](scopeSetCache); err != nil {
		return nil, err
	}
	s.bearers = pontage.NewRecent[pontage.TokenID, *pontage.Presented](c.Clock, recentTokens)
	s.chosen = pontage.NewRecent[pontage.ClientID, []pontage.ClientScope](c.Clock, recentClients)
	s.edge = newEdge(s)
	return s, nil
}

func (c Config) check() error {
	var problems []error
	for name, missing := range map[string]bool{
		"Store": c.Store == nil, "Clock": c.Clock == nil, "Credentials": c.Credentials.Keys == nil || c.Credentials.Prefix == "",
		"Scopes": c.Scopes == nil, "Clients": c.Clients == nil,
	} {
		if missing {
			problems = append(problems, errors.New("oauth: "+name+" is missing"))
		}
	}
	if u, err := url.Parse(c.Issuer); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" ||
		strings.TrimSuffix(c.Issuer, "/") != u.Scheme+"://"+u.Host {
		problems = append(problems, errors.New("oauth: Issuer must be scheme://host, with http or https"))
	}
	if c.AccessTTL < 0 || c.AccessTTL > MaxTTL {
		problems = append(problems, errors.New("oauth: AccessTTL must lie between zero and one year"))
	}
	if c.CacheSize < 0 {
		problems = append(problems, errors.New("oauth: CacheSize must not be negative"))
	}
	return errors.Join(problems...)
}
