package gateway_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/demo"
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
