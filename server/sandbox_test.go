package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pontage/pontage/internal/pgtest"
	"github.com/pontage/pontage/server"
)

// eachSandbox runs a sandbox with the demo on both databases.
func eachSandbox(t *testing.T, do func(t *testing.T, p *platform)) {
	for engine, change := range map[string]func(*testing.T, *server.Config){
		"SQLite": func(*testing.T, *server.Config) {},
		"PostgreSQL": func(t *testing.T, c *server.Config) {
			*c = onPostgres(t, pgtest.URL(t), pgtest.URL(t), [2]string{server.NewKeyText(), server.NewKeyText()})
		},
	} {
		t.Run(engine, func(t *testing.T) { do(t, serve(t, func(c *server.Config) { change(t, c) })) })
	}
}

// send is ask with headers of its own.
func (p *platform) send(method, url, authorization, body string, headers map[string]string) answer {
	p.Helper()
	a, err := askWith(p.Context(), method, url, authorization, body, func(h http.Header) {
		for name, value := range headers {
			h.Set(name, value)
		}
	})
	if err != nil {
		p.Fatal(err)
	}
	return a
}

// A developer fills the wallet without asking anybody; it is a transaction like any other, and a repeat under its key is no second one.
func TestPlayMoneyIsCreditedInTheLedger(t *testing.T) {
	eachSandbox(t, func(t *testing.T, p *platform) {
		r := p.sandbox
		key := map[string]string{"Idempotency-Key": "once"}
		for _, by := range []string{basic(r), basic(r), p.token(r)} {
			var made struct {
				ID, Description string
				Amount          json.Number
			}
			headers := key
			if by != basic(r) {
				headers = nil
			}
			p.send("POST", r.URL+"/sandbox/credit", by, `{"amount":2.5,"description":"Try-out"}`, headers).into(t, &made)
			var opened struct{ ID, Kind string }
			p.ask("GET", r.URL+"/wallet/transactions/"+made.ID, basic(r), "").into(t, &opened)
			if made.Amount != "2.5" || made.Description != "Try-out" || opened.ID != made.ID || opened.Kind != "top_up" {
				t.Errorf("%+v %+v", made, opened)
			}
		}
		if credit := p.credit(r); credit != "15" {
			t.Errorf("credit %s after two credits of 2.5, one repeated, on 10", credit)
		}
		for body, want := range map[string]int{`{"amount":0}`: 400, `{"amount":-1}`: 400, `{"amount":1.1234567}`: 400, `{}`: 400, `{"amount":"1"}`: 400, `{"amount":1000}`: 429} {
			if a := p.ask("POST", r.URL+"/sandbox/credit", basic(r), body); a.Status != want {
				t.Errorf("%s: %d %s", body, a.Status, a.Raw)
			}
		}
		if a := p.ask("POST", r.URL+"/sandbox/credit", "", `{"amount":1}`); a.Status != 401 {
			t.Errorf("without credentials: %d", a.Status)
		}
		if differences, err := open(t, p.config, server.Sandbox).Meter.Verify(t.Context()); err != nil || len(differences) > 0 {
			t.Errorf("%v %v", differences, err)
		}
	})
}

// However many clients ask at once, a day gives what it may give and not a cent more, and says what is left.
func TestPlayMoneyIsBoundedPerDay(t *testing.T) {
	eachSandbox(t, func(t *testing.T, p *platform) {
		r := p.sandbox
		var given atomic.Int64
		var group sync.WaitGroup
		for range 64 {
			group.Go(func() {
				a, err := ask(t.Context(), "POST", r.URL+"/sandbox/credit", basic(r), `{"amount":30}`)
				switch {
				case err == nil && a.Status == 200:
					given.Add(1)
				case err != nil || a.Status != 429 || a.Code != "limit_exhausted" || a.Header.Get("Retry-After") == "":
					t.Errorf("%d %s %v", a.Status, a.Raw, err)
				}
			})
		}
		group.Wait()
		if given.Load() != 33 || p.credit(r) != "1000" { // 33 times 30 on the demo's 10
			t.Errorf("%d credits, credit %s", given.Load(), p.credit(r))
		}
		var offer struct {
			Credit      struct{ PerDay, Left, Start json.Number }
			Simulations []struct{ Value string }
		}
		p.ask("GET", r.URL+"/sandbox", basic(r), "").into(t, &offer)
		if offer.Credit.Left != "10" || offer.Credit.PerDay != "1000" || len(offer.Simulations) < 10 {
			t.Errorf("%+v", offer)
		}
		t.Logf("%d of 64 clients were given 30 of 1000", given.Load())
	})
}

