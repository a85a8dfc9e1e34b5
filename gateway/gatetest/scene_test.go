package gatetest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage/demo"
	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/server"
)

// scene is an instance with a gate, an API, and a proxy before it.
type scene struct {
	*testing.T
	running server.Running
	// proxy is where partners call; api is where the proxy finds the API.
	proxy string
	api   *api
	token string
	// stop ends the instance.
	stop func()
}

// api is the API's own server: it answers with the status that the query asks for and remembers what it was sent.
type api struct {
	*httptest.Server
	mu   sync.Mutex
	seen []*http.Request
}

func newAPI(t *testing.T) *api {
	a := &api{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		a.mu.Lock()
		a.seen = append(a.seen, r)
		a.mu.Unlock()
		w.Header().Set("Pontage-Charged", "999")
		w.Header().Set("Set-Cookie", "session=platform-wide")
		w.Header().Set("Content-Type", "text/plain")
		if status, err := strconv.Atoi(r.URL.Query().Get("status")); err == nil {
			w.WriteHeader(status)
		}
		io.WriteString(w, r.Method+" "+r.RequestURI+" "+string(body))
	}))
	t.Cleanup(a.Close)
	return a
}

// last gives the newest request and how many there were.
func (a *api) last() (*http.Request, int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.seen) == 0 {
		return nil, 0
	}
	return a.seen[len(a.seen)-1], len(a.seen)
}

// open starts everything.
func open(t *testing.T, p proxy) *scene {
	t.Helper()
	s := &scene{T: t, api: newAPI(t)}
	gate := s.serve()
	s.proxy = loopback.FreeAddress(t)
	change := strings.NewReplacer(
		"127.0.0.1:8090", gate, "127.0.0.1:9000", s.api.Listener.Addr().String(), "127.0.0.1:8000", s.proxy,
		"http://company.example.com:8000", "http://"+demo.Host+":"+s.proxy[strings.LastIndex(s.proxy, ":")+1:],
		"company.example.com", demo.Host,
	)
	p.run(t, change, s.proxy)
	var made struct{ Token string }
	s.platform("POST", "/tokens", `{"scopes":["*:*/*"]}`, &made)
	s.token = made.Token
	return s
}

// serve runs an instance with the demo API and gives its gate's address.
func (s *scene) serve() string {
	s.Helper()
	gate := loopback.FreeAddress(s.T)
	c := server.Config{
		Data: s.TempDir(), Domain: "pontage.localhost", Currency: "EUR", Migrate: true, MaxBody: 10 << 20,
		HeaderTimeout: 30 * time.Second, RatePerMinute: 10_000, DrainTimeout: 15 * time.Second, LogLevel: "info",
		Production: server.Endpoint{Listen: loopback.FreeAddress(s.T), GateListen: gate},
	}
	if err := c.Complete(); err != nil {
		s.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	started, ended := make(chan server.Running, 1), make(chan error, 1)
	go func() {
		ended <- server.Serve(ctx, c, server.Options{
			Only: server.Production, Demo: true, Version: "test", Logger: slog.New(slog.DiscardHandler),
			Started: func(all []server.Running) { started <- all[0] },
		})
	}()
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			s.Error(err)
		}
	})
	s.Cleanup(s.stop)
	select {
	case s.running = <-started:
	case err := <-ended:
		s.Fatal(err)
	}
	return gate
}

// platform asks the instance's REST API as the demo account.
func (s *scene) platform(method, path, body string, into any) {
	s.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, s.running.URL+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	r.SetBasicAuth(s.running.Demo.Email, s.running.Demo.APIKey)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct{ Data json.RawMessage }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		s.Fatal(err)
	}
	if err := json.Unmarshal(answer.Data, into); err != nil {
		s.Fatalf("%d %s: %v", res.StatusCode, answer.Data, err)
	}
}

// credit is what the wallet holds.
func (s *scene) credit() string {
	s.Helper()
	var wallet struct{ Credit json.Number }
	s.platform("GET", "/wallet", "", &wallet)
	return wallet.Credit.String()
}

// reply is what the partner got.
type reply struct {
	*http.Response
	body string
}

// call makes a partner's call through the proxy, with the target as it is; header lines are "Name: value".
func (s *scene) call(method, target, body string, header ...string) reply {
	s.Helper()
	connection, err := net.Dial("tcp", s.proxy)
	if err != nil {
		s.Fatal(err)
	}
	defer connection.Close()
	lines := http.Header{"Authorization": {"Bearer " + s.token}, "Connection": {"close"}}
	if body != "" {
		lines.Set("Content-Type", "application/json")
		lines.Set("Content-Length", strconv.Itoa(len(body)))
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		if lines.Set(name, value); value == "" {
			lines.Del(name)
		}
	}
	host := demo.Host + s.proxy[strings.LastIndex(s.proxy, ":"):]
	fmt.Fprintf(connection, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, target, host)
	lines.Write(connection)
	io.WriteString(connection, "\r\n"+body)
	res, err := http.ReadResponse(bufio.NewReader(connection), &http.Request{Method: method})
	if err != nil {
		s.Fatalf("%s %s: %v", method, target, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.Fatalf("%s %s: %v", method, target, err)
	}
	return reply{res, string(text)}
}
