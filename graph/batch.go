package graph

import (
	"context"
	"maps"
	"net/netip"
	"sync"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/partner"
)

// batch reads what the entries of a page need in one go. Whoever makes a page says which keys to expect; the first field that asks for
// one of them reads them all. So the number of reads hangs on the document, never on timing or on how many entries there are.
type batch[K comparable, V any] struct {
	read func(ctx context.Context, keys []K) (map[K]V, error)

	// noting guards expected alone: whoever reads one relation notes what is expected of others, and must not wait for their reads.
	noting   sync.Mutex
	expected []K

	mutex  sync.Mutex
	known  map[K]V
	asked  map[K]struct{}
	failed error
}

// expect notes keys that fields below are going to ask for.
func (b *batch[K, V]) expect(keys ...K) {
	b.noting.Lock()
	defer b.noting.Unlock()
	b.expected = append(b.expected, keys...)
}

// put notes what was read already.
func (b *batch[K, V]) put(key K, value V) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.begin()
	b.asked[key], b.known[key] = struct{}{}, value
}

// begin makes the maps. Whoever calls it holds the mutex.
func (b *batch[K, V]) begin() {
	if b.asked == nil {
		b.asked, b.known = map[K]struct{}{}, map[K]V{}
	}
}

// get gives the value of a key; ok is false where there is none.
func (b *batch[K, V]) get(ctx context.Context, key K) (value V, ok bool, err error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if _, done := b.asked[key]; !done && b.failed == nil {
		b.fill(ctx, append(b.noted(), key))
	}
	value, ok = b.known[key]
	return value, ok, b.failed
}

// noted gives what was expected so far, and forgets it.
func (b *batch[K, V]) noted() []K {
	b.noting.Lock()
	defer b.noting.Unlock()
	keys := b.expected
	b.expected = nil
	return keys
}

// all gives what is known.
func (b *batch[K, V]) all() map[K]V {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return maps.Clone(b.known)
}

// fill reads the keys that were not read before.
func (b *batch[K, V]) fill(ctx context.Context, keys []K) {
	b.begin()
	fresh := keys[:0:0]
	for _, k := range keys {
		if _, done := b.asked[k]; !done {
			b.asked[k] = struct{}{}
			fresh = append(fresh, k)
		}
	}
	found, err := b.read(ctx, fresh)
	if err != nil {
		b.failed = err
		return
	}
	for k, v := range found {
		b.known[k] = v
	}
}

// batches are the relations between nouns that one request may follow.
type batches struct {
	addresses batch[pontage.LineageID, []netip.Addr]
	lastUses  batch[pontage.LineageID, time.Time]
	makers    batch[pontage.LineageID, pontage.Maker]
	bearers   pages[pontage.LineageID, pontage.Bearer]
	freeCalls batch[pontage.AllowanceKey, []meter.FreeCalls]
	tokens    batch[pontage.LineageID, oauth.Detail]
	clients   batch[pontage.ClientID, pontage.Client]
	// authorities are what the caller may do on clients.
	authorities batch[pontage.ClientID, *pontage.Authority]
	secrets     pages[pontage.ClientID, pontage.UsedSecret]
	domains     pages[pontage.ClientID, pontage.Domain]
	scopes      batch[pontage.ClientID, []partner.ClientScope]
	urls        batch[pontage.DomainID, []pontage.DomainURL]
	// linkedSecrets are good for a domain, and linkedDomains are what a secret is good for.
	linkedSecrets pages[pontage.DomainID, pontage.UsedSecret]
	linkedDomains pages[pontage.SecretID, pontage.Domain]
}

func newBatches(c *Config, by pontage.Actor) *batches {
	b := &batches{}
	b.addresses.read = func(ctx context.Context, ids []pontage.LineageID) (map[pontage.LineageID][]netip.Addr, error) {
		return c.Meter.Addresses(ctx, by, ids)
	}
	b.lastUses.read = func(ctx context.Context, ids []pontage.LineageID) (map[pontage.LineageID]time.Time, error) {
		return c.Meter.LastUses(ctx, ids)
	}
	b.makers.read = func(ctx context.Context, ids []pontage.LineageID) (map[pontage.LineageID]pontage.Maker, error) {
		return c.Tokens.Makers(ctx, ids)
	}
	b.freeCalls.read = c.Meter.FreeCalls
	b.tokens.read = func(ctx context.Context, ids []pontage.LineageID) (map[pontage.LineageID]oauth.Detail, error) {
		return c.Tokens.ByLineage(ctx, by, ids)
	}
	b.clients.read = func(ctx context.Context, ids []pontage.ClientID) (map[pontage.ClientID]pontage.Client, error) {
		b.expectClients(ids...)
		return c.Partners.ClientsByID(ctx, by, ids)
	}
	b.authorities.read = func(ctx context.Context, ids []pontage.ClientID) (map[pontage.ClientID]*pontage.Authority, error) {
		return c.Partners.Authorities(ctx, by, ids)
	}
	b.scopes.read = func(ctx context.Context, ids []pontage.ClientID) (map[pontage.ClientID][]partner.ClientScope, error) {
		return c.Partners.ScopesOf(ctx, b.seen(), ids)
	}
	b.urls.read = func(ctx context.Context, ids []pontage.DomainID) (map[pontage.DomainID][]pontage.DomainURL, error) {
		return c.Partners.URLsOf(ctx, b.seen(), ids)
	}
	return b
}
