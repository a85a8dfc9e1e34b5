package graph_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/graph"
	"github.com/pontage/pontage/graph/cookie"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/openapi/token"
	"github.com/pontage/pontage/partner"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

const (
	platformHost = "oauth.example.com"
	apiHost      = "company.example.com"
	startScope   = "GET:company.example.com/IT-start"
	searchScope  = "POST:company.example.com/IT-search"
)

// world is one running instance with both of its doors: real rules on a real database, with two accounts.
type world struct {
	testing.TB
	url, rest   string
	store       *storage.Store
	catalog     *catalog.Service
	accounts    *account.Service
	partners    *partner.Service
	oauth       *oauth.Service
	meter       *meter.Meter
	clock       *storagetest.MovingClock
	credentials pontage.Credentials
	config      graph.Config
	ann, bob    person
	// records are what DNS says.
	records map[string][]string
	// entered are the accounts whose person has a password.
	entered map[pontage.AccountID]bool
}

// person is an account with a key.
type person struct {
	id         pontage.AccountID
	email, key string
}

func (p person) basic() string { return p.email + ":" + p.key }

// each runs a test in a world of its own on every database.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) { test(t, newWorld(t, open(), nil)) })
}

// newWorld runs an instance on the store until the test ends.
func newWorld(t testing.TB, store *storage.Store, change func(*graph.Config)) *world {
	t.Helper()
	return newInstance(t, store, "pt_test", change)
}

// newInstance is newWorld with credentials that begin with prefix.
func newInstance(t testing.TB, store *storage.Store, prefix string, change func(*graph.Config)) *world {
	t.Helper()
	w := &world{TB: t, store: store, clock: storagetest.NewMovingClock(storagetest.Start), entered: map[pontage.AccountID]bool{}, records: map[string][]string{}}
	w.rules(prefix)
	w.importAPIs()
	keys := pontage.NewIdempotency(store, w.clock.Now)
	log := slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelError}))
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	w.config = graph.Config{
		Accounts: w.accounts, Partners: w.partners, Tokens: w.oauth, Catalog: w.catalog, Meter: w.meter, Idempotency: keys, Keys: w.credentials.Keys,
		Sessions: cookie.New("sandbox", "http://localhost", w.clock.Now), Clock: w.clock.Now, Logger: log, PlatformHost: platformHost, TrustedProxies: proxies,
		PublicURL: "http://" + platformHost,
	}
	if change != nil {
		change(&w.config)
	}
	handler, err := graph.New(w.config)
	must(t, err)
	w.url = serve(t, handler) + "/graphql"
	surface, err := token.New(token.Config{
		OAuth: w.oauth, Accounts: w.accounts, Catalog: w.catalog, Meter: w.meter, Idempotency: keys, Clock: w.clock.Now, Logger: log,
		PublicURL: "http://" + platformHost, PlatformHost: platformHost, TrustedProxies: proxies, ValidateResponses: true,
	})
	must(t, err)
	w.rest = serve(t, surface)
	w.ann, w.bob = w.newPerson("ann+billing@example.com"), w.newPerson("bob@example.com")
	return w
}

func serve(t testing.TB, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// planRequests are the requests a month that plans include here.
const planRequests = 2

// rules makes the rule packages as an instance has them, and runs the meter until the test ends.
func (w *world) rules(prefix string) {
	w.Helper()
	keys, err := pontage.NewKeyRing(pontage.NewKey("one"))
	must(w, err)
	w.credentials = pontage.Credentials{Prefix: prefix, Keys: keys}
	w.catalog = catalog.New(catalog.Config{Store: w.store, Clock: w.clock.Now, Keys: keys})
	w.partners, err = partner.New(partner.Config{Store: w.store, Clock: w.clock.Now, Credentials: w.credentials, Scopes: offered{w.catalog}, Resolver: w, PlanRequests: planRequests})
	must(w, err)
	w.accounts, err = account.New(account.Config{Store: w.store, Clock: w.clock.Now, Credentials: w.credentials})
	must(w, err)
	w.oauth, err = oauth.New(oauth.Config{Store: w.store, Clock: w.clock.Now, Credentials: w.credentials, Scopes: w.catalog,
		Clients: w.partners, Issuer: "http://" + platformHost})
	must(w, err)
	w.meter = meter.New(meter.Config{Store: w.store, Clock: w.clock.Now, Scopes: w.catalog, FoldEvery: time.Hour, ReapEvery: time.Hour, PlanRequests: planRequests})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.meter.Run(ctx) }()
	w.Cleanup(func() {
		cancel()
		if err := <-done; err != nil && ctx.Err() == nil {
			w.Errorf("meter: %v", err)
		}
	})
}

func (w *world) importAPIs() {
	w.Helper()
	document, err := os.ReadFile("testdata/company.json")
	must(w, err)
	prices, err := os.ReadFile("testdata/prices.yaml")
	must(w, err)
	for _, in := range []catalog.ImportInput{
		{Documents: []catalog.Document{{Name: "company", Data: document}}, Prices: prices},
		{Documents: []catalog.Document{{Name: "platform", Data: token.Document("http://127.0.0.1:1", platformHost), Platform: true}}},
	} {
		report, err := w.catalog.Import(w.Context(), pontage.Operator(), in)
		must(w, err)
		if report.Rejected() != 0 {
			w.Fatalf("import: %s", report)
		}
	}
}

func (w *world) newPerson(email string) person {
	w.Helper()
	a, err := w.accounts.Create(w.Context(), pontage.Operator(), account.CreateInput{Email: email, Name: email})
	must(w, err)
	key, err := w.accounts.CreateKey(w.Context(), pontage.Operator(), a.ID, "test")
	must(w, err)
	return person{id: a.ID, email: email, key: key.Text}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", p)
	return len(p), nil
}

// LookupTXT makes a world its own DNS.
func (w *world) LookupTXT(_ context.Context, name string) ([]string, error) {
	return w.records[name], nil
}

// offered gives the catalogue to the clients' rules.
type offered struct{ *catalog.Service }

func (o offered) Offered(ctx context.Context, account pontage.AccountID) ([]partner.OfferedScope, error) {
	scopes, err := o.Scopes(ctx, account)
	var all []partner.OfferedScope
	for _, s := range scopes {
		all = append(all, partner.OfferedScope{Scope: s.Scope, Open: s.Enabled})
	}
	return all, err
}
