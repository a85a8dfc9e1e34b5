package oauth_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/partner"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// world is one instance with an account and a client on a real store.
type world struct {
	*oauth.Service
	t       testing.TB
	store   oauth.Store
	clock   *storagetest.MovingClock
	scopes  *scopes
	partner *partner.Service
	account pontage.Account
	other   pontage.Account
	client  pontage.Client
	secret  string

	credentials pontage.Credentials
}

// scopes stands for the catalogue, which is not part of these tests.
type scopes struct {
	sync.Mutex
	all []pontage.Scope
}

func newScopes() *scopes {
	c := &scopes{}
	for i, name := range []string{
		"GET:company.example.com/IT-start", "GET:company.example.com/IT-advanced", "POST:mail.example.com/send", "GET:geo.example.com/root",
	} {
		c.all = append(c.all, pontage.Scope{ID: pontage.ScopeID(fmt.Sprintf("sco_%d", i)), Name: name, Enabled: true})
	}
	return c
}

func (c *scopes) Expand(_ context.Context, _ pontage.AccountID, patterns []string, _ bool) ([]pontage.ScopeID, error) {
	c.Lock()
	defer c.Unlock()
	var ids []pontage.ScopeID
	for i, p := range patterns {
		before := len(ids)
		for _, s := range c.all {
			if s.Enabled && (p == "*:*/*" || p == s.Name) {
				ids = append(ids, s.ID)
			}
		}
		if strings.Contains(p, " ") || p == "" {
			return nil, pontage.E(pontage.InvalidInput, "This is no scope.").At(fmt.Sprintf("/scopes/%d", i))
		}
		if len(ids) == before {
			return nil, pontage.E(pontage.Unprocessable, "No such scope.").At(fmt.Sprintf("/scopes/%d", i))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func (c *scopes) ScopeNames(ids []pontage.ScopeID) []string {
	names := []string{}
	for _, id := range ids {
		if s, ok := c.ScopeByID(id); ok {
			names = append(names, s.Name)
		}
	}
	slices.Sort(names)
	return names
}

func (c *scopes) ScopeByID(id pontage.ScopeID) (*pontage.Scope, bool) {
	c.Lock()
	defer c.Unlock()
	for _, s := range c.all {
		if s.ID == id {
			return &s, true
		}
	}
	return nil, false
}

func (c *scopes) Access(context.Context, pontage.AccountID) (pontage.AccountAccess, error) {
	return pontage.AccountAccess{}, nil
}

func (c *scopes) change(name string, do func(*pontage.Scope)) {
	c.Lock()
	defer c.Unlock()
	for i := range c.all {
		if c.all[i].Name == name {
			do(&c.all[i])
		}
	}
}

// reads counts what goes to the store outside of units of work.
type reads struct {
	oauth.Store
	n atomic.Int64
}

func (r *reads) Token(ctx context.Context, id pontage.TokenID) (*pontage.Token, *pontage.Lineage, error) {
	r.n.Add(1)
	return r.Store.Token(ctx, id)
}

func (r *reads) Presented(ctx context.Context, id pontage.TokenID) (*pontage.Presented, error) {
	r.n.Add(1)
	return r.Store.Presented(ctx, id)
}

func (r *reads) Disabled(ctx context.Context, account pontage.AccountID, client pontage.ClientID) (bool, error) {
	r.n.Add(1)
	return r.Store.Disabled(ctx, account, client)
}

func (r *reads) Lineages(ctx context.Context, account pontage.AccountID, endedAfter time.Time, page pontage.Page) ([]pontage.Lineage, error) {
	r.n.Add(1)
	return r.Store.Lineages(ctx, account, endedAfter, page)
}

func (r *reads) ScopeSets(ctx context.Context, ids []pontage.ScopeSetID) ([]pontage.ScopeSet, error) {
	r.n.Add(1)
	return r.Store.ScopeSets(ctx, ids)
}

func (r *reads) RefreshToken(ctx context.Context, id pontage.RefreshTokenID) (*pontage.RefreshToken, error) {
	r.n.Add(1)
	return r.Store.RefreshToken(ctx, id)
}

func (r *reads) Read(ctx context.Context, do func(pontage.Reader) error) error {
	r.n.Add(1)
	return r.Store.Read(ctx, do)
}

func ring(t testing.TB, keys ...pontage.Key) *pontage.KeyRing {
	t.Helper()
	r, err := pontage.NewKeyRing(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// eachEngine runs a test on a world over every engine; again makes another instance on the same database with the same keys.
func eachEngine(t *testing.T, test func(t *testing.T, w *world, again func() *world)) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		keys := ring(t, pontage.NewKey("k1"))
		w := newWorld(t, open(), keys, storagetest.NewMovingClock(storagetest.Start), newScopes())
		w.populate()
		test(t, w, func() *world {
			second := newWorld(t, open(), keys, w.clock, w.scopes)
			second.account, second.other, second.client, second.secret = w.account, w.other, w.client, w.secret
			return second
		})
	})
}

func newWorld(t testing.TB, store oauth.Store, keys *pontage.KeyRing, c *storagetest.MovingClock, s *scopes) *world {
	t.Helper()
	credentials := pontage.Credentials{Prefix: "pt_live", Keys: keys}
	full := store.(partner.Store)
	var service *oauth.Service
	partners, err := partner.New(partner.Config{Store: full, Clock: c.Now, Credentials: credentials, Changed: func() { service.ForgetOwners() }})
	if err != nil {
		t.Fatal(err)
	}
	service, err = oauth.New(oauth.Config{
		Store: store, Clock: c.Now, Credentials: credentials, Scopes: s, Clients: partners, Issuer: "https://oauth.example.com",
		Idempotency: pontage.NewIdempotency(store.(pontage.IdempotencyStore), c.Now),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &world{Service: service, t: t, store: store, clock: c, scopes: s, partner: partners, credentials: credentials}
}

func (w *world) populate() {
	w.t.Helper()
	ctx := w.t.Context()
	accounts, err := account.New(account.Config{
		Store: w.store.(account.Store), Clock: w.clock.Now, Credentials: pontage.Credentials{Prefix: "pt_live", Keys: ring(w.t, pontage.NewKey("a"))},
	})
	must(w.t, err)
	a, err := accounts.Create(ctx, pontage.Operator(), account.CreateInput{Email: "ann@example.com"})
	must(w.t, err)
	b, err := accounts.Create(ctx, pontage.Operator(), account.CreateInput{Email: "bob@example.com"})
	must(w.t, err)
	w.account, w.other = *a, *b
	w.client, w.secret = w.newClient(a.ID)
}

func (w *world) newClient(account pontage.AccountID) (pontage.Client, string) {
	w.t.Helper()
	c, err := w.partner.Create(w.t.Context(), pontage.Operator(), partner.CreateInput{AccountID: account, Name: "a program"})
	must(w.t, err)
	s, err := w.partner.CreateSecret(w.t.Context(), pontage.Operator(), partner.SecretInput{ClientID: c.ID})
	must(w.t, err)
	return *c, s.Text
}

// by is the account's own actor.
func (w *world) by() pontage.Actor {
	return pontage.Actor{Kind: pontage.ActorAccount, AccountID: w.account.ID}
}

func (w *world) issue(in oauth.IssueInput) *oauth.Issued {
	w.t.Helper()
	if in.Scopes == nil {
		in.Scopes = []string{"*:*/*"}
	}
	issued, err := w.Issue(w.t.Context(), w.by(), in)
	must(w.t, err)
	return issued
}

func (w *world) rotate(refresh string, id pontage.TokenID) (*oauth.Issued, error) {
	return w.Rotate(w.t.Context(), pontage.Actor{Kind: pontage.ActorRefresh, Refresh: refresh}, id)
}

// bearerActor is the actor behind a bearer.
func (w *world) bearerActor(bearer string) pontage.Actor {
	w.t.Helper()
	by, _, _, err := w.Authenticate(w.t.Context(), bearer)
	must(w.t, err)
	return by
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, code pontage.Code, field string) {
	t.Helper()
	if pontage.CodeOf(err) != code || code != "" && pontage.Public(err).Field != field {
		t.Fatalf("got %v, want %s at %q", err, code, field)
	}
}

func ptr[T any](v T) *T { return &v }

// over is a service with the same keys and an empty cache, over a wrapped store.
func (w *world) over(store oauth.Store) *oauth.Service {
	w.t.Helper()
	s, err := oauth.New(oauth.Config{
		Store: store, Clock: w.clock.Now, Credentials: w.credentials, Scopes: w.scopes, Clients: w.partner, Issuer: "https://oauth.example.com",
	})
	must(w.t, err)
	return s
}
