package storage

import (
	"context"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/pontage/pontage"
)

// How many rows of each kind are kept; the least recently used is read again when it is needed.
const (
	cachedRows      = 16_384
	cachedOpenCalls = 65_536
)

// rowCache keeps the rows that SQLite's batches read and wrote, so that the next batch need not read them. It is exact: only who
// owns the writer's turn touches it, every other unit of work on the writer forgets what it changes, a commit that fails forgets all, and
// so does a commit of another process, which SQLite's data_version tells. Rows in it are never changed: batches get copies.
type rowCache struct {
	version       int64
	lineages      *simplelru.LRU[pontage.LineageID, cachedLineage]
	wallets       *simplelru.LRU[pontage.AccountID, cachedWallet]
	allowances    *simplelru.LRU[pontage.AllowanceKey, pontage.AllowanceUse]
	subscriptions *simplelru.LRU[pontage.AllowanceKey, []pontage.Subscription]
	// calls are open ones: reserved here and not ended.
	calls *simplelru.LRU[pontage.CallID, *pontage.Call]
}

// cachedLineage is a token and whether its client is disabled.
type cachedLineage struct {
	*pontage.Lineage
	disabled bool
}

// cachedWallet is a wallet and whether its account is disabled.
type cachedWallet struct {
	pontage.Wallet
	disabled bool
}

func newRowCache() *rowCache {
	return &rowCache{
		lineages: newLRU[pontage.LineageID, cachedLineage](cachedRows), wallets: newLRU[pontage.AccountID, cachedWallet](cachedRows),
		allowances:    newLRU[pontage.AllowanceKey, pontage.AllowanceUse](cachedRows),
		subscriptions: newLRU[pontage.AllowanceKey, []pontage.Subscription](cachedRows),
		calls:         newLRU[pontage.CallID, *pontage.Call](cachedOpenCalls),
	}
}

func newLRU[K comparable, V any](size int) *simplelru.LRU[K, V] {
	cache, err := simplelru.NewLRU[K, V](size, nil)
	if err != nil {
		panic(err) // only for a size below one
	}
	return cache
}

// validate forgets everything if another connection committed since the last time; it must be asked inside the unit of work.
func (c *rowCache) validate(ctx context.Context, t tx) error {
	version, err := one(ctx, t.reader, t.fixed("PRAGMA data_version"), "database", func(v *int64) []any { return []any{v} })
	if err == nil && *version != c.version {
		c.clear()
		c.version = *version
	}
	return err
}

func (c *rowCache) clear() {
	c.lineages.Purge()
	c.wallets.Purge()
	c.allowances.Purge()
	c.subscriptions.Purge()
	c.calls.Purge()
}

// fill gives copies of the kept rows and the keys of those that must be read.
func (c *rowCache) fill(keys pontage.BatchKeys, state *pontage.BatchState) pontage.BatchKeys {
	rest := keys
	rest.Lineages = missed(keys.Lineages, c.lineages, func(id pontage.LineageID, l cachedLineage) {
		state.Lineages[id] = new(*l.Lineage)
		if l.disabled {
			state.DisabledClients[l.ClientID] = true
		}
	})
	rest.Wallets = missed(keys.Wallets, c.wallets, func(id pontage.AccountID, w cachedWallet) {
		state.Wallets[id] = &w.Wallet
		if w.disabled {
			state.DisabledAccounts[id] = true
		}
	})
	rest.Calls = missed(keys.Calls, c.calls, func(id pontage.CallID, call *pontage.Call) { state.Calls[id] = call })
	rest.Allowances = missed(keys.Allowances, c.allowances, func(key pontage.AllowanceKey, use pontage.AllowanceUse) { state.Allowances[key] = &use })
	rest.Subscribed = missed(keys.Subscribed, c.subscriptions, func(_ pontage.AllowanceKey, list []pontage.Subscription) {
		addActive(state, list, keys.Now)
	})
	return rest
}

// addActive gives copies of those that are active.
func addActive(state *pontage.BatchState, list []pontage.Subscription, now time.Time) {
	for _, s := range list {
		if s.Active(now) {
			state.Subscriptions[s.ID] = &s
		}
	}
}

