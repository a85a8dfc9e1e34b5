package gateway_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/gateway"
)

// A partner who pays must get the answer, and be told what it cost, who paid and how much rate is left.
func TestPaidCallAnswersAndTellsWhatItCost(t *testing.T) {
	d := open(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"path":"`+r.RequestURI+`"}`)
	}, nil)
	got := d.do(d.request("GET", "/items/7?b=2&a=1;x", nil))
	if got.StatusCode != 200 || got.body != `{"path":"/items/7?b=2&a=1;x"}` {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	for name, want := range map[string]string{
		"Pontage-Charged": "0.05", "Pontage-Paid-By": "wallet", "Pontage-Currency": "EUR",
		"RateLimit": `"default";r=599;t=2`, "RateLimit-Policy": `"default";q=600;w=60`,
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Header.Get(name), want)
		}
	}
	id := got.Header.Get("Pontage-Call-Id")
	if attempt := d.meter.attempts[0]; id == "" || string(attempt.CallID) != id || attempt.Hold != gateway.DefaultHeaderTimeout+gateway.DefaultHoldMargin {
		t.Errorf("call id %q, attempt %+v", id, attempt)
	}
	if end := d.ended(); end != (callEnd{apiHost, "/items/{id}", "", 200, pontage.PayerWallet}) {
		t.Errorf("observed %+v", end)
	}
	d.expect("settle 200")
	if d.meter.left() != 99*price {
		t.Errorf("credit %s", d.meter.left())
	}
}

// The API is reached by its own host name too, in any case, with a port and with a final dot.
func TestCallByHost(t *testing.T) {
	d := open(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.RequestURI) }, nil)
	for _, host := range []string{"places.example", "Places.EXAMPLE:8080", "places.example."} {
		r := d.request("GET", "", nil)
		r.URL.Path, r.Host = "/items/7", host
		if got := d.do(r); got.StatusCode != 200 || got.body != "/items/7" {
			t.Errorf("%s: %d %s", host, got.StatusCode, got.body)
		}
	}
}

// What a status costs is the rule's, not the upstream's mood: an answer is charged, a failure is not.
func TestWhatAStatusCosts(t *testing.T) {
	for _, c := range []struct {
		status  int
		free    []int
		charged bool
	}{
		{200, nil, true}, {201, nil, true}, {204, nil, true}, {302, nil, true}, {304, nil, true}, {400, nil, true}, {404, nil, true},
		{422, nil, true}, {401, nil, false}, {403, nil, false}, {407, nil, false}, {408, nil, false}, {429, nil, false},
		{500, nil, false}, {503, nil, false}, {599, nil, false},
		{404, []int{404}, false}, {401, []int{404}, true}, {429, []int{}, true}, {500, []int{}, false},
	} {
		d := open(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://elsewhere.example/")
			w.WriteHeader(c.status)
		}, func(_ *gateway.Config, api *pontage.API) { api.FreeStatuses = c.free })
		got := d.do(d.request("GET", "/items", nil))
		ending, charged, payer := "settle ", "0.05", "wallet"
		if !c.charged {
			ending, charged, payer = "give back ", "0", "free"
		}
		d.ended()
		d.expect(ending + itoa(c.status))
		if got.StatusCode != c.status || got.Header.Get("Pontage-Charged") != charged || got.Header.Get("Pontage-Paid-By") != payer {
			t.Errorf("%d: got %d, charged %s by %s", c.status, got.StatusCode, got.Header.Get("Pontage-Charged"), got.Header.Get("Pontage-Paid-By"))
		}
	}
}

// A refused call must say why, what is left and how to go on, in the one envelope, and reach no upstream.
func TestRefusalsSayWhy(t *testing.T) {
	reached := false
	d := open(t, func(http.ResponseWriter, *http.Request) { reached = true }, nil)
	d.meter.credit = price / 2
	poor := d.do(d.request("GET", "/items", nil))
	if e := poor.envelope; poor.StatusCode != 402 || e.Code != pontage.InsufficientCredit || e.Limit != "wallet" || e.Left != "0.025" || e.Unit != "EUR" ||
		string(e.CallID) != poor.Header.Get("Pontage-Call-Id") || poor.Header.Get("Pontage-Charged") != "0" || poor.Header.Get("RateLimit") == "" {
		t.Errorf("402: %d %s %v", poor.StatusCode, poor.body, poor.Header)
	}
	none := d.request("GET", "/items", nil)
	none.Header.Del("Authorization")
	if got := d.do(none); got.StatusCode != 401 || got.Header.Get("WWW-Authenticate") != `Bearer realm="api"` || got.envelope.Code != pontage.Unauthenticated {
		t.Errorf("401: %d %s %v", got.StatusCode, got.body, got.Header)
	}
	bad := d.request("GET", "/items", nil)
	bad.Header.Set("Authorization", "bearer pt_live_bad")
	if got := d.do(bad); got.StatusCode != 401 || !strings.Contains(got.Header.Get("WWW-Authenticate"), `error="invalid_token"`) {
		t.Errorf("401: %d %v", got.StatusCode, got.Header)
	}
	if got := d.do(d.request("GET", "/nowhere", nil)); got.StatusCode != 404 || got.envelope.Code != pontage.OperationNotFound {
		t.Errorf("404: %d %s", got.StatusCode, got.body)
	}
	if got := d.do(d.request("DELETE", "/items", nil)); got.StatusCode != 405 || got.Header.Get("Allow") != "GET, HEAD, POST, OPTIONS" {
		t.Errorf("405: %d %s %q", got.StatusCode, got.body, got.Header.Get("Allow"))
	}
	other := d.request("GET", "/items", nil)
	other.URL.Path = "/apis/unknown.example/items"
	if got := d.do(other); got.StatusCode != 404 || got.envelope.Code != pontage.NotFound {
		t.Errorf("unknown host: %d %s", got.StatusCode, got.body)
	}
	if reached {
		t.Error("a refused call reached the upstream")
	}
	d.expect()
}

// An API the operator has connected to nothing must not hold anybody's money.
func TestNoUpstreamHoldsNothing(t *testing.T) {
	d := open(t, nil, func(_ *gateway.Config, api *pontage.API) { api.Upstream = "" })
	if got := d.do(d.request("GET", "/items", nil)); got.StatusCode != 503 || got.envelope.Code != pontage.UpstreamMissing {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if len(d.meter.attempts) != 0 {
		t.Error("it was reserved")
	}
}

// A token that was changed a moment ago must be read again, not refused; one that keeps changing is not served on old facts.
func TestStaleFactsAreReadAgainOnce(t *testing.T) {
	d := open(t, func(http.ResponseWriter, *http.Request) {}, nil)
	d.meter.stale = 1
	if got := d.do(d.request("GET", "/items", nil)); got.StatusCode != 200 || d.admit.readmitted != 1 {
		t.Errorf("%d after %d readmissions", got.StatusCode, d.admit.readmitted)
	}
	d.meter.stale = 2
	if got := d.do(d.request("GET", "/items", nil)); got.StatusCode != 503 || got.Header.Get("Retry-After") != "1" {
		t.Errorf("%d %v", got.StatusCode, got.Header)
	}
}

// Logs must find a call by its id, and must not hold its path, its query or its bearer.
func TestLogHoldsTheRouteAndNoSecret(t *testing.T) {
	d := open(t, func(http.ResponseWriter, *http.Request) {}, nil)
	got := d.do(d.request("GET", "/items/secret-item?key=secret-query", nil))
	d.ended()
	d.server.Close()
	line := d.log.String()
	if strings.Contains(line, "secret") || strings.Contains(line, goodBearer) ||
		!strings.Contains(line, got.Header.Get("Pontage-Call-Id")) || !strings.Contains(line, `"route":"/items/{id}"`) || strings.Count(line, "\n") != 1 {
		t.Error(line)
	}
}
