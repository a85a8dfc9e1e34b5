package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/sandbox"
	"github.com/pontage/pontage/server"
)

const rehearsalHost = "test.rehearsal.example"

// rehearsal is a sandbox with an API of which every scope refuses for another reason, once its second prices are imported.
type rehearsal struct {
	*platform
	inside *server.Instance
	bearer string // of the demo account: every scope
}

func (r *rehearsal) url(path string) string { return r.sandbox.URL + "/apis/" + rehearsalHost + path }

const (
	openPrices = `scopes: {"*:*/*": {prices: {request: 0.05}}}`
	laterTerms = `scopes:
  "*:*/*": {prices: {request: 0.05}}
  "GET:rehearsal.example/slow": {rate: 1/min}
  "GET:rehearsal.example/required": {requirements: [contract-signed]}
  "GET:rehearsal.example/closed": {restricted: true}
  "GET:rehearsal.example/unsold": {prices: false}
`
)

func newRehearsal(t *testing.T, p *platform) *rehearsal {
	t.Helper()
	r := &rehearsal{platform: p, inside: open(t, p.config, server.Sandbox)}
	r.T = t
	paths := map[string]any{}
	for _, name := range []string{"plain", "slow", "required", "closed", "unsold"} {
		get := map[string]any{"responses": map[string]any{
			"200": map[string]any{"description": "ok", "content": map[string]any{"application/json": map[string]any{"example": map[string]any{"ok": true}}}},
			"404": map[string]any{"description": "none", "content": map[string]any{"application/json": map[string]any{"example": map[string]any{"none": name}}}},
		}}
		paths["/"+name+"/{id}"] = map[string]any{"get": get, "post": get}
	}
	document, err := json.Marshal(map[string]any{"openapi": "3.0.3", "info": map[string]any{"title": "Rehearsal", "version": "1"},
		"servers": []any{map[string]any{"url": "https://rehearsal.example"}}, "paths": paths})
	if err != nil {
		t.Fatal(err)
	}
	r.bring(document, openPrices, func() bool {
		return strings.Contains(string(r.ask("GET", r.sandbox.URL+"/scopes", basic(r.sandbox), "").Raw), "/unsold")
	})
	r.bearer = r.token(r.sandbox)
	r.bring(document, laterTerms, func() bool {
		return r.get("/unsold/1", r.bearer, "insufficient-credit").Code == "not_sellable" // which costs nothing before
	})
	return r
}

// bring imports the API and waits until the running server has it.
func (r *rehearsal) bring(document []byte, prices string, there func() bool) {
	r.Helper()
	report, err := r.inside.Catalog.Import(r.Context(), pontage.Operator(), catalog.ImportInput{
		Documents: []catalog.Document{{Name: "rehearsal", Data: document}}, Prices: []byte(prices)})
	if err != nil || report.Rejected() > 0 {
		r.Fatalf("%v %s", err, report)
	}
	for range 10_000 {
		if there() {
			return
		}
	}
	r.Fatal("the server never saw the import")
}

func (r *rehearsal) get(path, bearer, simulate string) answer {
	r.Helper()
	var headers map[string]string
	if simulate != "" {
		headers = map[string]string{pontage.HeaderSimulate: simulate}
	}
	return r.send("GET", r.url(path), bearer, "", headers)
}

// make makes a token of the demo account.
func (r *rehearsal) make(body string) (id, bearer string) {
	r.Helper()
	var made struct{ Token string }
	r.ask("POST", r.sandbox.URL+"/tokens", basic(r.sandbox), body).into(r, &made)
	reference, err := r.inside.OAuth.ParseTokenReference(made.Token)
	if err != nil {
		r.Fatal(err)
	}
	return string(reference), made.Token
}

