package gateway_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/gateway"
	"github.com/pontage/pontage/storage/storagetest"
)

// calls is a call log of one row.
type calls struct{ row pontage.Call }

func (c calls) Call(_ context.Context, id pontage.CallID) (*pontage.Call, []pontage.Outcome, error) {
	if id != c.row.ID {
		return nil, nil, pontage.E(pontage.NotFound, "There is no call with this id.")
	}
	return &c.row, nil, nil
}

// gateOf is the door's gate on a listener of its own.
func gateOf(t *testing.T, secret string, change func(*gateway.Config, *pontage.API)) *door {
	t.Helper()
	var config gateway.Config
	d := open(t, func(http.ResponseWriter, *http.Request) { t.Error("the gate called the API") }, func(c *gateway.Config, api *pontage.API) {
		if change != nil {
			change(c, api)
		}
		config = *c
	})
	config.Catalog = testCatalog(t, *d.api)
	g, err := gateway.New(config)
	if err != nil {
		t.Fatal(err)
	}
	d.server.Close()
	d.server = httptest.NewServer(g.Gate(secret))
	t.Cleanup(d.server.Close)
	return d
}

// check asks about a call with a good bearer; lines replace or, without a value, delete headers.
func (d *door) check(path string, lines ...string) reply {
	d.t.Helper()
	r, err := http.NewRequest("GET", d.server.URL, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	r.URL.Opaque = path
	for _, line := range append([]string{
		"X-Forwarded-Method: GET", "X-Forwarded-Host: " + apiHost, "X-Forwarded-Uri: /items/7?a=1", "X-Forwarded-For: 203.0.113.9",
		"Authorization: Bearer " + goodBearer,
	}, lines...) {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Host" {
			r.Host = value
		} else if r.Header.Set(name, value); value == "" {
			r.Header.Del(name)
		}
	}
	return d.do(r)
}

const someID = "5f3a9c27d1e84b60a2c4e6f81b3d5f70"

// An admitted call is charged at once, under the proxy's id, from the partner's address, and the proxy hears what it cost.
func TestACheckedCallIsChargedAtOnce(t *testing.T) {
	d := gateOf(t, "", nil)
	got := d.check(gateway.PathCheck + "?id=" + someID)
	if got.StatusCode != 200 || got.body != "" || got.Header.Get("Pontage-Status") != "200" || got.Header.Get("Pontage-Refusal") != "" {
		t.Fatalf("%d %s %v", got.StatusCode, got.body, got.Header)
	}
	for name, want := range map[string]string{
		"Pontage-Charged": "0.05", "Pontage-Paid-By": "wallet", "Pontage-Currency": "EUR", "Pontage-Call-Id": "cal_gate-" + someID,
		"RateLimit": `"default";r=599;t=2`,
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Header.Get(name), want)
		}
	}
	a := d.meter.attempts[0]
	if a.CallID != "cal_gate-"+someID || !a.Repeatable || a.Hold != 0 || a.Address.String() != "203.0.113.9" || a.Match.Path != "/items/7" || a.Method != "GET" {
		t.Errorf("%+v", a)
	}
	if end := d.ended(); end != (callEnd{apiHost, "/items/{id}", "", 200, pontage.PayerWallet}) {
		t.Errorf("observed %+v", end)
	}
}

// Without an id of the proxy's the call gets one of ours, and a repeat is another call.
func TestACheckWithoutAnIDIsACallOfItsOwn(t *testing.T) {
	d := gateOf(t, "", nil)
	for range 2 {
		d.check(gateway.PathCheck)
	}
	if a := d.meter.attempts; len(a) != 2 || a[0].Repeatable || a[0].CallID == a[1].CallID {
		t.Errorf("%+v", a)
	}
}

