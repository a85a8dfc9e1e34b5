package gateway_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/demo"
	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/storage/storagetest"
)

// connections is how many partners call at once, per core.
const connections = 32

// BenchmarkPaidCall is a paid call over HTTP, durable on SQLite before it is passed on and again before it is answered; compare
// with BenchmarkBareProxy, the same hop without a question asked.
func BenchmarkPaidCall(b *testing.B) {
	i := start(b, storagetest.Open(b, storagetest.SQLite(b)))
	i.prepare(demo.Handler(), 900_000_000_000_000)
	drive(b, i.server, "/apis/"+demo.Host+demo.PaidPath, i.token(pontage.Limits{}).Bearer)
}

// BenchmarkGatewayAlone is the same call with a decision that costs nothing: what the gateway itself adds to the bare proxy.
func BenchmarkGatewayAlone(b *testing.B) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = demo.PaidPath
		demo.Handler().ServeHTTP(w, r)
	}))
	b.Cleanup(upstream.Close)
	proxy, err := gateway.NewProxyUpstream(gateway.ProxyConfig{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(proxy.Close)
	g, err := gateway.New(gateway.Config{
		Admit: &fakeAdmit{}, Meter: generous{}, Upstream: proxy, Clock: storagetest.Clock,
		Catalog: testCatalog(b, pontage.API{ID: "api_1", Host: apiHost, Enabled: true, Upstream: upstream.URL}),
	})
	if err != nil {
		b.Fatal(err)
	}
	s := httptest.NewServer(g)
	b.Cleanup(s.Close)
	drive(b, s, "/apis/"+apiHost+"/items/7", goodBearer)
}

// generous admits everything at once.
type generous struct{}

func (generous) Reserve(_ context.Context, a pontage.Attempt) (*pontage.Decision, error) {
	return &pontage.Decision{CallID: a.CallID, Admitted: true, Payer: pontage.PayerWallet, Charged: price}, nil
}

func (generous) Settle(context.Context, meter.Ending) error   { return nil }
func (generous) GiveBack(context.Context, meter.Ending) error { return nil }

func BenchmarkBareProxy(b *testing.B) {
	upstream := httptest.NewServer(demo.Handler())
	b.Cleanup(upstream.Close)
	target, err := url.Parse(upstream.URL)
	if err != nil {
		b.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(p *httputil.ProxyRequest) { p.SetURL(target) },
		Transport: &http.Transport{MaxIdleConnsPerHost: 128},
	}
	s := httptest.NewServer(proxy)
	b.Cleanup(s.Close)
	drive(b, s, demo.PaidPath, "none")
}

func drive(b *testing.B, s *httptest.Server, path, bearer string) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	b.Cleanup(client.CloseIdleConnections)
	b.SetParallelism(connections)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, _ := http.NewRequest("GET", s.URL+path, nil)
			r.Header.Set("Authorization", "Bearer "+bearer)
			res, err := client.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if res.StatusCode != 200 {
				b.Errorf("status %d", res.StatusCode)
				return
			}
		}
	})
}
