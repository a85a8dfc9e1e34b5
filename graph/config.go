package graph

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/oauth"
)

// Config is what the GraphQL API is made of. Everything is required but Sessions, Logger, TrustedProxies, Documents, Suppose and the switches.
type Config struct {
	Accounts Accounts
	Partners Partners
	Tokens   Tokens
	Catalog  Catalog
	Meter    Meter
	// Sessions is the cookie of people who log in; nil knows none.
	Sessions SessionCookie
	// Idempotency gives requests their keys.
	Idempotency *pontage.Idempotency
	// Keys sign cursors.
	Keys   *pontage.KeyRing
	Clock  pontage.Clock
	Logger *slog.Logger
	// PublicURL is where the instance is reached, without a slash at its end; logos are served below it.
	PublicURL string
	// PlatformHost is the host under which the catalogue knows the platform's own API, whose scopes tokens must hold.
	PlatformHost string
	// RatePerMinute is shown for scopes that state no rate of their own; 0 means 10,000.
	RatePerMinute int64
	// TrustedProxies may name the client's address in X-Forwarded-For.
	TrustedProxies []netip.Prefix
	// Explore opens what helps developers: questions about the schema, suggestions, and GraphiQL.
	Explore bool
	// Documents are the trusted documents by the SHA-256 of their text in hexadecimal.
	Documents map[string]string
	// Suppose reads what a request is to meet in place of the truth; nil reads nothing.
	Suppose func(http.Header) (pontage.Supposition, error)
	// OnlyDocuments refuses every document that is not one of them.
	OnlyDocuments bool
}

// SessionCookie keeps a session's text in the browser.
type SessionCookie interface {
	// Text is what the request's cookie holds, empty without one.
	Text(r *http.Request) string
	// Set puts a new session into an answer's headers, Clear takes the cookie away.
	Set(h http.Header, session account.IssuedSession)
	Clear(h http.Header)
}

// Accounts is what the API needs of package account.
type Accounts interface {
	Authenticate(ctx context.Context, email, key string) (pontage.Actor, error)
	Registrations
	Sessions
	People
	Notifications
	APIKeys
	Account(ctx context.Context, by pontage.Actor, id pontage.AccountID) (*pontage.Account, error)
	AuditEntriesByID(ctx context.Context, by pontage.Actor, ids []pontage.AuditID) (map[pontage.AuditID]pontage.AuditEntry, error)
	AuditLog(ctx context.Context, by pontage.Actor, q pontage.AuditQuery) ([]pontage.AuditEntry, error)
}

// Tokens is what the API needs of package oauth.
type Tokens interface {
	Authenticate(ctx context.Context, bearer string) (pontage.Actor, *pontage.Lineage, pontage.ScopeMembers, error)
	Supposed(fact pontage.Fact) error
	ParseTokenReference(text string) (pontage.TokenID, error)
	Token(ctx context.Context, by pontage.Actor, id pontage.TokenID) (*oauth.Detail, error)
	ClientTokens(ctx context.Context, by pontage.Actor, client pontage.ClientID, q pontage.LineageQuery) ([]oauth.Detail, error)
	TokenPage(ctx context.Context, by pontage.Actor, q pontage.LineageQuery) ([]oauth.Detail, error)
	Makers(ctx context.Context, ids []pontage.LineageID) (map[pontage.LineageID]pontage.Maker, error)
	Bearers(ctx context.Context, ids []pontage.LineageID, current *bool, page pontage.Keyset) (map[pontage.LineageID][]pontage.Bearer, error)
	Lineage(ctx context.Context, by pontage.Actor, id pontage.LineageID) (*oauth.Detail, error)
	Bearer(ctx context.Context, by pontage.Actor, id pontage.LineageID) (pontage.TokenID, error)
	ByLineage(ctx context.Context, by pontage.Actor, ids []pontage.LineageID) (map[pontage.LineageID]oauth.Detail, error)
	Issue(ctx context.Context, by pontage.Actor, in oauth.IssueInput) (*oauth.Issued, error)
	Update(ctx context.Context, by pontage.Actor, id pontage.TokenID, in oauth.UpdateInput) (*oauth.Detail, error)
	RefreshedToken(ctx context.Context, text string) (pontage.TokenID, error)
	Rotate(ctx context.Context, by pontage.Actor, id pontage.TokenID) (*oauth.Issued, error)
	Revoke(ctx context.Context, by pontage.Actor, id pontage.TokenID) error
	Facts(ctx context.Context, by pontage.Actor, id pontage.TokenID) (*pontage.Admission, error)
}

// Catalog is what the API needs of package catalog.
type Catalog interface {
	Match(method, host, rawPath string) (*pontage.Match, error)
	HasHost(host string) bool
	Access(ctx context.Context, account pontage.AccountID) (pontage.AccountAccess, error)
	Scopes(ctx context.Context, account pontage.AccountID) ([]catalog.AccountScope, error)
	Scope(ctx context.Context, account pontage.AccountID, id pontage.ScopeID) (*catalog.AccountScope, map[string]bool, error)
	ScopeByID(id pontage.ScopeID) (*pontage.Scope, bool)
	ScopeIDs(names []string) ([]pontage.ScopeID, error)
	OperationByID(id pontage.OperationID) (*pontage.Operation, bool)
}

