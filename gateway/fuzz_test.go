package gateway

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// nonURL must not be looked at while there is a request target.
var nonURL = &url.URL{Path: "/apis/places.example/from-the-url"}

// Whatever a stranger writes into Authorization, a bearer is one short word of plain characters or it is refused.
func FuzzReadBearer(f *testing.F) {
	for _, seed := range []string{
		"Bearer pt_live_x", "bearer  x ", "BEARER x y", "Bearer", "Bearer ", "Basic eDp5", "Bearer\tx", "Bearer x\x00", strings.Repeat("Bearer ", 100), "",
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, value string, twice bool) {
		h := http.Header{"Authorization": {value}}
		if twice {
			h.Add("Authorization", value)
		}
		token, err := readBearer(h)
		if err != nil {
			if token != "" {
				t.Fatalf("%q beside %v", token, err)
			}
			return
		}
		if twice || token == "" || len(value) > maxAuthorization || strings.ContainsAny(token, " \t\r\n,\x00\"") || !strings.Contains(value, token) {
			t.Fatalf("%q was taken from %q, twice %v", token, value, twice)
		}
	})
}

// However a request names its API, the way in is one that is known, and the path is a piece of what was sent.
func FuzzReadEntry(f *testing.F) {
	for _, seed := range [][2]string{
		{"places.example", "/items/7?x=/apis/"}, {"PLACES.example:80", "http://places.example/a"}, {"x", "/apis/places.example/items"},
		{"x", "/apis/places.example"}, {"x", "/apis/Places.Example/%2e%2e"}, {"[::1]:80", "/apis//places.example/"}, {"", "*"},
		{"places.example.", "http://places.example?x"}, {"x", "//apis/places.example/"}, {"x", "/apis/places.example%2fx/"},
	} {
		f.Add(seed[0], seed[1])
	}
	known := func(host string) bool { return host == "places.example" }
	f.Fuzz(func(t *testing.T, host, target string) {
		e, ok := readEntry(&http.Request{Host: host, RequestURI: target, URL: nonURL}, known)
		if !ok || target == "" { // without a target, as requests made in a program are, the URL is read
			return
		}
		if e.host != "places.example" || e.path != "/" && !strings.Contains(target, e.path) || strings.Contains(e.path, "?") {
			t.Fatalf("%q %q gave %+v", host, target, e)
		}
	})
}

// Names that many servers read as one must be held as one.
func TestGuardedNamesAreFolded(t *testing.T) {
	for name, want := range map[string]bool{
		"Authorization": true, "AUTHORIZATION": true, "Pontage-": true, "Pontage_call_id": true, "PONTAGE": false, "X_Forwarded_For": true,
		"X-Forwarded": false, "X-Http-Method_Override": true, "Cookie": true, "Cookies": false, "Accept": false, "": false, "Content_Length": true,
	} {
		if toUpstream.holds(name) != want {
			t.Errorf("%q is held: %v, want %v", name, !want, want)
		}
	}
}