// Proxies take any status but 401 and 403 for a failure of their own; the partner's must not be lost by that.
func TestARefusalIs401Or403AndSaysTheRealStatus(t *testing.T) {
	d := gateOf(t, "", nil)
	for what, c := range map[string]struct {
		lines  []string
		status int
		real   string
		code   pontage.Code
	}{
		"no token":        {[]string{"Authorization: "}, 401, "401", pontage.Unauthenticated},
		"a forged token":  {[]string{"Authorization: Bearer pt_live_bad"}, 401, "401", pontage.Unauthenticated},
		"no operation":    {[]string{"X-Forwarded-Uri: /nowhere"}, 403, "404", pontage.OperationNotFound},
		"wrong method":    {[]string{"X-Forwarded-Method: DELETE", "X-Forwarded-Uri: /items"}, 403, "405", pontage.MethodNotAllowed},
		"TRACE":           {[]string{"X-Forwarded-Method: TRACE"}, 403, "405", pontage.MethodNotAllowed},
		"an unclean path": {[]string{"X-Forwarded-Uri: /items/../items/7"}, 403, "400", pontage.InvalidInput},
		"no path":         {[]string{"X-Forwarded-Uri: items"}, 403, "400", pontage.InvalidInput},
		"unknown host":    {[]string{"X-Forwarded-Host: other.example"}, 403, "404", pontage.NotFound},
		"a host by path":  {[]string{"X-Forwarded-Host: other.example", "X-Forwarded-Uri: /apis/" + apiHost + "/items"}, 403, "404", pontage.NotFound},
	} {
		got := d.check(gateway.PathCheck+"?id="+someID, c.lines...)
		if got.StatusCode != c.status || got.Header.Get("Pontage-Status") != c.real || got.envelope.Code != c.code {
			t.Errorf("%s: %d, real %s, %s", what, got.StatusCode, got.Header.Get("Pontage-Status"), got.body)
		}
		if got.Header.Get("Pontage-Refusal") != got.body || got.Header.Get("Pontage-Charged") != "0" {
			t.Errorf("%s: %v", what, got.Header)
		}
	}
	d.meter.credit = 0
	poor := d.check(gateway.PathCheck + "?id=" + someID)
	if poor.StatusCode != 403 || poor.Header.Get("Pontage-Status") != "402" || poor.envelope.Limit != "wallet" {
		t.Errorf("%d %s", poor.StatusCode, poor.body)
	}
}

// HEAD is a GET and costs the same; a preflight costs nothing, needs no token, and must not pass.
func TestChecksOfHeadAndOptions(t *testing.T) {
	d := gateOf(t, "", nil)
	if got := d.check(gateway.PathCheck, "X-Forwarded-Method: HEAD"); got.StatusCode != 200 || got.Header.Get("Pontage-Charged") != "0.05" {
		t.Errorf("HEAD: %d %v", got.StatusCode, got.Header)
	}
	got := d.check(gateway.PathCheck, "X-Forwarded-Method: OPTIONS", "Authorization: ", "Origin: https://page.example", "Access-Control-Request-Method: GET")
	if got.StatusCode != 403 || got.Header.Get("Pontage-Status") != "204" || got.Header.Get("Access-Control-Allow-Methods") != "GET, HEAD, OPTIONS" || got.body != "" {
		t.Errorf("OPTIONS: %d %v", got.StatusCode, got.Header)
	}
	if len(d.meter.attempts) != 1 {
		t.Errorf("%d attempts", len(d.meter.attempts))
	}
}

