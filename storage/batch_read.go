package storage

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// batchState gives what keys name: on SQLite kept rows where it can, else read; a list without keys costs no statement.
func (t tx) batchState(ctx context.Context, keys pontage.BatchKeys) (*pontage.BatchState, error) {
	state := &pontage.BatchState{
		Lineages:         make(map[pontage.LineageID]*pontage.Lineage, len(keys.Lineages)),
		Wallets:          make(map[pontage.AccountID]*pontage.Wallet, len(keys.Wallets)),
		Allowances:       make(map[pontage.AllowanceKey]*pontage.AllowanceUse, len(keys.Allowances)),
		Subscriptions:    make(map[pontage.SubscriptionID]*pontage.Subscription),
		Calls:            make(map[pontage.CallID]*pontage.Call, len(keys.Calls)),
		Ended:            make(map[pontage.CallID][]pontage.Outcome, len(keys.Calls)),
		KeyedCalls:       make(map[pontage.IdempotencyID]*pontage.KeyedCall),
		DisabledAccounts: make(map[pontage.AccountID]bool),
		DisabledClients:  make(map[pontage.ClientID]bool),
	}
	if t.cache == nil {
		return state, t.readBatch(ctx, keys, state)
	}
	if err := t.cache.validate(ctx, t); err != nil {
		return nil, err
	}
	keys.Calls, keys.Born = sorted(append(keys.Calls, bornIDs(keys)...)), nil // kept too, with their outcomes
	rest := t.cache.fill(keys, state)
	unexpired, err := t.unexpired(ctx, rest.Subscribed, keys.Now) // instead of the active ones alone: those to come are kept too
	if err != nil {
		return nil, err
	}
	addActive(state, unexpired, keys.Now)
	others := rest
	others.Subscribed = nil
	if err := t.readBatch(ctx, others, state); err != nil {
		return nil, err
	}
	t.cache.learn(rest, state, unexpired)
	return state, nil
}

// readBatch reads rows, after the locks. Which calls were charged for keys must be known before those are looked up.
func (t tx) readBatch(ctx context.Context, keys pontage.BatchKeys, state *pontage.BatchState) error {
	first := []*query{t.batchWallets(keys, state), t.batchLineages(keys, state), t.batchAllowances(keys, state),
		t.batchSubscribed(keys, state), t.batchSubscriptions(keys, state), t.batchCallKeys(keys, state)}
	if len(keys.CallKeys) > 0 {
		if err := t.queryAll(ctx, first); err != nil {
			return err
		}
		first = nil
		for _, keyed := range state.KeyedCalls {
			keys.Calls = append(keys.Calls, keyed.CallID)
		}
		keys.Calls = sorted(keys.Calls)
	}
	for _, call := range keys.Born {
		state.Calls[call.ID] = new(*call)
	}
	return t.queryAll(ctx, append(first, t.batchCalls(keys, state), t.batchOutcomes(keys, state)))
}

// batchWallets locks. On SQLite nothing needs a lock, there is one writer, which is us. The lock is the one an update takes that leaves
// the key alone: rows that only refer to this one do not wait for the batch.
func (t tx) batchWallets(keys pontage.BatchKeys, state *pontage.BatchState) *query {
	if len(keys.Wallets) == 0 {
		return nil
	}
	s := t.planned("SELECT " + walletColumns + ", a.disabled_at FROM wallets w JOIN accounts a ON a.id = w.account_id WHERE w.account_id IN ")
	in(s, keys.Wallets).sql(" ORDER BY w.account_id")
	if t.postgres {
		s.sql(" FOR NO KEY UPDATE OF w")
	}
	return &query{s, "wallet", func(r row) error {
		var w pontage.Wallet
		var disabled time.Time
		if err := r.Scan(append(walletTargets(&w), timeInto(&disabled))...); err != nil {
			return err
		}
		state.Wallets[w.AccountID] = &w
		if !disabled.IsZero() {
			state.DisabledAccounts[w.AccountID] = true
		}
		return nil
	}}
}

