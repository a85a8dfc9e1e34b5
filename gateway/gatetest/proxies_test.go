package gatetest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pontage/pontage/demo"
)

// each runs the test before every documented proxy.
func each(t *testing.T, test func(s *scene)) {
	for _, p := range proxies {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			test(open(t, p))
		})
	}
}

// expect compares a refusal's status and code, that it is told once, and that it cost nothing.
func (s *scene) expect(what string, got reply, status int, code string) {
	s.Helper()
	var envelope struct {
		Success       bool
		Code, Message string
		CallID        string `json:"callId"`
	}
	json.Unmarshal([]byte(got.body), &envelope)
	if got.StatusCode != status || envelope.Code != code || envelope.Success || got.Header.Get("Content-Type") != "application/json" {
		s.Errorf("%s: %d %v %s, want %d %s", what, got.StatusCode, got.Header, got.body, status, code)
	}
	for _, name := range []string{"Pontage-Charged", "Pontage-Call-Id", "Pontage-Currency", "Content-Type", "Cache-Control", "Www-Authenticate"} {
		if values := got.Header[name]; len(values) > 1 {
			s.Errorf("%s: %s %q", what, name, values)
		}
	}
	if got.Header.Get("Pontage-Charged") != "0" || envelope.CallID != got.Header.Get("Pontage-Call-Id") || envelope.CallID == "" {
		s.Errorf("%s: charged %v, call %q: %s", what, got.Header["Pontage-Charged"], got.Header["Pontage-Call-Id"], got.body)
	}
}

// Behind his own proxy an operator must get what the gateway gives: paid calls pass, everything else says why and costs nothing.
func TestDocumentedConfigurations(t *testing.T) {
	each(t, func(s *scene) {
		s.paidCall()
		s.refusals()
		s.failures()
		s.preflight()
		s.exhausted()
		s.empty()
		s.away()
	})
}

// paidCall passes once, whole, for its price; what the partner forges is not believed, what is ours does not reach the API.
func (s *scene) paidCall() {
	s.Helper()
	got := s.call("GET", demo.PaidPath+"?b=%2F..&a=1", "", "Cookie: a=b", "Pontage-Call-Id: cal_gate-forged-forged-forged", "X-Forwarded-Uri: "+demo.FreePath,
		"X-Forwarded-Method: HEAD", "X-Forwarded-For: 203.0.113.9", "X-Original-Url: /other", "X-Request-Id: 0123456789abcdef0123")
	if got.StatusCode != 200 || got.body != "GET "+demo.PaidPath+"?b=%2F..&a=1 " || s.credit() != "9.95" {
		s.Fatalf("%d %s, credit %s", got.StatusCode, got.body, s.credit())
	}
	id := got.Header.Get("Pontage-Call-Id")
	for name, want := range map[string]string{
		"Pontage-Charged": "0.05", "Pontage-Paid-By": "wallet", "Pontage-Currency": "EUR", "Pontage-Call-Id": id, "Set-Cookie": "",
		"Ratelimit-Policy": `"default";q=600;w=60`,
	} {
		if values := got.Header[name]; len(values) > 1 || got.Header.Get(name) != want {
			s.Errorf("%s: %q, want %q", name, values, want)
		}
	}
	seen, _ := s.api.last()
	if !strings.HasPrefix(id, "cal_gate-") || strings.Contains(id, "forged") || seen.Header.Get("Pontage-Call-Id") != id {
		s.Errorf("call %q, the API saw %v", id, seen.Header)
	}
	for _, name := range []string{"Authorization", "Cookie", "X-Forwarded-Uri", "X-Forwarded-Method", "X-Original-Url", "Pontage-Charged", "Ratelimit"} {
		if seen.Header.Get(name) != "" {
			s.Errorf("the API saw %s: %q", name, seen.Header[name])
		}
	}
	if from := seen.Header.Get("X-Forwarded-For"); from != "127.0.0.1" {
		s.Errorf("the API was told the address %q", from)
	}
	got = s.call("POST", "/lookups", `{"places":["IT-00184"]}`)
	if got.StatusCode != 200 || !strings.HasSuffix(got.body, `/lookups {"places":["IT-00184"]}`) || s.credit() != "9.85" {
		s.Errorf("POST: %d %s, credit %s", got.StatusCode, got.body, s.credit())
	}
	if got = s.call("HEAD", demo.PaidPath, ""); got.StatusCode != 200 || got.Header.Get("Pontage-Charged") != "0.05" || s.credit() != "9.8" {
		s.Errorf("HEAD: %d %v, credit %s", got.StatusCode, got.Header, s.credit())
	}
	if got = s.call("GET", demo.PaidPath+"?status=404", ""); got.StatusCode != 404 || !strings.HasPrefix(got.body, "GET ") || s.credit() != "9.75" {
		s.Errorf("the API's 404: %d %s, credit %s", got.StatusCode, got.body, s.credit())
	}
}