// real provokes each refusal in earnest.
func (r *rehearsal) real() map[string]answer {
	r.Helper()
	all := map[string]answer{"not-sellable": r.get("/unsold/1", r.bearer, ""), "requirement": r.get("/required/1", r.bearer, ""),
		"scope-disabled": r.get("/closed/1", r.bearer, "")}
	r.get("/slow/1", r.bearer, "")
	all["rate-limit"] = r.get("/slow/1", r.bearer, "")
	_, other := r.make(`{"scopes":["GET:` + rehearsalHost + `/slow"]}`)
	all["scope"] = r.get("/plain/1", other, "")
	_, far := r.make(`{"scopes":["GET:` + rehearsalHost + `/plain"],"limits":{"ip":["192.0.2.1"]}}`)
	all["ip"] = r.get("/plain/1", far, "")
	_, none := r.make(`{"scopes":["GET:` + rehearsalHost + `/plain"],"limits":{"totalRequests":0}}`)
	all["token-limit"] = r.get("/plain/1", none, "")
	id, revoked := r.make(`{"scopes":["GET:` + rehearsalHost + `/plain"]}`)
	r.ask("DELETE", r.sandbox.URL+"/tokens/"+id, basic(r.sandbox), "")
	all["token-revoked"] = r.get("/plain/1", revoked, "")
	all["token-invalid"] = r.get("/plain/1", r.bearer[:len(r.bearer)-3]+"AAA", "")
	all["token-expired"] = r.get("/plain/1", r.expired(), "")
	all["insufficient-credit"] = r.get("/plain/1", r.poor(), "")
	return all
}

// expired is a token whose lifetime was ended in the database.
func (r *rehearsal) expired() string {
	r.Helper()
	id, bearer := r.make(`{"scopes":["GET:` + rehearsalHost + `/plain"]}`)
	err := r.inside.Store.Write(r.Context(), func(tx pontage.Tx) error {
		_, l, err := tx.Token(r.Context(), pontage.TokenID(id))
		if err != nil {
			return err
		}
		l.Version++
		l.ExpiresAt = time.Now().Add(-time.Minute)
		return tx.UpdateLineage(r.Context(), *l)
	})
	if err != nil {
		r.Fatal(err)
	}
	return bearer
}

// poor is the token of an account without a cent.
func (r *rehearsal) poor() string {
	r.Helper()
	a, err := r.inside.Accounts.Create(r.Context(), pontage.Operator(), account.CreateInput{Email: "poor@pontage.example", Name: "Poor"})
	if err != nil {
		r.Fatal(err)
	}
	key, err := r.inside.Accounts.CreateKey(r.Context(), pontage.Operator(), a.ID, "k")
	if err != nil {
		r.Fatal(err)
	}
	var made struct{ Token string }
	r.ask("POST", r.sandbox.URL+"/tokens", "poor@pontage.example:"+key.Text, `{"scopes":["GET:`+rehearsalHost+`/plain"]}`).into(r, &made)
	return made.Token
}

// shape is what a program sees of an answer: the status, the names of the headers, the body's members, and those values that are
// not about this one call.
func shape(t *testing.T, a answer) string {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal(a.Raw, &body); err != nil {
		t.Fatalf("%d %s: %v", a.Status, a.Raw, err)
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(a.Header)), func(name string) bool { return name == "Content-Length" })
	return fmt.Sprint(a.Status, names, slices.Sorted(maps.Keys(body)), body["code"], body["error"], body["message"], body["limit"],
		body["left"], body["unit"], a.Header.Get("Pontage-Charged"))
}