// batchAllowances gives every key a use, an empty one where there is no row.
func (t tx) batchAllowances(keys pontage.BatchKeys, state *pontage.BatchState) *query {
	if len(keys.Allowances) == 0 {
		return nil
	}
	for _, key := range keys.Allowances {
		state.Allowances[key] = &pontage.AllowanceUse{Key: key}
	}
	s := t.planned("SELECT " + allowanceColumns + " FROM allowances WHERE (account_id, scope_id) IN (")
	return &query{allowanceKeys(s, keys.Allowances).sql(")"), "allowance", func(r row) error {
		var u pontage.AllowanceUse
		if err := r.Scan((*string)(&u.Key.AccountID), (*string)(&u.Key.ScopeID), (*string)(&u.Day), &u.DayUsed, (*string)(&u.Month), &u.MonthUsed,
			(*string)(&u.Year), &u.YearUsed, &u.TotalUsed); err != nil {
			return err
		}
		state.Allowances[u.Key] = &u
		return nil
	}}
}

// batchSubscribed reads the active subscriptions of what is subscribed, batchSubscriptions those named by id.
func (t tx) batchSubscribed(keys pontage.BatchKeys, state *pontage.BatchState) *query {
	if len(keys.Subscribed) == 0 {
		return nil
	}
	s := t.planned("SELECT " + subscriptionColumns + " FROM subscriptions s WHERE (s.account_id, s.scope_id) IN (")
	allowanceKeys(s, keys.Subscribed).sql(") AND s.starts_at <= ").value(func(s *statement) { s.time(keys.Now) })
	return &query{s.sql(" AND s.expires_at > ").value(func(s *statement) { s.time(keys.Now) }), "subscription", keepSubscription(state)}
}

func keepSubscription(state *pontage.BatchState) func(row) error {
	return func(r row) error {
		var v pontage.Subscription
		if err := r.Scan(subscriptionTargets(&v)...); err != nil {
			return err
		}
		state.Subscriptions[v.ID] = &v
		return nil
	}
}

func (t tx) batchSubscriptions(keys pontage.BatchKeys, state *pontage.BatchState) *query {
	if len(keys.Subscriptions) == 0 {
		return nil
	}
	s := t.planned("SELECT " + subscriptionColumns + " FROM subscriptions s WHERE s.id IN ")
	return &query{in(s, keys.Subscriptions), "subscription", keepSubscription(state)}
}

func (t tx) batchCalls(keys pontage.BatchKeys, state *pontage.BatchState) *query {
	if len(keys.Calls) == 0 {
		return nil
	}
	s := t.planned("SELECT " + callColumns + " FROM calls c WHERE c.id IN ")
	return &query{in(s, keys.Calls), "call", func(r row) error {
		var c pontage.Call
		if err := r.Scan(callTargets(&c)...); err != nil {
			return err
		}
		state.Calls[c.ID] = &c
		return nil
	}}
}

func bornIDs(keys pontage.BatchKeys) []pontage.CallID {
	return mapped(keys.Born, func(c *pontage.Call) pontage.CallID { return c.ID })
}

func (t tx) batchOutcomes(keys pontage.BatchKeys, state *pontage.BatchState) *query {
	ids := sorted(append(bornIDs(keys), keys.Calls...))
	if len(ids) == 0 {
		return nil
	}
	return &query{in(t.planned(selectOutcomes), ids).sql(orderOutcomes), "outcome", func(r row) error {
		var o pontage.Outcome
		if err := r.Scan(outcomeTargets(&o)...); err != nil {
			return err
		}
		state.Ended[o.CallID] = append(state.Ended[o.CallID], o)
		return nil
	}}
}

// allowanceKeys adds the pairs for IN.
func allowanceKeys(s *statement, keys []pontage.AllowanceKey) *statement {
	if !s.bound {
		return s.sql("VALUES ").rows(len(keys), func(i int) { s.string(string(keys[i].AccountID)).string(string(keys[i].ScopeID)) })
	}
	pairs := make([][2]string, len(keys))
	for i, k := range keys {
		pairs[i] = [2]string{string(k.AccountID), string(k.ScopeID)}
	}
	return s.sql("SELECT value ->> 0, value ->> 1 FROM json_each(").array(pairs).sql(")")
}
