package gateway_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/demo"
	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// gate is an instance's gate as a proxy sees it.
type gate struct {
	*instance
	server *httptest.Server
}

func (i *instance) gate() gate {
	i.t.Helper()
	g, err := gateway.New(gateway.Config{Admit: i.oauth, Catalog: i.catalog, Meter: i.meter, Upstream: &recorder{}, Clock: storagetest.Clock, Calls: i.store})
	i.must(err)
	s := httptest.NewServer(g.Gate(""))
	i.t.Cleanup(s.Close)
	return gate{i, s}
}

// check asks about a call; id is the proxy's.
func (g gate) check(method, path, bearer, id string) *http.Response {
	g.t.Helper()
	r, err := http.NewRequest("GET", g.server.URL+gateway.PathCheck+"?id="+id, nil)
	g.must(err)
	r.Header = http.Header{"X-Forwarded-Method": {method}, "X-Forwarded-Host": {demo.Host}, "X-Forwarded-Uri": {path},
		"X-Forwarded-For": {"203.0.113.9"}, "Authorization": {"Bearer " + bearer}}
	res, err := g.server.Client().Do(r)
	g.must(err)
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	return res
}

// expect compares what the partner must get with the call's real status and its price.
func (g gate) expect(what string, res *http.Response, status, charged string) {
	g.t.Helper()
	if res.Header.Get("Pontage-Status") != status || res.Header.Get("Pontage-Charged") != charged {
		g.t.Errorf("%s: %d %v", what, res.StatusCode, res.Header)
	}
}

// report says how a call ended and gives whether it was refunded.
func (g gate) report(body string, status int) bool {
	g.t.Helper()
	res, err := g.server.Client().Post(g.server.URL+gateway.PathOutcome, "application/json", strings.NewReader(body))
	g.must(err)
	defer res.Body.Close()
	var answer struct{ Data struct{ Refunded bool } }
	g.must(json.NewDecoder(res.Body).Decode(&answer))
	if res.StatusCode != status {
		g.t.Errorf("%s: %d, want %d", body, res.StatusCode, status)
	}
	return answer.Data.Refunded
}

const (
	firstID  = "00000000000000000000000000000001"
	secondID = "00000000000000000000000000000002"
	thirdID  = "00000000000000000000000000000003"
)

// A proxy that asks twice about one call pays once, whichever instance it asks; an id is good for one call.
func TestScenarioARetryOfTheProxyIsChargedOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		i := start(t, open())
		i.prepare(demo.Handler(), 1_000_000)
		other := start(t, open())
		other.must(other.catalog.Refresh(t.Context()))
		first, second := i.gate(), other.gate()
		bearer := i.token(pontage.Limits{}).Bearer
		for _, g := range []gate{first, first, second} {
			g.expect("the same call", g.check("GET", demo.PaidPath, bearer, firstID), "200", "0.05")
		}
		i.expectBooks(950_000)
		first.expect("another operation", first.check("POST", "/lookups", bearer, firstID), "409", "0")
		first.expect("another token", first.check("GET", demo.PaidPath, i.token(pontage.Limits{}).Bearer, firstID), "409", "0")
		first.expect("another id", first.check("GET", demo.PaidPath, bearer, secondID), "200", "0.05")
		i.expectBooks(900_000)
		var all sync.WaitGroup
		for n := range 40 {
			all.Go(func() { []gate{first, second}[n%2].check("GET", demo.PaidPath, bearer, thirdID) })
		}
		all.Wait()
		i.expectBooks(850_000)
	})
}

