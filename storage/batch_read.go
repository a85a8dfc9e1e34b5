package storage

import (
	"context"
	"database/sql"

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
	}
	if t.cache == nil {
		return state, t.readBatch(ctx, keys, state)
	}
	if err := t.cache.validate(ctx, t); err != nil {
		return nil, err
	}
	rest := t.cache.fill(keys, state)
	if err := t.readBatch(ctx, rest, state); err != nil {
		return nil, err
	}
	unexpired, err := t.unexpired(ctx, rest.Allowances, keys.Now)
	if err == nil {
		t.cache.learn(rest, state, unexpired)
	}
	return state, err
}

// readBatch reads rows in the order in which they are locked everywhere.
func (t tx) readBatch(ctx context.Context, keys pontage.BatchKeys, state *pontage.BatchState) error {
	for _, read := range []func(context.Context, *pontage.BatchKeys, *pontage.BatchState) error{
		t.batchLineages, t.batchWallets, t.batchAllowances, t.batchSubscriptions, t.batchCallKeys, t.batchCalls, t.batchOutcomes,
	} {
		if err := read(ctx, &keys, state); err != nil {
			return err
		}
	}
	return nil
}

// forUpdate ends a locking read. SQLite has one writer, which is us. The lock is the one an update takes that leaves the key alone:
// rows that only refer to this one, such as a new token of a lineage, do not wait for the batch.
func (t tx) forUpdate(s *statement, of string) *statement {
	if t.postgres {
		s.sql(" FOR NO KEY UPDATE OF " + of)
	}
	return s
}

func (t tx) batchWallets(ctx context.Context, keys *pontage.BatchKeys, state *pontage.BatchState) error {
	if len(keys.Wallets) == 0 {
		return nil
	}
	s := t.fixed("SELECT " + walletColumns + ", a.disabled_at FROM wallets w JOIN accounts a ON a.id = w.account_id WHERE w.account_id IN ")
	in(s, keys.Wallets).sql(" ORDER BY w.account_id")
	return t.each(ctx, t.forUpdate(s, "w"), "wallet", func(rows *sql.Rows) error {
		var w pontage.Wallet
		var disabled sql.Null[any]
		if err := rows.Scan(append(walletTargets(&w), &disabled)...); err != nil {
			return err
		}
		state.Wallets[w.AccountID] = &w
		if disabled.Valid {
			state.DisabledAccounts[w.AccountID] = true
		}
		return nil
	})
}

// batchAllowances gives every key a row. On PostgreSQL missing ones are made first: only a row that is there can be locked.
func (t tx) batchAllowances(ctx context.Context, keys *pontage.BatchKeys, state *pontage.BatchState) error {
	if len(keys.Allowances) == 0 {
		return nil
	}
	for _, key := range keys.Allowances {
		state.Allowances[key] = &pontage.AllowanceUse{Key: key}
	}
	if t.postgres {
		s := t.statement("INSERT INTO allowances (" + allowanceColumns + ") VALUES ")
		s.rows(len(keys.Allowances), func(i int) { allowanceValues(s, pontage.AllowanceUse{Key: keys.Allowances[i]}) })
		if _, err := t.execute(ctx, s.sql(" ON CONFLICT (account_id, scope_id) DO NOTHING"), "allowance"); err != nil {
			return err
		}
	}
	s := t.fixed("SELECT " + allowanceColumns + " FROM allowances WHERE (account_id, scope_id) IN (")
	allowanceKeys(s, keys.Allowances).sql(") ORDER BY account_id, scope_id")
	return t.each(ctx, t.forUpdate(s, "allowances"), "allowance", func(rows *sql.Rows) error {
		var u pontage.AllowanceUse
		if err := rows.Scan(&u.Key.AccountID, &u.Key.ScopeID, &u.Day, &u.DayUsed, &u.Month, &u.MonthUsed,
			&u.Year, &u.YearUsed, &u.TotalUsed); err != nil {
			return err
		}
		state.Allowances[u.Key] = &u
		return nil
	})
}

// batchSubscriptions reads the active ones of the allowance keys and those named by id.
func (t tx) batchSubscriptions(ctx context.Context, keys *pontage.BatchKeys, state *pontage.BatchState) error {
	if len(keys.Allowances) == 0 && len(keys.Subscriptions) == 0 {
		return nil
	}
	s := t.fixed("SELECT " + subscriptionColumns + " FROM subscriptions s WHERE s.id IN (")
	if len(keys.Allowances) > 0 {
		s.sql("SELECT id FROM subscriptions WHERE (account_id, scope_id) IN (")
		allowanceKeys(s, keys.Allowances).sql(") AND starts_at <= ").value(func(s *statement) { s.time(keys.Now) })
		s.sql(" AND expires_at > ").value(func(s *statement) { s.time(keys.Now) })
	}
	if len(keys.Subscriptions) > 0 {
		if len(keys.Allowances) > 0 {
			s.sql(" UNION ALL ")
		}
		s.sql("SELECT id FROM subscriptions WHERE id IN ")
		in(s, keys.Subscriptions)
	}
	return t.each(ctx, t.forUpdate(s.sql(") ORDER BY s.id"), "s"), "subscription", func(rows *sql.Rows) error {
		var v pontage.Subscription
		if err := rows.Scan(subscriptionTargets(&v)...); err != nil {
			return err
		}
		state.Subscriptions[v.ID] = &v
		return nil
	})
}

func (t tx) batchCalls(ctx context.Context, keys *pontage.BatchKeys, state *pontage.BatchState) error {
	if len(keys.Calls) == 0 {
		return nil
	}
	s := t.fixed("SELECT " + callColumns + " FROM calls c WHERE c.id IN ")
	in(s, keys.Calls)
	return t.each(ctx, s, "call", func(rows *sql.Rows) error {
		var c pontage.Call
		if err := rows.Scan(callTargets(&c)...); err != nil {
			return err
		}
		state.Calls[c.ID] = &c
		return nil
	})
}

func (t tx) batchOutcomes(ctx context.Context, keys *pontage.BatchKeys, state *pontage.BatchState) error {
	if len(keys.Calls) == 0 {
		return nil
	}
	outcomes, err := t.outcomesOf(ctx, keys.Calls)
	for _, o := range outcomes {
		state.Ended[o.CallID] = append(state.Ended[o.CallID], o)
	}
	return err
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