// Meter is what the API needs of package meter.
type Meter interface {
	AllowRate(key meter.RateKey, perMinute int64) (pontage.RateState, *pontage.Error)
	Wallet(ctx context.Context, by pontage.Actor) (*pontage.Wallet, error)
	ClientWallet(ctx context.Context, by pontage.Actor, client pontage.ClientID) (*pontage.Wallet, error)
	ClientTransactions(ctx context.Context, by pontage.Actor, client pontage.ClientID, q pontage.TransactionQuery) ([]pontage.TransactionLine, error)
	FindTransactions(ctx context.Context, by pontage.Actor, q pontage.TransactionQuery) ([]pontage.TransactionLine, error)
	FreeCalls(ctx context.Context, asked []pontage.AllowanceKey) (map[pontage.AllowanceKey][]meter.FreeCalls, error)
	LastUses(ctx context.Context, lineages []pontage.LineageID) (map[pontage.LineageID]time.Time, error)
	Transaction(ctx context.Context, by pontage.Actor, id string, page pontage.Page) (*meter.Transaction, error)
	ClientTransaction(ctx context.Context, by pontage.Actor, client pontage.ClientID, id string) (*pontage.TransactionLine, error)
	ClientUsageReceipts(ctx context.Context, by pontage.Actor, client pontage.ClientID, id string, q pontage.UsageCallQuery) ([]meter.Receipt, error)
	ClientSubscription(ctx context.Context, by pontage.Actor, client pontage.ClientID, id pontage.SubscriptionID) (*pontage.Subscription, error)
	ClientSubscriptions(ctx context.Context, by pontage.Actor, client pontage.ClientID, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.Subscription, error)
	UsageReceipts(ctx context.Context, by pontage.Actor, id string, q pontage.UsageCallQuery) ([]meter.Receipt, error)
	Receipt(ctx context.Context, by pontage.Actor, id pontage.CallID) (*meter.Receipt, error)
	Quote(ctx context.Context, a pontage.Attempt) (*pontage.Decision, error)
	SeesWallet(ctx context.Context, by pontage.Actor, token *pontage.Admission) (bool, error)
	Explain(d *pontage.Decision) meter.Explanation
	Subscription(ctx context.Context, by pontage.Actor, id pontage.SubscriptionID) (*pontage.Subscription, error)
	Subscriptions(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.Subscription, error)
	SubscriptionsByID(ctx context.Context, by pontage.Actor, ids []pontage.SubscriptionID) (map[pontage.SubscriptionID]pontage.Subscription, error)
	CallbacksByID(ctx context.Context, by pontage.Actor, ids []pontage.CallbackID) (map[pontage.CallbackID]pontage.Callback, error)
	ReceiptsByID(ctx context.Context, by pontage.Actor, ids []pontage.CallID) (map[pontage.CallID]meter.Receipt, error)
	BuySubscription(ctx context.Context, by pontage.Actor, in meter.PurchaseInput) (*pontage.Subscription, error)
	SetAutoRenew(ctx context.Context, by pontage.Actor, id pontage.SubscriptionID, on bool) (*pontage.Subscription, error)
	Statistics(ctx context.Context, by pontage.Actor, q pontage.StatisticQuery) ([]pontage.StatisticLine, error)
	StatisticDays(ctx context.Context, by pontage.Actor, q pontage.StatisticQuery) ([]pontage.StatisticLine, error)
	ClientStatistics(ctx context.Context, by pontage.Actor, client pontage.ClientID, q pontage.StatisticQuery) ([]pontage.StatisticLine, error)
	ClientStatisticDays(ctx context.Context, by pontage.Actor, client pontage.ClientID, q pontage.StatisticQuery) ([]pontage.StatisticLine, error)
	Addresses(ctx context.Context, by pontage.Actor, lineages []pontage.LineageID) (map[pontage.LineageID][]netip.Addr, error)
	ClientErrors(ctx context.Context, by pontage.Actor, client pontage.ClientID, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.ErrorEntry, error)
	Errors(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.ErrorEntry, error)
	Callback(ctx context.Context, by pontage.Actor, id pontage.CallbackID) (*pontage.Callback, error)
	Callbacks(ctx context.Context, by pontage.Actor, scopes []pontage.ScopeID, page pontage.Page) ([]pontage.Callback, error)
}

func (c Config) check() error {
	var missing []error
	for name, there := range map[string]bool{
		"Accounts": c.Accounts != nil, "Partners": c.Partners != nil, "Tokens": c.Tokens != nil, "Catalog": c.Catalog != nil, "Meter": c.Meter != nil,
		"Idempotency": c.Idempotency != nil, "Keys": c.Keys != nil, "Clock": c.Clock != nil, "PlatformHost": c.PlatformHost != "", "PublicURL": c.PublicURL != "",
	} {
		if !there {
			missing = append(missing, errors.New("GraphQL API: "+name+" is missing"))
		}
	}
	if c.OnlyDocuments && len(c.Documents) == 0 {
		missing = append(missing, errors.New("GraphQL API: only trusted documents are to be answered, but there are none"))
	}
	return errors.Join(missing...)
}
