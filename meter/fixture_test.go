package meter_test

import (
	"context"
	"crypto/sha256"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// town is a database with an account, a token and a catalogue, and meters on it.
type town struct {
	t       testing.TB
	store   *storage.Store
	clock   *clock
	account pontage.AccountID
	lineage pontage.Lineage
	api     pontage.API
	scopes  []pontage.Scope
	ops     []pontage.Operation
}

// The scopes of a town, by their place in it.
const (
	priced = iota
	free
	allowed
	unpriced
)

func money(text string) pontage.Money {
	m, err := pontage.ParseMoney(text)
	if err != nil {
		panic(err)
	}
	return m
}

func ptr[T any](v T) *T { return &v }

// settle in a town whose wallet holds so much.
func newTown(t testing.TB, store *storage.Store, credit string) *town {
	t.Helper()
	at := storagetest.Start
	w := &town{t: t, store: store, clock: &clock{now: at}, account: pontage.NewAccountID(at)}
	w.api = pontage.API{ID: pontage.NewAPIID(at), Host: "geo.example.com", Enabled: true, CreatedAt: at, UpdatedAt: at}
	for i, name := range []string{"priced", "free", "allowed", "unpriced"} {
		s := pontage.Scope{
			ID: pontage.NewScopeID(at), APIID: w.api.ID, Name: "GET:geo.example.com/" + name, Method: "GET", Host: w.api.Host, Segment: name, Enabled: true,
		}
		switch i {
		case priced:
			s.Price = ptr(money("0.01"))
		case free:
			s.Price = ptr(money("0"))
		case allowed:
			s.Price, s.Allowance = ptr(money("0.5")), pontage.Allowance{Day: ptr(int64(2))}
		}
		w.scopes = append(w.scopes, s)
		w.ops = append(w.ops, pontage.Operation{
			ID: pontage.NewOperationID(at), APIID: w.api.ID, ScopeID: s.ID, Method: "GET", Path: "/" + name, Enabled: true,
		})
	}
	w.must(store.Write(t.Context(), w.build))
	if amount := money(credit); amount > 0 {
		_, err := w.meter(nil).Credit(t.Context(), pontage.Operator(), w.account, amount, "Top-up")
		w.must(err)
	}
	return w
}

func (w *town) build(tx pontage.Tx) error {
	ctx, at := w.t.Context(), w.clock.Now()
	set := pontage.ScopeSet{ID: pontage.NewScopeSetID(at)}
	digest := sha256.New()
	for _, s := range w.scopes {
		set.Scopes = append(set.Scopes, s.ID)
		digest.Write([]byte(s.ID))
	}
	set.Digest = digest.Sum(nil)
	w.lineage = pontage.Lineage{
		ID: pontage.NewLineageID(at), AccountID: w.account, TokenID: pontage.NewTokenID(at), Version: 1, ScopeSetID: set.ID,
		TTL: time.Hour, CreatedAt: at, UpdatedAt: at, ExpiresAt: at.Add(10_000 * time.Hour),
	}
	for _, do := range []func() error{
		func() error {
			return tx.InsertAccount(ctx, pontage.Account{ID: w.account, Email: string(w.account) + "@example.com", CreatedAt: at})
		},
		func() error { return tx.PutAPI(ctx, w.api) },
		func() error { return tx.PutScopes(ctx, w.scopes) },
		func() error { return tx.PutOperations(ctx, w.ops) },
		func() error { return tx.InsertScopeSet(ctx, set) },
		func() error { return tx.InsertLineage(ctx, w.lineage) },
		func() error {
			return tx.InsertToken(ctx, pontage.Token{ID: w.lineage.TokenID, LineageID: w.lineage.ID, KeyID: "k", Hash: []byte("h"), CreatedAt: at})
		},
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// ScopeByID makes a town a meter.ScopeSource.
func (w *town) ScopeByID(id pontage.ScopeID) (*pontage.Scope, bool) {
	for i := range w.scopes {
		if w.scopes[i].ID == id {
			return &w.scopes[i], true
		}
	}
	return nil, false
}

// meter gives one that does nothing by the clock; store nil means the town's.
func (w *town) meter(store meter.Store) *meter.Meter {
	if store == nil {
		store = w.store
	}
	return meter.New(meter.Config{
		Store: store, Clock: w.clock.Now, Scopes: w, DefaultRatePerMinute: 100_000, FoldEvery: time.Hour, ReapEvery: time.Hour,
		RetryFor: time.Second,
	})
}

// run starts a meter and stops it with the test.
func (w *town) run(m *meter.Meter) *meter.Meter {
	w.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- m.Run(ctx) }()
	w.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			w.t.Errorf("run: %v", err)
		}
	})
	return m
}

func (w *town) by() pontage.Actor {
	return pontage.Actor{Kind: pontage.ActorAccount, AccountID: w.account}
}

// attempt is a call of one of the scopes, with a hold of a minute.
func (w *town) attempt(scope int) pontage.Attempt {
	members := pontage.ScopeMembers{}
	for _, s := range w.scopes {
		members[s.ID] = struct{}{}
	}
	return pontage.Attempt{
		CallID: pontage.NewCallID(w.clock.Now()), Method: "GET", Host: w.api.Host, Address: netip.MustParseAddr("192.0.2.1"), Hold: time.Minute,
		Admission: pontage.Admission{
			TokenID: w.lineage.TokenID, LineageID: w.lineage.ID, AccountID: w.account, Version: w.lineage.Version, Scopes: members,
		},
		Match: &pontage.Match{API: &w.api, Operation: &w.ops[scope], Scope: &w.scopes[scope]},
	}
}

// reserve decides and expects an answer.
func (w *town) reserve(m *meter.Meter, a pontage.Attempt) *pontage.Decision {
	w.t.Helper()
	d, err := m.Reserve(w.t.Context(), a)
	w.must(err)
	return d
}

// admit decides and expects admission.
func (w *town) admit(m *meter.Meter, scope int) pontage.CallID {
	w.t.Helper()
	d := w.reserve(m, w.attempt(scope))
	if !d.Admitted {
		w.t.Fatalf("refused: %v", d.Refusal)
	}
	return d.CallID
}

// wallet expects balance and held.
func (w *town) wallet(balance, held string) {
	w.t.Helper()
	got, err := w.store.Wallet(w.t.Context(), w.account)
	w.must(err)
	if got.Balance.String() != balance || got.Held.String() != held {
		w.t.Fatalf("wallet has %s, %s of it held; want %s and %s", got.Balance, got.Held, balance, held)
	}
}

// usage gives the token's counters.
func (w *town) usage() pontage.Usage {
	w.t.Helper()
	l, err := w.store.Lineage(w.t.Context(), w.lineage.ID)
	w.must(err)
	return l.Usage
}

// equal expects verify to find nothing.
func (w *town) equal(m *meter.Meter) {
	w.t.Helper()
	found, err := m.Verify(w.t.Context())
	w.must(err)
	for _, d := range found {
		w.t.Errorf("verify: %+v", d)
	}
}
