package meter

import (
	"context"
	"log/slog"
	"time"

	"github.com/pontage/pontage"
)

// Config is what a Meter is made of. Store and Clock are needed; everything else has a working default.
type Config struct {
	Store  Store
	Clock  pontage.Clock
	Logger *slog.Logger
	// Keys sign closed days and seal mails; without them no day is closed, nothing is deleted, and nobody is told anything.
	Keys *pontage.KeyRing
	// Retention is how long the calls of closed days are kept, at least MinRetention; 0 keeps them for ever.
	Retention time.Duration
	// Scopes names the scopes of rows that are not folded yet; nil leaves their names empty.
	Scopes ScopeSource
	// Currency is the unit of money in decisions; EUR if empty.
	Currency pontage.Currency
	// DefaultRatePerMinute bounds calls per token and scope where the scope states nothing; 10,000.
	DefaultRatePerMinute int64
	// PlanRequests are the requests a month, over all scopes, of a plan that includes some; 0 includes none.
	PlanRequests int64
	// MaxReleasesPerMinute is how many released calls per token and scope and minute are tolerated before further ones are refused; 100.
	MaxReleasesPerMinute int64
	// FoldEvery is how often the call log is folded into statistics; 1 s. Under load it rests up to 2 s.
	FoldEvery time.Duration
	// ReapEvery is how often expired holds are released and subscriptions renewed; 1 s.
	ReapEvery time.Duration
	// CloseEvery is how often it is looked for days to close and calls to delete; 1 min.
	CloseEvery time.Duration
	// RetryFor bounds how long an ending is tried again while the database is away, if its context lives that long; 10 s.
	RetryFor time.Duration
	// BatchTimeout bounds the writing of one batch; 10 s.
	BatchTimeout time.Duration
	// MaxBatch is the most calls and endings in one batch; 512.
	MaxBatch int
	// QueueLength is how many may wait for their batch; more are refused as Unavailable; 8,192.
	QueueLength int
	// RateKeys bounds how many token and scope pairs the rate limits remember; the least recently used is forgotten first; 100,000.
	RateKeys int
}

// ScopeSource knows the catalogue's scopes.
type ScopeSource interface {
	ScopeByID(id pontage.ScopeID) (*pontage.Scope, bool)
}

// Store is what the meter needs of pontage.Store; every method promises what it promises there.
type Store interface {
	pontage.AuthorityReader
	Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error
	Fold(ctx context.Context, limit int, count func(pontage.Tail) pontage.FoldChanges) (int, error)
	CloseDays(ctx context.Context, through pontage.Period,
		sign func(c pontage.Closing, previous []byte, totals []pontage.ClosedTotal) (keyID string, signature []byte)) (*pontage.Closing, error)
	DeleteCalls(ctx context.Context, before time.Time, limit int) (int, error)
	Read(ctx context.Context, do func(pontage.Reader) error) error
	Write(ctx context.Context, do func(tx pontage.Tx) error) error

	Call(ctx context.Context, id pontage.CallID) (*pontage.Call, []pontage.Outcome, error)
	ExpiredCalls(ctx context.Context, before time.Time, limit int) ([]pontage.Call, error)
	DueSubscriptions(ctx context.Context, before time.Time, limit int) ([]pontage.Subscription, error)
	Folded(ctx context.Context, account pontage.AccountID) (bool, error)
	Overview(ctx context.Context, account pontage.AccountID, period pontage.Period) (pontage.Overview, bool, error)
	LineageAddresses(ctx context.Context, ids []pontage.LineageID) (map[pontage.LineageID][]pontage.AddressSeen, error)
	Wallet(ctx context.Context, account pontage.AccountID) (*pontage.Wallet, error)
	Subscription(ctx context.Context, id pontage.SubscriptionID) (*pontage.Subscription, error)
	Subscriptions(ctx context.Context, q pontage.SubscriptionQuery) ([]pontage.Subscription, error)
	CredentialUses(ctx context.Context, ids []string) (map[string]time.Time, error)
	SubscriptionsByID(ctx context.Context, account pontage.AccountID, ids []pontage.SubscriptionID) ([]pontage.Subscription, error)
	CallbacksByID(ctx context.Context, account pontage.AccountID, ids []pontage.CallbackID) ([]pontage.Callback, error)
	Callback(ctx context.Context, id pontage.CallbackID) (*pontage.Callback, error)
	Callbacks(ctx context.Context, q pontage.LogQuery) ([]pontage.Callback, error)
}

// withDefaults fills what was left zero.
func (c Config) withDefaults() Config {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Currency == "" {
		c.Currency = "EUR"
	}
	c.DefaultRatePerMinute = or(c.DefaultRatePerMinute, 10_000)
	c.MaxReleasesPerMinute = or(c.MaxReleasesPerMinute, 100)
	c.FoldEvery = or(c.FoldEvery, time.Second)
	c.ReapEvery = or(c.ReapEvery, time.Second)
	c.CloseEvery = or(c.CloseEvery, time.Minute)
	c.RetryFor = or(c.RetryFor, 10*time.Second)
	c.BatchTimeout = or(c.BatchTimeout, 10*time.Second)
	c.MaxBatch = or(c.MaxBatch, 512)
	c.QueueLength = or(c.QueueLength, 8192)
	c.RateKeys = or(c.RateKeys, 100_000)
	return c
}

// or gives value where it is positive, else fallback.
func or[N int | int64 | time.Duration](value, fallback N) N {
	if value > 0 {
		return value
	}
	return fallback
}