// The platform's own API is not called through anybody's proxy, and an API needs no upstream of ours.
func TestChecksKnowWhoServesAnAPI(t *testing.T) {
	own := gateOf(t, "", func(_ *gateway.Config, api *pontage.API) { api.Platform = true })
	if got := own.check(gateway.PathCheck); got.StatusCode != 403 || got.Header.Get("Pontage-Status") != "404" || len(own.meter.attempts) != 0 {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	theirs := gateOf(t, "", func(_ *gateway.Config, api *pontage.API) { api.Upstream = "" })
	if got := theirs.check(gateway.PathCheck); got.StatusCode != 200 {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}

// A proxy that does not say what it should must be told which header it forgot; the call must not pass.
func TestAProxyThatForgetsSomethingIsTold(t *testing.T) {
	d := gateOf(t, "", nil)
	for _, name := range []string{"X-Forwarded-Method", "X-Forwarded-Host", "X-Forwarded-Uri", "X-Forwarded-For"} {
		got := d.check(gateway.PathCheck, name+": ")
		if got.StatusCode != 403 || got.Header.Get("Pontage-Status") != "400" || got.envelope.Field != name {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
		}
	}
	for _, id := range []string{"", "short", "fifteen-letters", strings.Repeat("x", 65), "5f3a9c27d1e84b60 a2c4e6f81b3d5f70", "5f3a9c27d1e84b60%0aa2c4e6f8", someID + "&id=" + someID} {
		got := d.check(gateway.PathCheck + "?id=" + strings.ReplaceAll(id, " ", "%20"))
		if got.StatusCode != 403 || got.Header.Get("Pontage-Status") != "400" || got.envelope.Field != "id" {
			t.Errorf("id %q: %d %s", id, got.StatusCode, got.body)
		}
	}
	if len(d.meter.attempts) != 0 {
		t.Error("something was decided")
	}
}

// Envoy repeats the partner's own request below the path. What is the proxy's in the other form is the partner's in this one.
func TestChecksOfAWholeRequestBelieveNothingElse(t *testing.T) {
	d := gateOf(t, "", nil)
	got := d.check(gateway.PathCheck+"/files/x?id="+someID, "Host: "+apiHost, "X-Forwarded-Uri: /items", "X-Forwarded-Method: GET")
	if got.Header.Get("Pontage-Status") != "405" { // GET /files/x is what was asked, and only PUT is there
		t.Errorf("%d %v %s", got.StatusCode, got.Header, got.body)
	}
	got = d.check(gateway.PathCheck+"/items/7?id="+someID, "Host: "+apiHost, "X-Forwarded-Host: other.example")
	last := d.meter.attempts[len(d.meter.attempts)-1]
	if got.StatusCode != 200 || last.Repeatable || strings.Contains(string(last.CallID), someID) || last.Match.Path != "/items/7" {
		t.Errorf("%d %s %+v", got.StatusCode, got.body, last)
	}
}

// The gate's word counts on the last hop only; what a partner wrote before it does not.
func TestTheAddressIsTheProxysWord(t *testing.T) {
	d := gateOf(t, "", nil)
	for _, c := range []struct{ forwarded, want string }{
		{"203.0.113.9", "203.0.113.9"}, {"10.0.0.1, 203.0.113.9", "203.0.113.9"}, {"2001:db8::1", "2001:db8::1"},
	} {
		d.check(gateway.PathCheck, "X-Forwarded-For: "+c.forwarded)
		if got := d.meter.attempts[len(d.meter.attempts)-1].Address.String(); got != c.want {
			t.Errorf("%s is taken for %s", c.forwarded, got)
		}
	}
}

// Whoever does not know the secret gets nothing: no call, no refund, no difference.
func TestTheGateAsksForItsSecret(t *testing.T) {
	const secret = "a-secret-of-the-operator-and-his-proxy"
	d := gateOf(t, secret, nil)
	for _, given := range []string{"", "wrong", secret + "x", secret[1:]} {
		got := d.check(gateway.PathCheck, gateway.HeaderGateSecret+": "+given)
		if got.StatusCode != 403 || got.Header.Get("Pontage-Status") != "403" || got.envelope.Code != pontage.Forbidden {
			t.Errorf("%q: %d %s", given, got.StatusCode, got.body)
		}
	}
	if len(d.meter.attempts) != 0 {
		t.Error("something was decided")
	}
	if got := d.check(gateway.PathCheck, gateway.HeaderGateSecret+": "+secret); got.StatusCode != 200 {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if got := d.check("/gate/other", gateway.HeaderGateSecret+": "+secret); got.StatusCode != 403 || got.Header.Get("Pontage-Status") != "404" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if strings.Contains(d.log.String(), secret) {
		t.Error("the secret is in the log")
	}
}

// outcome reports as a program does, where body is given, or as a proxy on the way to the partner.
func (d *door) outcome(method, query, body string) reply {
	d.t.Helper()
	r, err := http.NewRequest(method, d.server.URL+gateway.PathOutcome+query, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	return d.do(r)
}

// What a status costs is the same rule behind every door.
func TestWhatAReportedStatusCosts(t *testing.T) {
	for _, c := range []struct {
		status   int
		free     []int
		refunded bool
	}{
		{200, nil, false}, {404, nil, false}, {422, nil, false}, {401, nil, true}, {429, nil, true}, {500, nil, true}, {503, nil, true},
		{0, nil, true}, {404, []int{404}, true}, {429, []int{}, false}, {500, []int{}, true},
	} {
		row := calls{pontage.Call{ID: "cal_1", State: pontage.CallSettled, Host: apiHost, Payer: pontage.PayerWallet, Price: price}}
		d := gateOf(t, "", func(g *gateway.Config, api *pontage.API) { g.Calls, api.FreeStatuses = row, c.free })
		got := d.outcome("POST", "", `{"callId":"cal_1","status":`+itoa(c.status)+`}`)
		var data struct {
			Refunded bool
			Charged  json.Number
		}
		var envelope struct{ Data any }
		envelope.Data = &data
		json.Unmarshal([]byte(got.body), &envelope)
		charged := json.Number("0.05")
		if c.refunded {
			charged = "0"
		}
		if got.StatusCode != 200 || data.Refunded != c.refunded || data.Charged != charged || got.Header.Get("Pontage-Charged") != string(charged) {
			t.Errorf("%d, free %v: %d %s", c.status, c.free, got.StatusCode, got.body)
		}
		if refunds := len(d.meter.history()); refunds != map[bool]int{true: 1}[c.refunded] {
			t.Errorf("%d: %d refunds", c.status, refunds)
		}
	}
}

// A proxy passes the answer on, so it must have the API's status and say what the call cost.
func TestAnOutcomeInTheQueryAnswersThePartner(t *testing.T) {
	row := calls{pontage.Call{ID: "cal_gate-" + someID, State: pontage.CallSettled, Host: apiHost, Payer: pontage.PayerWallet, Price: price}}
	d := gateOf(t, "", func(g *gateway.Config, _ *pontage.API) { g.Calls = row })
	for query, want := range map[string]struct {
		status int
		code   pontage.Code
		text   string
	}{
		"?callId=cal_gate-" + someID + "&status=503": {503, pontage.Unavailable, "not charged"},
		"?id=" + someID + "&status=401":              {401, pontage.Forbidden, "not charged"},
		"?id=" + someID + "&status=0":                {502, pontage.BadGateway, "not charged"},
		"?id=" + someID + "&status=404":              {404, pontage.NotFound, "was charged"},
	} {
		for _, method := range []string{"GET", "POST"} {
			got := d.outcome(method, query, "")
			if got.StatusCode != want.status || got.envelope.Code != want.code || !strings.Contains(got.envelope.Message, want.text) || got.envelope.CallID != row.row.ID {
				t.Errorf("%s %s: %d %s", method, query, got.StatusCode, got.body)
			}
		}
	}
}

func TestReportsThatCannotBeTaken(t *testing.T) {
	row := calls{pontage.Call{ID: "cal_1", State: pontage.CallReserved, Host: apiHost}}
	d := gateOf(t, "", func(g *gateway.Config, _ *pontage.API) { g.Calls = row })
	for _, c := range []struct {
		method, query, body string
		status              int
		field               string
	}{
		{"GET", "", "", 405, ""},
		{"PUT", "?callId=cal_1&status=500", "", 405, ""},
		{"POST", "", "", 400, ""},
		{"POST", "", "nonsense", 400, ""},
		{"POST", "", `{"callId":"cal_1","status":"500"}`, 400, ""},
		{"POST", "", `{"callId":"cal_1"}`, 400, "status"},
		{"POST", "", `{"callId":"cal_1","status":99}`, 400, "status"},
		{"POST", "", `{"callId":"cal_1","status":600}`, 400, "status"},
		{"POST", "", `{"status":500}`, 400, "callId"},
		{"POST", "", `{"callId":"cal_1","id":"` + someID + `","status":500}`, 400, "callId"},
		{"POST", "", `{"id":"short","status":500}`, 400, "callId"},
		{"POST", "?callId=cal_1", "", 400, ""},
		{"POST", "?callId=cal_1&status=x", "", 400, ""},
		{"POST", "", `{"callId":"cal_2","status":500}`, 404, ""},
		{"POST", "", `{"callId":"cal_1","status":500}`, 409, ""}, // the gateway's own
		{"POST", "", `{"callId":"` + strings.Repeat("x", 10_000) + `","status":500}`, 400, ""},
	} {
		got := d.outcome(c.method, c.query, c.body)
		if got.StatusCode != c.status || got.envelope.Field != c.field || got.envelope.Error == nil {
			t.Errorf("%s %s %.60s: %d %s", c.method, c.query, c.body, got.StatusCode, got.body)
		}
	}
	d.expect()
}

// Whatever a proxy is made to ask, it gets one of the three statuses and the real one.
func FuzzChecksAnswer200Or401Or403(f *testing.F) {
	f.Add("GET", "places.example", "/items/7", "203.0.113.9", "", "?id="+someID)
	f.Add("OPTIONS", "[::1]:80", "http://x/%2e%2e/items", "", "https://page.example", "/items")
	f.Add("\x00", "places.example.", "*", ",,", "ü", "?id=%zz")
	f.Fuzz(func(t *testing.T, method, host, uri, from, origin, query string) {
		g, err := gateway.New(gateway.Config{Admit: &fakeAdmit{}, Upstream: &recorder{}, Clock: storagetest.Clock,
			Meter:   &fakeMeter{credit: price, open: map[pontage.CallID]pontage.Money{}, spent: map[pontage.CallID]pontage.Money{}},
			Catalog: testCatalog(t, pontage.API{ID: "api_1", Host: apiHost, Enabled: true})})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", "http://gate"+gateway.PathCheck, nil)
		r.RequestURI += query
		r.URL.RawQuery = strings.TrimPrefix(query, "?")
		r.Header = http.Header{"X-Forwarded-Method": {method}, "X-Forwarded-Host": {host}, "X-Forwarded-Uri": {uri},
			"X-Forwarded-For": {from}, "Origin": {origin}, "Authorization": {"Bearer " + goodBearer}}
		w := httptest.NewRecorder()
		g.Check().ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 401 && w.Code != 403 || w.Header().Get("Pontage-Status") == "" {
			t.Errorf("%d %v", w.Code, w.Header())
		}
		if w.Code == 200 != (w.Header().Get("Pontage-Charged") == "0.05") {
			t.Errorf("%d, charged %s", w.Code, w.Header().Get("Pontage-Charged"))
		}
		refusal := w.Header().Get("Pontage-Refusal")
		if strings.ContainsFunc(refusal, func(c rune) bool { return c < ' ' || c > '~' }) || refusal != "" && !json.Valid([]byte(refusal)) {
			t.Errorf("%q", refusal)
		}
		io.Copy(io.Discard, w.Body)
	})
}
