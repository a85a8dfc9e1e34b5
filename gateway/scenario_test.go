package gateway_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/demo"
	"github.com/pontage/pontage/sandbox"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// A paid call answers, the wallet falls by exactly its price, and the token and its statistics count it.
func TestScenarioPaidCall(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		i := start(t, open())
		i.prepare(demo.Handler(), 1_000_000)
		token := i.token(pontage.Limits{})
		res, body := i.call("GET", demo.PaidPath, token.Bearer, nil)
		if res.StatusCode != 200 || !strings.Contains(body, "Rome") || res.Header.Get("Pontage-Charged") != "0.05" || res.Header.Get("Pontage-Paid-By") != "wallet" {
			t.Fatalf("%d %s %v", res.StatusCode, body, res.Header)
		}
		i.expectBooks(950_000)
		res, body = i.call("POST", "/lookups", token.Bearer, strings.NewReader(`{"places":["IT-20121"]}`))
		if res.StatusCode != 200 || !strings.Contains(body, "Milan") {
			t.Errorf("%d %s", res.StatusCode, body)
		}
		res, _ = i.call("GET", demo.FreePath, token.Bearer, nil)
		if res.Header.Get("Pontage-Charged") != "0" || res.Header.Get("Pontage-Paid-By") != "free" {
			t.Errorf("free call: %v", res.Header)
		}
		res, _ = i.call("HEAD", demo.PaidPath, token.Bearer, nil)
		if res.StatusCode != 200 || res.Header.Get("Pontage-Charged") != "0.05" {
			t.Errorf("HEAD: %d %v", res.StatusCode, res.Header)
		}
		for n, payer := range []string{"allowance", "allowance", "wallet"} {
			if res, _ := i.call("GET", demo.AllowancePath, token.Bearer, nil); res.Header.Get("Pontage-Paid-By") != payer {
				t.Errorf("search %d was paid by %s, want %s", n, res.Header.Get("Pontage-Paid-By"), payer)
			}
		}
		i.expectBooks(800_000)
		i.expectErrors()
		detail, err := i.oauth.Token(t.Context(), i.by, token.TokenID)
		i.must(err)
		if u := detail.Usage; u.TotalRequests != 7 || u.WalletRequests != 4 || u.WalletAmount != 200_000 || u.ErrorRequests != 0 {
			t.Errorf("usage %+v", u)
		}
	})
}

// Whatever the upstream fails at costs nothing and stands in the error log.
func TestScenarioFailuresAreFreeAndListed(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		i := start(t, open())
		i.prepare(demo.Handler(), 1_000_000)
		bearer := i.token(pontage.Limits{}).Bearer
		expect := func(what string, status int, path string) {
			t.Helper()
			res, body := i.call("GET", path, bearer, nil)
			if res.StatusCode != status || res.Header.Get("Pontage-Charged") != "0" {
				t.Errorf("%s: %d %s, charged %s", what, res.StatusCode, body, res.Header.Get("Pontage-Charged"))
			}
			i.expectBooks(1_000_000)
		}
		expect("the upstream answers 503", 503, demo.FailingPath)
		i.importFrom(nobody(t), 0)
		expect("nobody listens", 502, demo.PaidPath)
		silent := make(chan struct{})
		defer close(silent)
		i.importFrom(upstreamThat(t, func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-silent:
			case <-r.Context().Done():
			}
		}), 50*time.Millisecond)
		expect("no headers in time", 504, demo.PaidPath)
		i.expectErrors("502 bad_gateway", "503 unavailable", "504 gateway_timeout")
	})
}

// An answer that breaks off was charged before; it is given back by a transfer of its own.
func TestScenarioBrokenAnswerIsRefunded(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		i := start(t, open())
		i.prepare(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "half")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}), 1_000_000)
		token := i.token(pontage.Limits{})
		if res, body := i.call("GET", demo.PaidPath, token.Bearer, nil); res.StatusCode != 200 || body != "half" {
			t.Errorf("%d %q", res.StatusCode, body)
		}
		i.server.Close() // waits for the call's end
		i.expectBooks(1_000_000)
		lines, err := i.meter.Transactions(t.Context(), i.by, pontage.Page{Limit: 10})
		i.must(err)
		if len(lines) != 3 {
			t.Errorf("want the top-up, the usage and the refund: %+v", lines)
		}
	})
}