// missed hands each kept row to found and gives the keys of the others.
func missed[K comparable, V any](keys []K, cache *simplelru.LRU[K, V], found func(K, V)) (rest []K) {
	for _, key := range keys {
		if row, ok := cache.Get(key); ok {
			found(key, row)
		} else {
			rest = append(rest, key)
		}
	}
	return rest
}

// learn keeps what was read for keys. unexpired are all subscriptions of what is subscribed that are not over, those to come too.
func (c *rowCache) learn(keys pontage.BatchKeys, state *pontage.BatchState, unexpired []pontage.Subscription) {
	for _, id := range keys.Lineages {
		if l := state.Lineages[id]; l != nil {
			c.lineages.Add(id, cachedLineage{new(*l), state.DisabledClients[l.ClientID]})
		}
	}
	for _, id := range keys.Wallets {
		if w := state.Wallets[id]; w != nil {
			c.wallets.Add(id, cachedWallet{*w, state.DisabledAccounts[id]})
		}
	}
	of := make(map[pontage.AllowanceKey][]pontage.Subscription)
	for _, s := range unexpired {
		of[keyOf(s)] = append(of[keyOf(s)], s)
	}
	for _, key := range keys.Allowances {
		c.allowances.Add(key, *state.Allowances[key])
	}
	for _, key := range keys.Subscribed {
		c.subscriptions.Add(key, of[key])
	}
}

func keyOf(s pontage.Subscription) pontage.AllowanceKey {
	return pontage.AllowanceKey{AccountID: s.AccountID, ScopeID: s.ScopeID}
}

// wrote keeps what a batch changed; it follows the last statement of the batch, which changes its rows no more.
func (c *rowCache) wrote(state *pontage.BatchState, changes *pontage.BatchChanges) {
	for _, id := range changes.Lineages {
		l := state.Lineages[id]
		c.lineages.Add(id, cachedLineage{l, state.DisabledClients[l.ClientID]})
	}
	for _, id := range changes.Wallets {
		c.wallets.Add(id, cachedWallet{*state.Wallets[id], state.DisabledAccounts[id]})
	}
	for _, key := range changes.Allowances {
		c.allowances.Add(key, *state.Allowances[key])
	}
	for _, id := range changes.Subscriptions {
		c.wroteSubscription(*state.Subscriptions[id])
	}
	for i := range changes.Calls {
		if call := &changes.Calls[i]; call.State == pontage.CallReserved {
			c.calls.Add(call.ID, call)
		}
	}
	for _, o := range changes.Outcomes {
		c.calls.Remove(o.CallID)
	}
}

func (c *rowCache) wroteSubscription(s pontage.Subscription) {
	known, ok := c.subscriptions.Peek(keyOf(s))
	if !ok {
		return
	}
	fresh := make([]pontage.Subscription, len(known))
	for i, k := range known {
		fresh[i] = k
		if k.ID == s.ID {
			fresh[i] = s
		}
	}
	c.subscriptions.Add(keyOf(s), fresh)
}

// The forget methods are for units of work that change rows beside the batches; a nil cache, which is PostgreSQL's, has nothing to
// forget.

func (c *rowCache) forgetLineage(id pontage.LineageID) {
	if c != nil {
		c.lineages.Remove(id)
	}
}

func (c *rowCache) forgetWallet(id pontage.AccountID) {
	if c != nil {
		c.wallets.Remove(id)
	}
}

// forgetLineages forgets all, for whoever changes a client.
func (c *rowCache) forgetLineages() {
	if c != nil {
		c.lineages.Purge()
	}
}

// forgetSubscriptions forgets all: they change rarely, and their updates do not say whose they are.
func (c *rowCache) forgetSubscriptions() {
	if c != nil {
		c.subscriptions.Purge()
	}
}

// unexpired reads the subscriptions of the keys that are not over at now.
func (t tx) unexpired(ctx context.Context, keys []pontage.AllowanceKey, now time.Time) ([]pontage.Subscription, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	s := t.fixed("SELECT " + subscriptionColumns + " FROM subscriptions s WHERE (s.account_id, s.scope_id) IN (")
	allowanceKeys(s, keys).sql(") AND s.expires_at > ").value(func(s *statement) { s.time(now) })
	return list(ctx, t.reader, s, "subscription", subscriptionTargets)
}
