package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/server"
)

const gateSecret = "a-secret-of-the-operator-and-his-proxy"

// check asks a gate about the demo's paid call, as a proxy would; secret may be empty.
func (p *platform) check(url, bearer, secret string) *http.Response {
	p.Helper()
	r, err := http.NewRequestWithContext(p.Context(), "GET", url+gateway.PathCheck, nil)
	if err != nil {
		p.Fatal(err)
	}
	for name, value := range map[string]string{
		"X-Forwarded-Method": "GET", "X-Forwarded-Host": p.production.Demo.Host, "X-Forwarded-Uri": p.production.Demo.Path,
		"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer " + bearer,
	} {
		r.Header.Set(name, value)
	}
	if secret != "" {
		r.Header.Set(gateway.HeaderGateSecret, secret)
	}
	r.Host = p.production.Demo.Host // proxies pass the host they were called by
	if secret == "" {
		r.Host = "localhost"
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	res.Body.Close()
	return res
}

// Who has configured no gate must have none: nobody may refund or charge there.
func TestTheGateIsClosedUnlessConfigured(t *testing.T) {
	p := serve(t, nil)
	if p.production.Gate != "" {
		t.Error(p.production.Gate)
	}
	for _, path := range []string{"/gate/check", "/gate/outcome?callId=cal_1&status=500", "/gate/check/x", "/gate/"} {
		if a := p.ask("POST", p.production.URL+path, "", ""); a.Status != 403 || a.Code != "forbidden" || a.Header.Get("Pontage-Status") != "403" {
			t.Errorf("%s: %d %s", path, a.Status, a.Raw)
		}
	}
}

// The gate's own listener serves proxies and nothing else, and the public one stays closed.
func TestTheGateHasAListenerOfItsOwn(t *testing.T) {
	p := serve(t, func(c *server.Config) { c.Production.GateListen = loopback.FreeAddress(t) })
	url, bearer := "http://"+p.production.Gate, p.token(p.production)
	if res := p.check(url, bearer, ""); res.StatusCode != 200 || res.Header.Get("Pontage-Charged") != "0.05" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	if res := p.check(p.production.URL, bearer, ""); res.StatusCode != 403 {
		t.Errorf("the public listener: %d", res.StatusCode)
	}
	for path, want := range map[string]int{"/readyz": 200, "/livez": 200, "/tokens": 403, "/metrics": 403} {
		if a := p.ask("GET", url+path, "", ""); a.Status != want {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if credit := p.credit(p.production); credit != "9.95" {
		t.Errorf("credit %s", credit)
	}
}

// A secret opens the gate on the public listener, under whatever host the proxy passes; it is asked for on the own listener too.
func TestTheGateAsksForItsSecret(t *testing.T) {
	p := serve(t, func(c *server.Config) {
		c.Production.GateListen, c.Production.GateSecret = loopback.FreeAddress(t), gateSecret
	})
	bearer := p.token(p.production)
	for _, url := range []string{p.production.URL, "http://" + p.production.Gate} {
		for secret, want := range map[string]int{gateSecret: 200, gateSecret + "x": 403, "wrong": 403, "": 403} {
			if res := p.check(url, bearer, secret); res.StatusCode != want {
				t.Errorf("%s with %q: %d", url, secret, res.StatusCode)
			}
		}
	}
	if credit := p.credit(p.production); credit != "9.9" {
		t.Errorf("credit %s", credit)
	}
}

func TestTheGatesSettingsAreChecked(t *testing.T) {
	c := defaults("./data")
	c.Production.GateListen, c.Production.GateSecret, c.Sandbox.GateListen = "nowhere", "short", "127.0.0.1:8081"
	err := c.Complete()
	if err == nil {
		t.Fatal("passed")
	}
	for _, want := range []string{`gate-listen: "nowhere"`, "gate-secret", "sandbox-gate-listen and sandbox-listen"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from:\n%v", want, err)
		}
	}
}
