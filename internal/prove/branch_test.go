package prove_test

import (
	"context"
	"crypto/sha256"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
)

// bank is one database with several instances on it, and customers whose money, limits and subscriptions run out.
type bank struct {
	t        testing.TB
	size     size
	stores   []*storage.Store
	meters   []*meter.Meter
	api      pontage.API
	scopes   []pontage.Scope
	ops      []pontage.Operation
	scopeSet pontage.ScopeSetID
	members  pontage.ScopeMembers
	accounts []*customer
	claims   []*claim
	topped   *claim

	mu       sync.Mutex
	kinds    map[string]int
	problems []string
	looks    int
	smallest pontage.Money
	calls    int64
	length   time.Duration
	rest     time.Duration
}

// customer is an account and what was paid in: begun counts what was sent, done what was acknowledged.
type customer struct {
	id          pontage.AccountID
	begun, done atomic.Int64
}

// newBank opens as many instances as there are branches on one database; wrap may plant a fault in each one's store.
func newBank(t testing.TB, url string, size size, wrap func(meter.Store) meter.Store) *bank {
	t.Helper()
	b := &bank{t: t, size: size, kinds: map[string]int{}, smallest: pontage.MaxMoney, members: pontage.ScopeMembers{}}
	for range size.branches {
		store, err := storage.Open(t.Context(), url, storage.Options{Clock: time.Now, Migrate: true})
		b.must(err)
		b.stores = append(b.stores, store)
		t.Cleanup(func() { b.must(store.Close()) })
		var used meter.Store = store
		if wrap != nil {
			used = wrap(store)
		}
		b.meters = append(b.meters, b.run(meter.New(meter.Config{
			Store: used, Clock: time.Now, DefaultRatePerMinute: 1e9, MaxReleasesPerMinute: 1e9,
		})))
	}
	b.build()
	b.offer()
	return b
}

func (b *bank) run(m *meter.Meter) *meter.Meter {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	b.t.Cleanup(func() {
		stop()
		b.must(<-ended)
	})
	return m
}

// build makes the catalogue.
func (b *bank) build() {
	ctx, now := b.t.Context(), pontage.Clock(time.Now).Now()
	b.api = pontage.API{ID: pontage.NewAPIID(now), Host: apiHost, Enabled: true, CreatedAt: now, UpdatedAt: now}
	set, digest := pontage.ScopeSet{ID: pontage.NewScopeSetID(now)}, sha256.New()
	for place, name := range []string{"plain", "free", "mixed"} {
		s := pontage.Scope{
			ID: pontage.NewScopeID(now), APIID: b.api.ID, Name: "GET:" + apiHost + "/" + name, Method: "GET", Host: apiHost, Segment: name,
			Enabled: true, Price: ptr(price),
		}
		if calls := map[int]int64{freeScope: b.some(freeCalls), mixedScope: b.some(mixedCalls)}[place]; calls > 0 {
			s.Allowance.Total = &calls
		}
		b.scopes = append(b.scopes, s)
		b.ops = append(b.ops, pontage.Operation{
			ID: pontage.NewOperationID(now), APIID: b.api.ID, ScopeID: s.ID, Method: "GET", Path: "/" + name, Enabled: true,
		})
		b.members[s.ID] = struct{}{}
		set.Scopes = append(set.Scopes, s.ID)
		digest.Write([]byte(s.ID))
	}
	set.Digest, b.scopeSet = digest.Sum(nil), set.ID
	b.must(b.stores[0].Write(ctx, func(tx pontage.Tx) error {
		for _, write := range []func() error{
			func() error { return tx.PutAPI(ctx, b.api) },
			func() error { return tx.PutScopes(ctx, b.scopes) },
			func() error { return tx.PutOperations(ctx, b.ops) },
			func() error { return tx.InsertScopeSet(ctx, set) },
		} {
			if err := write(); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (b *bank) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}
