package prove_test

import (
	"context"
	"sync"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// limitless shows every token without its limits.
type limitless struct{ meter.Store }

func forgetLimits(s meter.Store) meter.Store { return limitless{s} }

// Batch decides as if no token had limits.
func (s limitless) Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error {
	return s.Store.Batch(ctx, keys, func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
		limits := map[pontage.LineageID]pontage.Limits{}
		for id, l := range state.Lineages {
			limits[id], l.Limits = l.Limits, pontage.Limits{}
		}
		changes, err := decide(state)
		for id, l := range state.Lineages {
			l.Limits = limits[id]
		}
		return changes, err
	}, durable)
}

// remembering decides by the wallets its instance has seen last, as a cache does that nobody tells of the other instances.
type remembering struct {
	meter.Store
	mu      sync.Mutex
	wallets map[pontage.AccountID]pontage.Wallet
}

func rememberWallets(s meter.Store) meter.Store {
	return &remembering{Store: s, wallets: map[pontage.AccountID]pontage.Wallet{}}
}

// Batch decides by what is remembered.
func (s *remembering) Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error {
	return s.Store.Batch(ctx, keys, func(state *pontage.BatchState) (*pontage.BatchChanges, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for id, w := range state.Wallets {
			if known, ok := s.wallets[id]; ok {
				*w = known
			}
		}
		changes, err := decide(state)
		for id, w := range state.Wallets {
			s.wallets[id] = *w
		}
		return changes, err
	}, durable)
}
