package gateway_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pontage/pontage/gateway"

	"github.com/pontage/pontage"
)

// HEAD is a documented GET, priced alike; it must reach the upstream as HEAD.
func TestHeadIsPricedLikeGet(t *testing.T) {
	method := ""
	d := open(t, func(w http.ResponseWriter, r *http.Request) {
		method = r.Method
		w.Header().Set("Content-Length", "1234")
	}, nil)
	got := d.do(d.request("HEAD", "/items", nil))
	if got.StatusCode != 200 || got.ContentLength != 1234 || method != "HEAD" || got.Header.Get("Pontage-Charged") != "0.05" {
		t.Errorf("%d, %d bytes, upstream saw %s", got.StatusCode, got.ContentLength, method)
	}
	if a := d.meter.attempts[0]; a.Match.Operation.Method != "GET" || a.Method != "HEAD" {
		t.Errorf("%+v", a)
	}
	d.ended()
	d.expect("settle 200")
}

// A browser's preflight on a known path is ours to answer, and costs nothing; nobody needs a token for it.
func TestPreflightIsAnsweredHere(t *testing.T) {
	d := open(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }, nil)
	ask := func(path, origin, wanted string) reply {
		r := d.request("OPTIONS", path, nil)
		r.Header.Del("Authorization")
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		if wanted != "" {
			r.Header.Set("Access-Control-Request-Method", wanted)
			r.Header.Set("Access-Control-Request-Headers", "authorization, content-type")
		}
		return d.do(r)
	}
	got := ask("/items", "https://page.example", "POST")
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
		"Access-Control-Allow-Headers": "authorization, content-type", "Access-Control-Max-Age": "600", "Access-Control-Allow-Credentials": "",
	} {
		if got.StatusCode != 204 || got.Header.Get(name) != want {
			t.Errorf("%d, %s: %q, want %q", got.StatusCode, name, got.Header.Get(name), want)
		}
	}
	if got := ask("/items", "", ""); got.StatusCode != 204 || got.Header.Get("Allow") != "GET, HEAD, POST, OPTIONS" {
		t.Errorf("plain OPTIONS: %d %v", got.StatusCode, got.Header)
	}
	if got := ask("/nowhere", "https://page.example", "GET"); got.StatusCode != 404 {
		t.Errorf("unknown path: %d", got.StatusCode)
	}
	if len(d.meter.attempts) != 0 {
		t.Error("a preflight was metered")
	}
	r := d.request("GET", "/items", nil)
	r.Header.Set("Origin", "https://page.example")
	call := d.do(r)
	if call.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(call.Header.Get("Access-Control-Expose-Headers"), "Pontage-Charged") {
		t.Errorf("call: %v", call.Header)
	}
	r.Header.Set("Authorization", "Bearer wrong")
	if got := d.do(r); got.StatusCode != 401 || got.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("a page cannot read why it was refused: %v", got.Header)
	}
}

// An operator who names the pages that may call must be obeyed.
func TestOnlyConfiguredPagesMayCall(t *testing.T) {
	d := open(t, func(http.ResponseWriter, *http.Request) {}, func(c *gateway.Config, _ *pontage.API) {
		c.CORS.Origins = []string{"https://page.example"}
	})
	for origin, want := range map[string]string{"https://page.example": "https://page.example", "https://evil.example": ""} {
		r := d.request("GET", "/items", nil)
		r.Header.Set("Origin", origin)
		if got := d.do(r); got.Header.Get("Access-Control-Allow-Origin") != want || got.Header.Get("Vary") != "Origin" {
			t.Errorf("%s: %v", origin, got.Header)
		}
	}
}