// refusals reach no API, cost nothing and say why.
func (s *scene) refusals() {
	s.Helper()
	_, before := s.api.last()
	none := s.call("GET", demo.PaidPath, "", "Authorization: ")
	s.expect("no token", none, 401, "unauthenticated")
	if none.Header.Get("Www-Authenticate") != `Bearer realm="api"` {
		s.Errorf("challenge %v", none.Header)
	}
	s.expect("another's token", s.call("GET", demo.PaidPath, "", "Authorization: Bearer pt_live_x"), 401, "unauthenticated")
	s.expect("no operation", s.call("GET", "/nowhere", ""), 404, "operation_not_found")
	s.expect("another path than it looks", s.call("GET", "/countries/../postcodes/IT/00184", ""), 400, "invalid_input")
	s.expect("an escaped slash", s.call("GET", "/postcodes/IT%2f00184", ""), 400, "invalid_input")
	s.expect("a doubled slash", s.call("GET", "//postcodes/IT/00184", ""), 400, "invalid_input")
	wrong := s.call("DELETE", demo.FreePath, "")
	s.expect("wrong method", wrong, 405, "method_not_allowed")
	if wrong.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
		s.Errorf("Allow: %v", wrong.Header)
	}
	var made struct{ Token string }
	s.platform("POST", "/tokens", `{"scopes":["*:*/*"],"limits":{"ip":["203.0.113.9"]}}`, &made)
	s.expect("a forged address", s.call("GET", demo.PaidPath, "", "Authorization: Bearer "+made.Token, "X-Forwarded-For: 203.0.113.9"), 403, "address_refused")
	if _, after := s.api.last(); after != before || s.credit() != "9.75" {
		s.Errorf("%d refused calls reached the API, credit %s", after-before, s.credit())
	}
}

// failures of the API are given back before the partner hears of them.
func (s *scene) failures() {
	s.Helper()
	for query, want := range map[string]struct {
		status int
		code   string
	}{
		"500": {500, "bad_gateway"}, "503": {503, "unavailable"}, "504": {504, "gateway_timeout"}, "401": {401, "forbidden"},
		"403": {403, "forbidden"}, "429": {429, "rate_limited"},
	} {
		got := s.call("GET", demo.PaidPath+"?status="+query, "")
		s.expect("the API's "+query, got, want.status, want.code)
		if !strings.Contains(got.body, "The call was not charged.") {
			s.Error(got.body)
		}
	}
	s.expect("a failed POST", s.call("POST", "/lookups?status=502", `{"places":["IT-00184"]}`), 502, "bad_gateway")
	if s.credit() != "9.75" {
		s.Errorf("credit %s", s.credit())
	}
}

// preflight lets a browser's page ask, without a token and without a price.
func (s *scene) preflight() {
	s.Helper()
	got := s.call("OPTIONS", demo.PaidPath, "", "Authorization: ", "Origin: https://page.example", "Access-Control-Request-Method: GET",
		"Access-Control-Request-Headers: authorization")
	if got.StatusCode != 204 || got.Header.Get("Access-Control-Allow-Origin") != "*" || got.Header.Get("Access-Control-Allow-Headers") != "authorization" {
		s.Errorf("preflight: %d %v", got.StatusCode, got.Header)
	}
	if got = s.call("GET", demo.FreePath, "", "Origin: https://page.example"); got.Header.Get("Access-Control-Allow-Origin") != "*" {
		s.Errorf("a page's call: %d %v", got.StatusCode, got.Header)
	}
}

// exhausted uses a token up that may make one call.
func (s *scene) exhausted() {
	s.Helper()
	var made struct{ Token string }
	s.platform("POST", "/tokens", `{"scopes":["*:*/*"],"limits":{"totalRequests":1}}`, &made)
	once := "Authorization: Bearer " + made.Token
	if got := s.call("GET", demo.PaidPath, "", once); got.StatusCode != 200 || s.credit() != "9.7" {
		s.Errorf("the only call: %d %s, credit %s", got.StatusCode, got.body, s.credit())
	}
	s.expect("used up", s.call("GET", demo.PaidPath, "", once), 429, "limit_exhausted")
}

// empty spends the wallet in parallel: 97 calls at 0.1 fit into 9.7, and no more.
func (s *scene) empty() {
	s.Helper()
	statuses := make(chan int)
	for range 120 {
		go func() { statuses <- s.call("POST", "/lookups", `{"places":["IT-00184"]}`).StatusCode }()
	}
	count := map[int]int{}
	for range 120 {
		count[<-statuses]++
	}
	if count[200] != 97 || count[402] != 23 || s.credit() != "0" {
		s.Errorf("%v, want 97 × 200 and 23 × 402; credit %s", count, s.credit())
	}
	poor := s.call("GET", demo.PaidPath, "")
	s.expect("no credit", poor, 402, "insufficient_credit")
	if !strings.Contains(poor.body, `"limit":"wallet","left":"0","unit":"EUR"`) {
		s.Error(poor.body)
	}
}

// away stops the API, then the instance: neither lets a call pass, and none is charged.
func (s *scene) away() {
	s.Helper()
	_, before := s.api.last()
	s.api.Close()
	down := s.call("GET", demo.FreePath, "")
	s.expect("the API is down", down, 502, "bad_gateway")
	s.stop()
	closed := s.call("GET", demo.FreePath, "")
	if closed.StatusCode != 503 || !strings.Contains(closed.body, `"code":"unavailable"`) || closed.Header.Get("Content-Type") != "application/json" {
		s.Errorf("the gate is down: %d %v %s", closed.StatusCode, closed.Header, closed.body)
	}
	if _, after := s.api.last(); after != before {
		s.Error("a call reached the API unpaid")
	}
}
