package storage

import (
	"cmp"
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// Batch reads what keys name, lets decide choose and writes its changes, all in one unit of work. It locks the wallets, in the order of
// their ids, so that batches of several instances wait for each other instead of blocking each other. All else is looked up after the
// locks: whoever comes second sees what the first one did. The next batch need not wait until the disk has this one.
func (s *Store) Batch(ctx context.Context, keys pontage.BatchKeys, decide func(*pontage.BatchState) (*pontage.BatchChanges, error), durable func(error)) error {
	keys = inOrder(keys)
	var state *pontage.BatchState
	var changes *pontage.BatchChanges
	err := s.engine.unit(ctx, func(ctx context.Context, t tx) (err error) {
		if state, err = t.batchState(ctx, keys); err != nil {
			return err
		}
		if changes, err = decide(state); err != nil || changes == nil {
			return err
		}
		return t.applyBatch(ctx, state, changes)
	}, durable)
	if err == nil && changes != nil {
		s.log.add(state, changes)
	}
	return err
}

// inOrder gives the same keys sorted, each once.
func inOrder(keys pontage.BatchKeys) pontage.BatchKeys {
	keys.Lineages = sorted(keys.Lineages)
	keys.Wallets = sorted(keys.Wallets)
	keys.Calls = sorted(keys.Calls)
	keys.Born = slices.Clone(keys.Born)
	slices.SortFunc(keys.Born, func(a, b *pontage.Call) int { return cmp.Compare(a.ID, b.ID) })
	keys.Subscriptions = sorted(keys.Subscriptions)
	keys.CallKeys = sorted(keys.CallKeys)
	keys.Allowances, keys.Subscribed = sortedKeys(keys.Allowances), sortedKeys(keys.Subscribed)
	return keys
}

func sortedKeys(keys []pontage.AllowanceKey) []pontage.AllowanceKey {
	keys = slices.Clone(keys)
	slices.SortFunc(keys, compareAllowances)
	return slices.Compact(keys)
}

func sorted[T cmp.Ordered](values []T) []T {
	values = slices.Clone(values)
	slices.Sort(values)
	return slices.Compact(values)
}

func compareAllowances(a, b pontage.AllowanceKey) int {
	return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.ScopeID, b.ScopeID))
}