// A partner's error handling is written against rehearsals: each must look exactly like the real thing, cost nothing, and leave nothing.
func TestARehearsedRefusalLooksLikeTheRealOne(t *testing.T) {
	eachSandbox(t, func(t *testing.T, p *platform) {
		r := newRehearsal(t, p)
		real := r.real()
		credit := r.credit(r.sandbox)
		compared := 0
		for _, s := range sandbox.Simulations() {
			if s.Code == "" || strings.HasPrefix(s.Value, "upstream-") || s.Value == "unavailable" || s.Value == "internal-error" {
				continue
			}
			want, ok := real[s.Value]
			if !ok {
				t.Errorf("%s was not provoked in earnest", s.Value)
				continue
			}
			got := r.get("/plain/1", r.bearer, s.Value)
			if got.Status != s.Status || got.Code != string(s.Code) || shape(t, got) != shape(t, want) {
				t.Errorf("%s:\n got %s\nwant %s", s.Value, shape(t, got), shape(t, want))
			}
			if (got.Header.Get("Retry-After") == "") != (want.Header.Get("Retry-After") == "") {
				t.Errorf("%s: Retry-After %q, in earnest %q", s.Value, got.Header.Get("Retry-After"), want.Header.Get("Retry-After"))
			}
			compared++
		}
		if away := r.get("/plain/1", r.bearer, "unavailable"); away.Status != 503 || away.Code != "unavailable" || away.Header.Get("Retry-After") == "" {
			t.Errorf("unavailable: %d %s", away.Status, away.Raw)
		}
		if failed := r.get("/plain/1", r.bearer, "internal-error"); failed.Status != 500 || failed.Code != "internal" || failed.Message != "Internal server error." {
			t.Errorf("internal-error: %d %s", failed.Status, failed.Raw)
		}
		if after := r.credit(r.sandbox); after != credit {
			t.Errorf("credit %s, before %s", after, credit)
		}
		if a := r.get("/plain/1", r.bearer, ""); a.Status != 200 {
			t.Errorf("the next call: %d %s", a.Status, a.Raw)
		}
		if bad := r.get("/plain/1", r.bearer, "gibberish"); bad.Status != 400 || !strings.Contains(bad.Message, "insufficient-credit") {
			t.Errorf("%d %s", bad.Status, bad.Raw)
		}
		r.verify()
		t.Logf("%d refusals compared", compared)
	})
}

func (r *rehearsal) verify() {
	r.Helper()
	if differences, err := r.inside.Meter.Verify(r.Context()); err != nil || len(differences) > 0 {
		r.Errorf("%v %v", differences, err)
	}
}

// What an API does wrong is met by the same rules as in production: who pays, what is given back, and what the partner is told. The
// magic values do the same from within the path, the query and the body.
func TestAnAPIFailsAsAsked(t *testing.T) {
	eachSandbox(t, func(t *testing.T, p *platform) {
		r := newRehearsal(t, p)
		free := []int{401, 403, 429, 500, 502, 503, 504}
		met := 0
		for _, s := range sandbox.Simulations() {
			if !strings.HasPrefix(s.Value, "upstream-") {
				continue
			}
			magic := "simulate-" + strings.TrimPrefix(s.Value, "upstream-")
			for where, a := range map[string]answer{
				"header": r.get("/plain/1", r.bearer, s.Value), "path": r.get("/plain/"+magic, r.bearer, ""),
				"query": r.get("/plain/1?q="+magic, r.bearer, ""), "body": r.ask("POST", r.url("/plain/1"), r.bearer, `{"a":1,"q":"`+magic+`"}`),
			} {
				charged := a.Header.Get("Pontage-Charged")
				if a.Status != s.Status || s.Code != "" && a.Code != string(s.Code) || (charged == "0") != (s.Code != "" || slices.Contains(free, s.Status)) {
					t.Errorf("%s by %s: %d, charged %s, %s", s.Value, where, a.Status, charged, a.Raw)
				}
				met++
			}
		}
		if a := r.get("/plain/1", r.bearer, "upstream-404"); string(a.Raw) != `{"none":"plain"}` {
			t.Errorf("the documented answer is not given: %s", a.Raw)
		}
		before := r.credit(r.sandbox)
		if a, err := askWith(t.Context(), "GET", r.url("/plain/1"), r.bearer, "", func(h http.Header) { h.Set(pontage.HeaderSimulate, "broken-body") }); err == nil || a.Status != 200 {
			t.Errorf("an answer that breaks off was whole: %d %q", a.Status, a.Raw)
		}
		if a := r.get("/plain/1", r.bearer, "slow=300ms"); a.Status != 200 {
			t.Errorf("slow: %d %s", a.Status, a.Raw)
		}
		started := time.Now()
		if a := r.get("/plain/1", r.bearer, "slow=300ms,upstream-503"); a.Status != 503 || time.Since(started) < 300*time.Millisecond {
			t.Errorf("slow and failing: %d after %s", a.Status, time.Since(started))
		}
		r.until(func() bool { return r.credit(r.sandbox) == less(t, before, "0.05") }) // the broken one is given back a moment later
		r.verify()
		t.Logf("%d failures met", met)
	})
}

