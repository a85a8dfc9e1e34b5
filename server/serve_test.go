package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/server"
)

// platform is both instances with the demo, really serving on loopback.
type platform struct {
	*testing.T
	production, sandbox server.Running
	config              server.Config
	stop                func() error
}

// serve starts the platform and stops it, cleanly, at the test's end.
func serve(t *testing.T, change func(*server.Config)) *platform {
	t.Helper()
	c := defaults(t.TempDir())
	c.Production.Listen, c.Sandbox.Listen = loopback.FreeAddress(t), loopback.FreeAddress(t)
	if change != nil {
		change(&c)
	}
	all, stop, err := start(c, server.Options{Demo: true})
	if err != nil {
		t.Fatalf("did not start: %v", err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("did not stop cleanly: %v", err)
		}
	})
	return &platform{T: t, config: c, production: all[0], sandbox: all[1], stop: stop}
}

// start serves until stop, which waits for the end and may be called again.
func start(c server.Config, o server.Options) (all []server.Running, stop func() error, err error) {
	if err := c.Complete(); err != nil {
		return nil, nil, err
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	started, ended := make(chan []server.Running, 1), make(chan error, 1)
	o.Version, o.Started = "test", func(all []server.Running) { started <- all }
	ctx, cancel := context.WithCancel(context.Background())
	go func() { ended <- server.Serve(ctx, c, o) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	select {
	case all = <-started:
		return all, stop, nil
	case err := <-ended:
		cancel()
		return nil, nil, err
	}
}

// answer is an HTTP answer with its envelope.
type answer struct {
	Status  int
	Header  http.Header
	Raw     []byte
	Data    json.RawMessage
	Success bool
	Message string
	Error   *int
	Code    string
}

// ask sends a request with Basic ("user:key") or bearer authorisation.
func (p *platform) ask(method, url, authorization, body string) answer {
	p.Helper()
	a, err := ask(p.Context(), method, url, authorization, body)
	if err != nil {
		p.Fatal(err)
	}
	return a
}

// ask may be used by any goroutine; its error says that no whole answer came.
func ask(ctx context.Context, method, url, authorization, body string) (answer, error) {
	return askWith(ctx, method, url, authorization, body, func(http.Header) {})
}

// askWith lets headers be added.
func askWith(ctx context.Context, method, url, authorization, body string, add func(http.Header)) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if user, key, basic := strings.Cut(authorization, ":"); basic {
		request.SetBasicAuth(user, key)
	} else if authorization != "" {
		request.Header.Set("Authorization", "Bearer "+authorization)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	add(request.Header)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	a := answer{Status: response.StatusCode, Header: response.Header, Raw: raw}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		json.Unmarshal(raw, &a)
	}
	return a, err
}

func (a answer) into(t testing.TB, v any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(a.Data))
	decoder.UseNumber()
	if err := decoder.Decode(v); err != nil {
		t.Fatalf("%d %s: %v", a.Status, a.Raw, err)
	}
}

func basic(r server.Running) string { return r.Demo.Email + ":" + r.Demo.APIKey }

// token makes a token for all scopes and gives the bearer.
func (p *platform) token(r server.Running) string {
	p.Helper()
	var made struct{ Token, RefreshToken string }
	p.ask("POST", r.URL+"/tokens", basic(r), `{"scopes":["*:*/*"]}`).into(p, &made)
	if made.Token == "" || made.RefreshToken == "" {
		p.Fatal("no token was made")
	}
	return made.Token
}

func (p *platform) credit(r server.Running) string {
	p.Helper()
	var wallet struct{ Credit json.Number }
	p.ask("GET", r.URL+"/wallet", basic(r), "").into(p, &wallet)
	return wallet.Credit.String()
}

// A newcomer's first minute: list scopes, make a token, make a paid call; the wallet falls by the price, the statistics count it.
func TestANewcomerMakesAPaidCall(t *testing.T) {
	p := serve(t, nil)
	for _, r := range []server.Running{p.production, p.sandbox} {
		var scopes []struct{ Scope string }
		p.ask("GET", r.URL+"/scopes", basic(r), "").into(t, &scopes)
		if len(scopes) < 11 {
			t.Errorf("%s: %d scopes: the platform's ten and the demo's are expected", r.Name, len(scopes))
		}
		before := p.credit(r)
		call := p.ask("GET", r.URL+"/apis/"+r.Demo.Host+r.Demo.Path, p.token(r), "")
		if call.Status != 200 || call.Header.Get("Pontage-Charged") != r.Demo.Price.String() || call.Header.Get("Pontage-Paid-By") != "wallet" {
			t.Fatalf("%s: %d %v %s", r.Name, call.Status, call.Header, call.Raw)
		}
		if before != "10" || p.credit(r) != (10_000_000-r.Demo.Price).String() {
			t.Errorf("%s: credit %s -> %s, price %s", r.Name, before, p.credit(r), r.Demo.Price)
		}
		var stats struct{ TotalRequests, WalletRequests, WalletAmount json.Number }
		p.ask("GET", r.URL+"/stats", basic(r), "").into(t, &stats)
		if stats.TotalRequests != "1" || stats.WalletRequests != "1" || stats.WalletAmount.String() != r.Demo.Price.String() {
			t.Errorf("%s: %+v", r.Name, stats)
		}
	}
}