// A reset brings the wallet to its beginning from above and from below, by transfers that the list shows; the books stay equal, and a
// call that is paid for meanwhile keeps its hold.
func TestAResetBeginsAnew(t *testing.T) {
	eachSandbox(t, func(t *testing.T, p *platform) {
		r := p.sandbox
		bearer := p.token(r)
		for range 2 {
			p.ask("POST", r.URL+"/sandbox/credit", basic(r), `{"amount":7}`)
			for range 3 {
				if a := p.ask("GET", r.URL+"/apis/"+r.Demo.Host+r.Demo.Path, bearer, ""); a.Status != 200 {
					t.Fatalf("%d %s", a.Status, a.Raw)
				}
			}
			var done struct{ Credit json.Number }
			p.ask("POST", r.URL+"/sandbox/reset", basic(r), "").into(t, &done)
			if done.Credit != "10" || p.credit(r) != "10" {
				t.Errorf("%+v, credit %s", done, p.credit(r))
			}
		}
		p.ask("GET", r.URL+"/apis/"+r.Demo.Host+r.Demo.Path, bearer, "")
		p.ask("POST", r.URL+"/sandbox/reset", bearer, "")
		var lines []struct {
			Amount      json.Number
			Description string
		}
		p.ask("GET", r.URL+"/wallet/transactions", basic(r), "").into(t, &lines)
		var resets []string
		for _, l := range lines {
			if strings.HasPrefix(l.Description, "Reset") {
				resets = append(resets, l.Amount.String())
			}
		}
		if strings.Join(resets, " ") != "0.05 -6.85 -6.85" {
			t.Errorf("%v", resets)
		}
		if differences, err := open(t, p.config, server.Sandbox).Meter.Verify(t.Context()); err != nil || len(differences) > 0 {
			t.Errorf("%v %v", differences, err)
		}
	})
}

// Before going live a developer wants to know what it will cost: the calls of the day by scope, at production's prices.
func TestCostsAreWhatProductionWouldTake(t *testing.T) {
	eachSandbox(t, func(t *testing.T, p *platform) {
		r := p.sandbox
		bearer := p.token(r)
		for _, path := range []string{r.Demo.Path, r.Demo.Path, "/countries", "/searches?q=a"} {
			if a := p.ask("GET", r.URL+"/apis/"+r.Demo.Host+path, bearer, ""); a.Status != 200 {
				t.Fatalf("%s: %d %s", path, a.Status, a.Raw)
			}
		}
		var costs struct {
			Cost          json.Number
			TotalRequests int
			Scopes        []struct {
				Scope       string
				Price, Cost json.Number
			}
		}
		p.ask("GET", r.URL+"/sandbox/costs", basic(r), "").into(t, &costs)
		if costs.Cost != "0.1" || costs.TotalRequests != 4 || len(costs.Scopes) != 3 || p.credit(r) != "9.9" {
			t.Errorf("%+v, credit %s", costs, p.credit(r))
		}
		if a := p.ask("GET", r.URL+"/sandbox/costs?date=2026-13", basic(r), ""); a.Status != 422 && a.Status != 400 {
			t.Errorf("%d %s", a.Status, a.Raw)
		}
		var none struct{ TotalRequests int }
		p.ask("GET", r.URL+"/sandbox/costs?date=1999", basic(r), "").into(t, &none)
		if none.TotalRequests != 0 {
			t.Errorf("%+v", none)
		}
	})
}

// Production gives nothing away, and its document does not even speak of it.
func TestProductionHasNoPlayMoney(t *testing.T) {
	p := serve(t, nil)
	for _, call := range []string{"GET /sandbox", "POST /sandbox/credit", "POST /sandbox/reset", "GET /sandbox/costs"} {
		method, path, _ := strings.Cut(call, " ")
		if a := p.ask(method, p.production.URL+path, basic(p.production), ""); a.Status != 404 || a.Code != "operation_not_found" {
			t.Errorf("%s: %d %s", call, a.Status, a.Raw)
		}
	}
	for _, document := range []string{"/openapi.json", "/openapi.yaml"} {
		ours, theirs := p.ask("GET", p.production.URL+document, "", ""), p.ask("GET", p.sandbox.URL+document, "", "")
		if strings.Contains(strings.ToLower(string(ours.Raw)), "sandbox") || !strings.Contains(string(theirs.Raw), "/sandbox/credit") {
			t.Errorf("%s: production speaks of the sandbox, or the sandbox does not", document)
		}
	}
	if scopes := p.ask("GET", p.production.URL+"/scopes", basic(p.production), ""); strings.Contains(string(scopes.Raw), "/sandbox") {
		t.Error("production sells scopes of the sandbox")
	}
}
