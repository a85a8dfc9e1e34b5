package gateway_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/demo"
	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/partner"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// callPrices are the demo's, without a rate that would bind before the wallet does.
const callPrices = `
scopes:
  "*:places.demo.example/*": {prices: {request: 0.05}, rate: 1000000000/min}
  "GET:places.demo.example/countries": {prices: {request: 0}}
  "GET:places.demo.example/searches": {allowance: {day: 2}}
`

// instance is the whole platform behind a listener, everything real: what a partner meets.
type instance struct {
	t       testing.TB
	store   *storage.Store
	catalog *catalog.Service
	oauth   *oauth.Service
	meter   *meter.Meter
	server  *httptest.Server
	account *pontage.Account
	by      pontage.Actor
}

var keys, _ = pontage.NewKeyRing(pontage.NewKey("k1"))

// start assembles an instance on a store; upstream is only imported by the first of several on one database.
func start(t testing.TB, store *storage.Store) *instance {
	t.Helper()
	upstream, err := gateway.NewProxyUpstream(gateway.ProxyConfig{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(upstream.Close)
	return startBefore(t, store, upstream)
}

// startBefore is start with another kind of upstream.
func startBefore(t testing.TB, store *storage.Store, upstream gateway.Upstream) *instance {
	t.Helper()
	return startWith(t, store, upstream, func(*meter.Config, *gateway.Config) {})
}

// startWith is startBefore with settings of a test's own.
func startWith(t testing.TB, store *storage.Store, upstream gateway.Upstream, change func(*meter.Config, *gateway.Config)) *instance {
	t.Helper()
	credentials := pontage.Credentials{Prefix: "pt_live", Keys: keys}
	clock := pontage.Clock(storagetest.Clock)
	i := &instance{t: t, store: store}
	i.catalog = catalog.New(catalog.Config{Store: store, Clock: clock, Keys: keys})
	books := meter.Config{Store: store, Clock: clock, Scopes: i.catalog}
	door := gateway.Config{Catalog: i.catalog, Upstream: upstream, Clock: clock}
	change(&books, &door)
	i.meter = meter.New(books)
	clients, err := partner.New(partner.Config{Store: store, Clock: clock, Credentials: credentials})
	i.must(err)
	i.oauth, err = oauth.New(oauth.Config{Store: store, Clock: clock, Credentials: credentials, Scopes: i.catalog, Clients: clients,
		Issuer: "https://oauth.example.com"})
	i.must(err)
	door.Admit, door.Meter = i.oauth, i.meter
	g, err := gateway.New(door)
	i.must(err)
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- i.meter.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ran; err != nil {
			t.Errorf("meter: %v", err)
		}
	})
	i.server = httptest.NewServer(g)
	t.Cleanup(i.server.Close)
	return i
}

func (i *instance) must(err error) {
	i.t.Helper()
	if err != nil {
		i.t.Fatal(err)
	}
}

// prepare imports the demo's document with an upstream, and makes an account with credit.
func (i *instance) prepare(upstream http.Handler, credit pontage.Money) {
	i.t.Helper()
	s := httptest.NewServer(upstream)
	i.t.Cleanup(s.Close)
	i.importFrom(s.URL, 0)
	credentials := pontage.Credentials{Prefix: "pt_live", Keys: keys}
	accounts, err := account.New(account.Config{Store: i.store, Clock: storagetest.Clock, Credentials: credentials})
	i.must(err)
	i.account, err = accounts.Create(i.t.Context(), pontage.Operator(), account.CreateInput{Email: "partner@example.com"})
	i.must(err)
	i.by = pontage.Actor{Kind: pontage.ActorAccount, AccountID: i.account.ID}
	if credit > 0 {
		_, err = i.meter.Credit(i.t.Context(), pontage.Operator(), i.account.ID, credit, "Top-up")
		i.must(err)
	}
}

func (i *instance) importFrom(upstream string, headerTimeout time.Duration) {
	i.t.Helper()
	report, err := i.catalog.Import(i.t.Context(), pontage.Operator(), catalog.ImportInput{
		Documents: []catalog.Document{{Name: "demo", Data: demo.Document()}}, Prices: []byte(callPrices),
		Upstream: catalog.UpstreamMap{Default: upstream}, HeaderTimeout: headerTimeout,
	})
	i.must(err)
	if report.Rejected() > 0 {
		i.t.Fatal(report)
	}
	i.must(i.catalog.Refresh(i.t.Context()))
}

func (i *instance) token(limits pontage.Limits) *oauth.Issued {
	i.t.Helper()
	issued, err := i.oauth.Issue(i.t.Context(), i.by, oauth.IssueInput{Name: "test", Scopes: []string{"*:*/*"}, Limits: limits})
	i.must(err)
	return issued
}

// call makes one call as a partner would.
func (i *instance) call(method, path, bearer string, body io.Reader) (*http.Response, string) {
	i.t.Helper()
	r, err := http.NewRequest(method, i.server.URL+"/apis/"+demo.Host+path, body)
	i.must(err)
	r.Header.Set("Authorization", "Bearer "+bearer)
	res, err := i.server.Client().Do(r)
	i.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil && !strings.Contains(err.Error(), "EOF") {
		i.t.Fatal(err)
	}
	return res, string(text)
}

// expectBooks compares the wallet and lets verify recompute everything.
func (i *instance) expectBooks(credit pontage.Money) {
	i.t.Helper()
	w, err := i.meter.Wallet(i.t.Context(), i.by)
	i.must(err)
	if w.Credit() != credit || w.Held != 0 {
		i.t.Errorf("credit %s, held %s, want %s and nothing held", w.Credit(), w.Held, credit)
	}
	differences, err := i.meter.Verify(i.t.Context())
	i.must(err)
	for _, d := range differences {
		i.t.Errorf("verify: %+v", d)
	}
}

// expectErrors compares the error log, in any order, with texts like "503 unavailable".
func (i *instance) expectErrors(want ...string) {
	i.t.Helper()
	entries, err := i.meter.Errors(i.t.Context(), i.by, nil, pontage.Page{Limit: 100})
	i.must(err)
	got := []string{}
	for _, e := range entries {
		got = append(got, fmt.Sprint(e.Status, " ", e.Code))
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		i.t.Errorf("error log %q, want %q", got, want)
	}
}

// nobody gives an address nobody listens at.
func nobody(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}