func (r *rehearsal) until(there func() bool) {
	r.Helper()
	for range 10_000 {
		if there() {
			return
		}
	}
	r.Error("it never came to that")
}

func less(t *testing.T, a, b string) string {
	t.Helper()
	x, err := pontage.ParseMoney(a)
	y, other := pontage.ParseMoney(b)
	if err != nil || other != nil {
		t.Fatal(err, other)
	}
	return (x - y).String()
}

// The platform's own operations know what makes sense there, and say so of the rest.
func TestThePlatformRehearsesToo(t *testing.T) {
	eachSandbox(t, func(t *testing.T, p *platform) {
		r := newRehearsal(t, p)
		_, narrow := r.make(`{"scopes":["GET:` + rehearsalHost + `/plain"]}`)
		wallet := r.sandbox.URL + "/wallet"
		real := map[string]answer{"scope": r.ask("GET", wallet, narrow, ""), "token-invalid": r.ask("GET", wallet, r.bearer+"A", ""),
			"token-expired": r.ask("GET", wallet, r.expired(), "")}
		for _, s := range sandbox.Simulations() {
			for by, bearer := range map[string]string{"token": r.bearer, "account": basic(r.sandbox)} {
				a := r.send("GET", wallet, bearer, "", map[string]string{pontage.HeaderSimulate: s.Value})
				want, always := s.Status, s.Value == "rate-limit" || s.Value == "unavailable" || s.Value == "internal-error" || s.Status == 0
				switch {
				case s.Status == 0 && s.OnPlatform:
					want = 200
				case !s.OnPlatform || by == "account" && !always:
					want = 400
				}
				if a.Status != want {
					t.Errorf("%s by %s: %d %s", s.Value, by, a.Status, a.Raw)
				}
				if earnest, ok := real[s.Value]; ok && by == "token" && shape(t, a) != shape(t, earnest) {
					t.Errorf("%s:\n got %s\nwant %s", s.Value, shape(t, a), shape(t, earnest))
				}
				if (a.Status == 429 || a.Status == 503) && a.Header.Get("Retry-After") == "" {
					t.Errorf("%s by %s: no Retry-After", s.Value, by)
				}
			}
		}
	})
}

// Production must not be talked into anything by a header, and its upstream must not see it.
func TestProductionIgnoresTheHeader(t *testing.T) {
	p := serve(t, nil)
	headers := map[string]string{pontage.HeaderSimulate: "insufficient-credit"}
	if a := p.send("GET", p.paidURL(), p.token(p.production), "", headers); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Raw)
	}
	if a := p.send("GET", p.production.URL+"/wallet", basic(p.production), "", map[string]string{pontage.HeaderSimulate: "gibberish"}); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Raw)
	}
}

// Behind another proxy a rehearsal is the partner's as well: the check refuses it, with the real status beside.
func TestTheGateRehearsesRefusals(t *testing.T) {
	const secret = "a secret of the operator's own proxy"
	p := serve(t, func(c *server.Config) { c.Sandbox.GateSecret = secret })
	check := map[string]string{"Pontage-Gate-Secret": secret, "X-Forwarded-Method": "GET", "X-Forwarded-Host": p.sandbox.Demo.Host,
		"X-Forwarded-Uri": p.sandbox.Demo.Path, "X-Forwarded-For": "192.0.2.1"}
	bearer := p.token(p.sandbox)
	if a := p.send("GET", p.sandbox.URL+"/gate/check", bearer, "", check); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Raw)
	}
	check[pontage.HeaderSimulate] = "insufficient-credit"
	before := p.credit(p.sandbox)
	a := p.send("GET", p.sandbox.URL+"/gate/check", bearer, "", check)
	if a.Status != 403 || a.Header.Get("Pontage-Status") != "402" || a.Code != "insufficient_credit" || p.credit(p.sandbox) != before {
		t.Errorf("%d %v %s", a.Status, a.Header, a.Raw)
	}
}
