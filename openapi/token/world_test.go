package token_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/openapi/token"
	"github.com/pontage/pontage/partner"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

const (
	platformHost = "oauth.example.com"
	startScope   = "GET:company.example.com/IT-start"
	searchScope  = "POST:company.example.com/IT-search"
)

// world is one running instance: real rules on a real database behind a real server, with two accounts.
type world struct {
	t        testing.TB
	url      string
	store    pontage.Store
	oauth    *oauth.Service
	catalog  *catalog.Service
	accounts *account.Service
	meter    *meter.Meter
	clock    *storagetest.MovingClock
	config   token.Config
	client   *client
	ann, bob person
}

// person is an account with a key.
type person struct {
	id    pontage.AccountID
	email string
	key   string
}

type option func(*token.Config)

// newWorld runs an instance on the store until the test ends. Every answer it gives is checked against the document.
func newWorld(t testing.TB, store *storage.Store, options ...option) *world {
	t.Helper()
	w := &world{t: t, store: store, clock: storagetest.NewMovingClock(storagetest.Start)}
	keys, err := pontage.NewKeyRing(pontage.NewKey("one"))
	must(t, err)
	credentials := pontage.Credentials{Prefix: "pt_test", Keys: keys}
	w.catalog = catalog.New(catalog.Config{Store: store, Clock: w.clock.Now, Keys: keys})
	partners, err := partner.New(partner.Config{Store: store, Clock: w.clock.Now, Credentials: credentials})
	must(t, err)
	w.accounts, err = account.New(account.Config{Store: store, Clock: w.clock.Now, Credentials: credentials})
	must(t, err)
	w.oauth, err = oauth.New(oauth.Config{Store: store, Clock: w.clock.Now, Credentials: credentials, Scopes: w.catalog,
		Clients: partners, Issuer: "http://" + platformHost})
	must(t, err)
	w.meter = meter.New(meter.Config{Store: store, Clock: w.clock.Now, Scopes: w.catalog, FoldEvery: time.Hour, ReapEvery: time.Hour})
	w.run()
	w.importAPIs()
	c := token.Config{OAuth: w.oauth, Accounts: w.accounts, Catalog: w.catalog, Meter: w.meter, Clock: w.clock.Now,
		Idempotency: pontage.NewIdempotency(store, w.clock.Now),
		Logger:      slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelError})),
		PublicURL:   "http://" + platformHost, PlatformHost: platformHost, ValidateResponses: true,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	for _, o := range options {
		o(&c)
	}
	w.config = c
	w.client = serve(t, c)
	w.url = w.client.url
	w.ann, w.bob = w.newPerson("ann+billing@example.com"), w.newPerson("bob@example.com")
	return w
}

// serve answers with c until the test ends.
func serve(t testing.TB, c token.Config) *client {
	t.Helper()
	handler, err := token.New(c)
	must(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &client{t: t, url: server.URL, http: server.Client()}
}

// run starts the meter and ends it before the store closes.
func (w *world) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.meter.Run(ctx) }()
	w.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil && ctx.Err() == nil {
			w.t.Errorf("meter: %v", err)
		}
	})
}

func (w *world) importAPIs() {
	w.t.Helper()
	document, err := os.ReadFile("testdata/company.json")
	must(w.t, err)
	prices, err := os.ReadFile("testdata/prices.yaml")
	must(w.t, err)
	for _, in := range []catalog.ImportInput{
		{Documents: []catalog.Document{{Name: "company", Data: document}}, Prices: prices},
		{Documents: []catalog.Document{{Name: "platform", Data: token.Document("http://127.0.0.1:1", platformHost), Platform: true}}},
	} {
		report, err := w.catalog.Import(w.t.Context(), pontage.Operator(), in)
		must(w.t, err)
		if report.Rejected() != 0 {
			w.t.Fatalf("import: %s", report)
		}
	}
}

func (w *world) newPerson(email string) person {
	w.t.Helper()
	a, err := w.accounts.Create(w.t.Context(), pontage.Operator(), account.CreateInput{Email: email, Name: email})
	must(w.t, err)
	key, err := w.accounts.CreateKey(w.t.Context(), pontage.Operator(), a.ID, "test")
	must(w.t, err)
	return person{id: a.ID, email: email, key: key.Text}
}

func (w *world) credit(p person, amount string) {
	w.t.Helper()
	m, err := pontage.ParseMoney(amount)
	must(w.t, err)
	_, err = w.meter.Credit(w.t.Context(), pontage.Operator(), p.id, m, "Top-up")
	must(w.t, err)
}

// call makes one call with a bearer as the gateway does, and ends it with the upstream's status; 0 means it was not answered.
func (w *world) call(bearer, method, path string, status int) *pontage.Decision {
	w.t.Helper()
	ctx := w.t.Context()
	admission, err := w.oauth.Admit(ctx, bearer)
	must(w.t, err)
	match, err := w.catalog.Match(method, "company.example.com", path)
	must(w.t, err)
	access, err := w.catalog.Access(ctx, admission.AccountID)
	must(w.t, err)
	attempt := pontage.Attempt{CallID: pontage.NewCallID(w.clock.Now()), Admission: *admission, Match: match, Access: access,
		Method: method, Host: match.API.Host, Address: netip.MustParseAddr("192.0.2.10"), Hold: time.Minute}
	d, err := w.meter.Reserve(ctx, attempt)
	must(w.t, err)
	if !d.Admitted {
		return d
	}
	if status == 0 || status >= 500 {
		must(w.t, w.meter.Release(ctx, meter.Ending{CallID: d.CallID, Status: status, Code: pontage.BadGateway}))
	} else {
		must(w.t, w.meter.Settle(ctx, meter.Ending{CallID: d.CallID, Status: status}))
	}
	return d
}

func (w *world) scopeID(name string) pontage.ScopeID {
	w.t.Helper()
	ids, err := w.catalog.ScopeIDs([]string{name})
	must(w.t, err)
	return ids[0]
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

func rateKey(p person) meter.RateKey { return meter.RateKey{AccountID: p.id} }
