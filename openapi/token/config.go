package token

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/oauth"
)

// defaultRate is what the contract promises where nothing else is configured.
const defaultRate = 10_000

// Config is what the token API is made of. OAuth, Accounts, Catalog, Meter, Idempotency, Clock, PublicURL and PlatformHost are required.
type Config struct {
	OAuth    Tokens
	Accounts Accounts
	Catalog  Catalog
	Meter    Meter
	// Play gives play money; nil where there is none, and then its operations are not there either.
	Play PlayMoney
	// Idempotency gives requests their keys.
	Idempotency *pontage.Idempotency

	Clock  pontage.Clock
	Logger *slog.Logger
	// PublicURL is where partners reach this instance, without a trailing slash; the documents name it as server.
	PublicURL string
	// PlatformHost is the host under which the catalogue knows this API: scopes read METHOD:<PlatformHost>/….
	PlatformHost string
	// TrustedProxies may name the client's address in X-Forwarded-For.
	TrustedProxies []netip.Prefix
	// DefaultRatePerMinute is shown for scopes that state no rate of their own; 0 means 10,000.
	DefaultRatePerMinute int64
	// ValidateResponses checks every answer against the document: in the sandbox and in tests.
	ValidateResponses bool
}

// Tokens is what the token API needs of package oauth.
type Tokens interface {
	Authenticate(ctx context.Context, bearer string) (pontage.Actor, *pontage.Lineage, pontage.ScopeMembers, error)
	Supposed(fact pontage.Fact) error
	IsRefreshToken(text string) bool
	ParseTokenReference(text string) (pontage.TokenID, error)
	Issue(ctx context.Context, by pontage.Actor, in oauth.IssueInput) (*oauth.Issued, error)
	Update(ctx context.Context, by pontage.Actor, id pontage.TokenID, in oauth.UpdateInput) (*oauth.Detail, error)
	Rotate(ctx context.Context, by pontage.Actor, id pontage.TokenID) (*oauth.Issued, error)
	Revoke(ctx context.Context, by pontage.Actor, id pontage.TokenID) error
	Token(ctx context.Context, by pontage.Actor, id pontage.TokenID) (*oauth.Detail, error)
	Tokens(ctx context.Context, by pontage.Actor, page pontage.Page) ([]oauth.Detail, error)
	RefreshOwner(ctx context.Context, text string) (pontage.AccountID, error)
	Facts(ctx context.Context, by pontage.Actor, id pontage.TokenID) (*pontage.Admission, error)
}

// Accounts proves e-mail and API key.
type Accounts interface {
	Authenticate(ctx context.Context, email, key string) (pontage.Actor, error)
}

// Catalog is what the token API needs of package catalog.
type Catalog interface {
	Match(method, host, rawPath string) (*pontage.Match, error)
	Host(host string) string
	Scopes(ctx context.Context, account pontage.AccountID) ([]catalog.AccountScope, error)
	Scope(ctx context.Context, account pontage.AccountID, id pontage.ScopeID) (*catalog.AccountScope, map[string]bool, error)
	ScopeByID(id pontage.ScopeID) (*pontage.Scope, bool)
	ScopeIDs(names []string) ([]pontage.ScopeID, error)
	OperationByID(id pontage.OperationID) (*pontage.Operation, bool)
	HasHost(host string) bool
	Access(ctx context.Context, account pontage.AccountID) (pontage.AccountAccess, error)
}

// Meter is what the token API needs of package meter.
type Meter interface {
	AllowRate(key meter.RateKey, perMinute int64) (pontage.RateState, *pontage.Error)
	RefuseRate(key meter.RateKey, perMinute int64) (pontage.RateState, *pontage.Error)
	Wallet(ctx context.Context, by pontage.Actor) (*pontage.Wallet, error)
	Transactions(ctx context.Context, by pontage.Actor, page pontage.Page) ([]pontage.TransactionLine, error)
	Transaction(ctx context.Context, by pontage.Actor, id string, page pontage.Page) (*meter.Transaction, error)
	Receipt(ctx context.Context, by pontage.Actor, id pontage.CallID) (*meter.Receipt, error)
	Quote(ctx context.Context, a pontage.Attempt) (*pontage.Decision, error)
	SeesWallet(ctx context.Context, by pontage.Actor, token *pontage.Admission) (bool, error)
	Explain(d *pontage.Decision) meter.Explanation
	Subscription(ctx context.Context, by pontage.Actor, id pontage.SubscriptionID) (*pontage.Subscription, error)
	Subscriptions(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.Subscription, error)
	Statistics(ctx context.Context, by pontage.Actor, q pontage.StatisticQuery) ([]pontage.StatisticLine, error)
	Overview(ctx context.Context, by pontage.Actor, period pontage.Period) (pontage.Overview, error)
	Addresses(ctx context.Context, by pontage.Actor, lineages []pontage.LineageID) (map[pontage.LineageID][]netip.Addr, error)
	Usage(ctx context.Context, by pontage.Actor, lineages []pontage.LineageID) (map[pontage.LineageID]meter.TokenUsage, error)
	UsageIn(ctx context.Context, r pontage.Reader, by pontage.Actor, lineages []pontage.LineageID) (map[pontage.LineageID]meter.TokenUsage, error)
	Errors(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.ErrorEntry, error)
	Callback(ctx context.Context, by pontage.Actor, id pontage.CallbackID) (*pontage.Callback, error)
	Callbacks(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.Callback, error)
}

// PlayMoney is what the token API needs of package sandbox.
type PlayMoney interface {
	Credit(ctx context.Context, by pontage.Actor, amount pontage.Money, description string) (*pontage.Transfer, error)
	Reset(ctx context.Context, by pontage.Actor) (*pontage.PlayReset, error)
	Offer(ctx context.Context, by pontage.Actor) (*pontage.PlayOffer, error)
	// Suppose reads what the request is to meet; InvalidInput where it says something unknown.
	Suppose(h http.Header) (pontage.Supposition, error)
}

func (c Config) check() error {
	var missing []error
	for name, there := range map[string]bool{
		"OAuth": c.OAuth != nil, "Accounts": c.Accounts != nil, "Catalog": c.Catalog != nil, "Meter": c.Meter != nil,
		"Idempotency": c.Idempotency != nil,
		"Clock":       c.Clock != nil, "PublicURL": c.PublicURL != "", "PlatformHost": c.PlatformHost != "",
	} {
		if !there {
			missing = append(missing, errors.New("token API: "+name+" is missing"))
		}
	}
	return errors.Join(missing...)
}