// Play money can never pay production, and the other way round.
func TestCredentialsOfOneInstanceAreWorthlessInTheOther(t *testing.T) {
	p := serve(t, nil)
	for _, pair := range [][2]server.Running{{p.production, p.sandbox}, {p.sandbox, p.production}} {
		here, there := pair[0], pair[1]
		if a := p.ask("GET", here.URL+"/wallet", basic(there), ""); a.Status != 401 {
			t.Errorf("%s takes an API key of %s: %d", here.Name, there.Name, a.Status)
		}
		bearer := p.token(there)
		for _, path := range []string{"/wallet", "/apis/" + here.Demo.Host + here.Demo.Path} {
			if a := p.ask("GET", here.URL+path, bearer, ""); a.Status != 401 {
				t.Errorf("%s%s takes a bearer of %s: %d", here.Name, path, there.Name, a.Status)
			}
		}
	}
}

func TestProbesMetricsAndUnknownHosts(t *testing.T) {
	p := serve(t, nil)
	for path, want := range map[string]int{"/livez": 200, "/readyz": 200, "/metrics": 200, "/nothing": 404, "/openapi.json": 200} {
		if a := p.ask("GET", p.production.URL+path, "", ""); a.Status != want {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	own, _ := http.NewRequest("GET", p.production.URL+"/metrics", nil)
	own.Host = p.production.Demo.Host
	if response, err := http.DefaultClient.Do(own); err != nil || response.StatusCode != 401 {
		t.Errorf("an API's own /metrics is not the gateway's: %v %v", response, err)
	}
	for host, want := range map[string]int{"unknown.example": 404, "oauth.pontage.localhost": 401, p.production.Demo.Host: 401} {
		request, _ := http.NewRequest("GET", p.production.URL+"/wallet", nil)
		request.Host = host
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want || response.Header.Get(server.HeaderRequestID) == "" {
			t.Errorf("host %s: %d", host, response.StatusCode)
		}
	}
}

// A proxy on the same machine must not show the world our metrics.
func TestMetricsAreNotServedThroughAProxy(t *testing.T) {
	p := serve(t, nil)
	request, _ := http.NewRequest("GET", p.production.URL+"/metrics", nil)
	request.Header.Set("X-Forwarded-For", "203.0.113.9")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 404 {
		t.Errorf("%d", response.StatusCode)
	}
}

// The books, the demo account and every credential are there again after a restart, and what a stop finds in flight finishes first.
func TestARestartLosesNothing(t *testing.T) {
	data := t.TempDir()
	var bearer, credit string
	for round := range 2 {
		t.Run(fmt.Sprint("start ", round+1), func(t *testing.T) {
			p := serve(t, func(c *server.Config) { c.Data = data })
			if round == 0 {
				bearer = p.token(p.production)
			} else if p.credit(p.production) != credit {
				t.Errorf("credit %s, before the restart %s", p.credit(p.production), credit)
			}
			if a := p.ask("GET", p.production.URL+"/apis/"+p.production.Demo.Host+p.production.Demo.Path, bearer, ""); a.Status != 200 {
				t.Errorf("%d %s", a.Status, a.Raw)
			}
			credit = p.credit(p.production)
		})
	}
}

func TestDrainingTakesReadinessAwayFirst(t *testing.T) {
	p := serve(t, func(c *server.Config) { c.DrainDelay = 2 * time.Second })
	go p.stop()
	for range 1000 {
		if a := p.ask("GET", p.production.URL+"/readyz", "", ""); a.Status == 503 {
			if live := p.ask("GET", p.production.URL+"/livez", "", ""); live.Status != 200 {
				t.Errorf("alive: %d", live.Status)
			}
			return
		}
	}
	t.Error("still ready while draining")
}