// A partner who hangs up after the upstream began pays.
func TestScenarioHangingUpPays(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		i := start(t, open())
		working, finish := make(chan struct{}), make(chan struct{})
		i.prepare(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(working)
			<-finish
			io.WriteString(w, "done")
		}), 1_000_000)
		bearer := i.token(pontage.Limits{}).Bearer
		conn := dialTo(t, i.server)
		io.WriteString(conn, "GET /apis/"+demo.Host+demo.PaidPath+" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+bearer+"\r\n\r\n")
		<-working
		conn.Close()
		close(finish)
		i.server.Close()
		i.expectBooks(950_000)
	})
}

// A refused call says why and takes nothing: a revoked token at once, an address outside of the list, a limit that is used up.
func TestScenarioRefusals(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		i := start(t, open())
		i.prepare(demo.Handler(), 60_000)
		once := int64(1)
		token := i.token(pontage.Limits{TotalRequests: &once})
		i.call("GET", demo.PaidPath, token.Bearer, nil)
		if res, body := i.call("GET", demo.PaidPath, token.Bearer, nil); res.StatusCode != 429 || !strings.Contains(body, "totalRequests") {
			t.Errorf("used up: %d %s", res.StatusCode, body)
		}
		i.must(i.oauth.Revoke(t.Context(), i.by, token.TokenID))
		if res, body := i.call("GET", demo.PaidPath, token.Bearer, nil); res.StatusCode != 401 || !strings.Contains(body, "token_revoked") ||
			res.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("revoked: %d %s", res.StatusCode, body)
		}
		rich := i.token(pontage.Limits{})
		res, body := i.call("GET", demo.PaidPath, rich.Bearer, nil)
		if res.StatusCode != 402 || !strings.Contains(body, `"left":"0.01"`) {
			t.Errorf("poor: %d %s", res.StatusCode, body)
		}
		i.expectBooks(10_000)
	})
}

// The sandbox's upstream is the document itself; everything before it is the same.
func TestScenarioDocumentAsUpstream(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store := open()
		i := startBefore(t, store, sandbox.NewUpstream(sandbox.UpstreamConfig{
			Answers: store, Echoes: store, Routes: catalog.New(catalog.Config{Store: store, Clock: storagetest.Clock}), Clock: storagetest.Clock,
		}))
		i.prepare(http.NotFoundHandler(), 1_000_000)
		bearer := i.token(pontage.Limits{}).Bearer
		for _, c := range []struct{ method, path, body, want string }{
			{"GET", demo.PaidPath, "", "Rome"}, {"POST", "/lookups", `{"places":["IT-00184"]}`, "Rome"}, {"GET", demo.FailingPath, "", "clear"},
		} {
			res, body := i.call(c.method, c.path, bearer, strings.NewReader(c.body))
			if res.StatusCode != 200 || !strings.Contains(body, c.want) || res.Close || res.Header.Get("Pontage-Charged") != "0.05" {
				t.Errorf("%s %s: %d %s, close %v, %v", c.method, c.path, res.StatusCode, body, res.Close, res.Header)
			}
		}
		i.expectBooks(850_000)
	})
}

// The promise of the wallet, over HTTP: a thousand parallel calls on a wallet worth a hundred are exactly a hundred answers, on one
// instance and on two that share the database.
func TestScenarioThousandCallsOnAWalletWorthAHundred(t *testing.T) {
	for name, count := range map[string]int{"one instance": 1, "two instances": 2} {
		t.Run(name, func(t *testing.T) {
			storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
				first := start(t, open())
				first.prepare(demo.Handler(), 100*50_000)
				instances := []*instance{first}
				if count == 2 {
					second := start(t, open())
					second.must(second.catalog.Refresh(t.Context()))
					instances = append(instances, second)
				}
				bearer := first.token(pontage.Limits{}).Bearer
				statuses := stampede(t, instances, bearer, 1000)
				if statuses[200] != 100 || statuses[402] != 900 {
					t.Errorf("statuses %v, want 100 × 200 and 900 × 402", statuses)
				}
				first.expectBooks(0)
			})
		})
	}
}

// stampede makes calls all at once, spread over the instances, and counts their statuses.
func stampede(t *testing.T, instances []*instance, bearer string, calls int) map[int]int {
	var mu sync.Mutex
	statuses := map[int]int{}
	var all sync.WaitGroup
	gate := make(chan struct{})
	for n := range calls {
		i := instances[n%len(instances)]
		all.Go(func() {
			<-gate
			r, _ := http.NewRequest("GET", i.server.URL+"/apis/"+demo.Host+demo.PaidPath, nil)
			r.Header.Set("Authorization", "Bearer "+bearer)
			res, err := i.server.Client().Do(r)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
				return
			}
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			statuses[res.StatusCode]++
		})
	}
	close(gate)
	all.Wait()
	return statuses
}
