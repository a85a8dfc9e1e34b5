package sandbox

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// The defaults of Config.
const (
	DefaultPerDay pontage.Money = 1_000_000_000
	DefaultStart  pontage.Money = 10_000_000
)

// Store is what the sandbox needs of pontage.Store; every method promises what it promises there.
type Store interface {
	Read(ctx context.Context, do func(pontage.Reader) error) error
	Write(ctx context.Context, do func(tx pontage.Tx) error) error
}

// Config is what a Service is made of. Store and Clock are needed.
type Config struct {
	Store Store
	Clock pontage.Clock
	// PerDay is the most play money an account may give itself on one UTC day, Start what its wallet begins with and a reset leaves.
	PerDay, Start pontage.Money
}

// Service gives play money and begins anew. It is safe for concurrent use.
type Service struct{ Config }

// New makes a Service.
func New(c Config) *Service {
	if c.PerDay <= 0 {
		c.PerDay = DefaultPerDay
	}
	if c.Start <= 0 {
		c.Start = DefaultStart
	}
	return &Service{c}
}

// nextDay is when the UTC day of now is over.
func nextDay(now time.Time) time.Time { return now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1) }