// What the API failed at is given back once, by a transfer of its own, and stands in the error log; what it answered is kept.
func TestScenarioOutcomesRefundByTheRules(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		i := start(t, open())
		i.prepare(demo.Handler(), 1_000_000)
		g, token := i.gate(), i.token(pontage.Limits{})
		g.check("GET", demo.PaidPath, token.Bearer, firstID)
		kept := g.check("GET", demo.PaidPath, token.Bearer, secondID).Header.Get("Pontage-Call-Id")
		i.expectBooks(900_000)
		for range 2 {
			if !g.report(`{"id":"`+firstID+`","status":503}`, 200) {
				t.Error("it was not refunded")
			}
			if g.report(`{"callId":"`+kept+`","status":404}`, 200) {
				t.Error("it was refunded")
			}
		}
		i.expectBooks(950_000)
		i.expectErrors("503 unavailable")
		g.expect("a refunded call again", g.check("GET", demo.PaidPath, token.Bearer, firstID), "409", "0")
		g.report(`{"id":"`+thirdID+`","status":503}`, 404)
		lines, err := i.meter.Transactions(t.Context(), i.by, pontage.Page{Limit: 10})
		i.must(err)
		if len(lines) != 3 {
			t.Errorf("want the top-up, the usage and the refund: %+v", lines)
		}
		detail, err := i.oauth.Token(t.Context(), i.by, token.TokenID)
		i.must(err)
		if u := detail.Usage; u.TotalRequests != 2 || u.WalletRequests != 1 || u.WalletAmount != 50_000 || u.ErrorRequests != 1 {
			t.Errorf("usage %+v", u)
		}
	})
}

// A refund gives back to the payer it was taken from.
func TestScenarioARefundGoesBackToItsPayer(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		i := start(t, open())
		i.prepare(demo.Handler(), 1_000_000)
		g, bearer := i.gate(), i.token(pontage.Limits{}).Bearer
		for n, id := range []string{firstID, secondID, thirdID} {
			res := g.check("GET", demo.AllowancePath, bearer, id)
			if payer := res.Header.Get("Pontage-Paid-By"); payer != []string{"allowance", "allowance", "wallet"}[n] {
				t.Errorf("%d was paid by %s", n, payer)
			}
		}
		g.report(`{"id":"`+firstID+`","status":500}`, 200)
		i.expectBooks(950_000)
		if payer := g.check("GET", demo.AllowancePath, bearer, "00000000000000000000000000000004").Header.Get("Pontage-Paid-By"); payer != "allowance" {
			t.Errorf("paid by %s", payer)
		}
		i.expectBooks(950_000)
	})
}

// Calls that fail are free, so they are bounded: who makes an API fail a hundred times a minute is refused, however he is served.
func TestScenarioRefundsAreBounded(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		i := start(t, open())
		i.prepare(demo.Handler(), 1_000_000)
		g, bearer := i.gate(), i.token(pontage.Limits{}).Bearer
		id := func(n int) string { return strings.Repeat("0", 28) + itoa(1000+n) }
		for n := range 101 {
			g.check("GET", demo.PaidPath, bearer, id(n))
			g.report(`{"id":"`+id(n)+`","status":500}`, 200)
		}
		g.expect("one too many", g.check("GET", demo.PaidPath, bearer, id(101)), "429", "0")
		i.expectBooks(1_000_000)
	})
}

// The promise of the wallet holds behind other proxies too.
func TestScenarioAWalletWorthAHundredIsNotOverdrawnByChecks(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		i := start(t, open())
		i.prepare(demo.Handler(), 100*50_000)
		other := start(t, open())
		other.must(other.catalog.Refresh(t.Context()))
		gates, bearer := []gate{i.gate(), other.gate()}, i.token(pontage.Limits{}).Bearer
		var mu sync.Mutex
		var all sync.WaitGroup
		statuses := map[string]int{}
		for n := range 500 {
			all.Go(func() {
				res := gates[n%2].check("GET", demo.PaidPath, bearer, strings.Repeat("0", 28)+itoa(1000+n))
				mu.Lock()
				defer mu.Unlock()
				statuses[res.Header.Get("Pontage-Status")]++
			})
		}
		all.Wait()
		if statuses["200"] != 100 || statuses["402"] != 400 {
			t.Errorf("%v, want 100 × 200 and 400 × 402", statuses)
		}
		i.expectBooks(0)
	})
}
