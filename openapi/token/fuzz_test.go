package token_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pontage/pontage/storage/storagetest"
)

// FuzzBodies sends bodies strangers may write to the two operations that read one. Whatever it is, it is our envelope and never a
// failure of ours.
func FuzzBodies(f *testing.F) {
	for _, body := range []string{
		``, `{}`, `[]`, `null`, `{"scopes":["*:*/*"]}`, `{"scopes":["` + startScope + `"],"ttl":-1,"name":"é","limits":{"totalRequests":0}}`,
		`{"scopes":["GET:*.example.com/*"],"limits":{"walletAmount":0.0000005,"ip":["::ffff:1.2.3.4/128","10.0.0.0/8"]}}`,
		`{"limits":{"walletAmount":1e-400,"walletRequests":9223372036854775807}}`, `{"ttl":1e400}`, `{"scopes":["` + startScope + `"],"ttl":1E+2,"limits":null}`,
		"{\"scopes\":[\"\u0000\"]}", `{"name":"\ud800"}`, `{"scopes":[[[[]]]]}`, `{"limits":{"ip":null}}`, `{"scopes":["a","a"],"scopes":[]}`, `{"limits":{"totalRequests":1.0e0}}`,
	} {
		f.Add(body)
	}
	w := newWorld(f, storagetest.Open(f, storagetest.SQLite(f)))
	made := w.create(w.ann, `{"scopes":["`+startScope+`"]}`)
	f.Fuzz(func(t *testing.T, body string) {
		w.fuzzed(t, "POST", "/tokens", body)
		w.fuzzed(t, "PATCH", "/tokens/"+made.id(), body)
	})
}

// FuzzQueries sends paths and queries to every operation that reads some.
func FuzzQueries(f *testing.F) {
	for _, c := range [][2]string{{"x", "limit=1"}, {"..", "date=2026-11"}, {"%2e%2e", "skip=-1&limit=%00"}, {"\x00", "scopes=*:*/*"},
		{"65f0c0ffee0123456789abcd", "id=sub_x&scopes=,,,"}, {"é", "limit=1e2"}, {"a/b", "limit=0x1"}, {"0", "scopes=GET:company.example.com/IT-start,"},
		{";", "limit=1;skip=1"}, {"-", "id[]=1&id=%ff"}, {"a.b", "skip=9223372036854775807&limit=100"}} {
		f.Add(c[0], c[1])
	}
	w := newWorld(f, storagetest.Open(f, storagetest.SQLite(f)))
	paths := []string{"/tokens", "/tokens/{}", "/scopes/{}", "/wallet/transactions", "/stats", "/stats/apis/{}", "/errors", "/callbacks",
		"/callbacks/{}", "/subscriptions", "/subscriptions/{}"}
	f.Fuzz(func(t *testing.T, segment, query string) {
		for _, p := range paths {
			w.fuzzed(t, "GET", strings.Replace(p, "{}", url.PathEscape(segment), 1)+"?"+url.QueryEscape(query), "")
			if clean := strings.Map(printable, query); clean != "" {
				w.fuzzed(t, "GET", strings.Replace(p, "{}", url.PathEscape(segment), 1)+"?"+clean, "")
			}
		}
		w.fuzzed(t, "DELETE", "/tokens/"+url.PathEscape(segment), "")
	})
}

// FuzzAuthorization sends header lines: none of them gets in, and none of them breaks us.
func FuzzAuthorization(f *testing.F) {
	for _, line := range []string{"", "Basic", "Basic ", "Basic Og==", "Bearer", "bearer  x", "Bearer pt_test_ref_", "Bearer pt_test_65f0c0ffee0123456789abcd_", "Digest a=b",
		"Basic YUBiLmM6cHRfdGVzdF9rZXlfeA=="} {
		f.Add(line)
	}
	w := newWorld(f, storagetest.Open(f, storagetest.SQLite(f)))
	f.Fuzz(func(t *testing.T, line string) {
		line = strings.TrimSpace(strings.Map(printable, line))
		for method, path := range map[string]string{"GET": "/wallet", "PATCH": "/tokens/65f0c0ffee0123456789abcd"} {
			if r := w.fuzzed(t, method, path, "", "Authorization", line); r.status != http.StatusUnauthorized {
				t.Errorf("%q: %d", line, r.status)
			}
		}
	})
}

// fuzzed sends a request as the account unless a header says otherwise.
func (w *world) fuzzed(t *testing.T, method, path, body string, headers ...string) *reply {
	t.Helper()
	w.client.t, w.t = t, t
	if _, err := url.Parse(path); err != nil {
		return &reply{t: t, status: 401}
	}
	// The account's rate is not what is tested here.
	w.clock.Advance(1e9)
	r := w.client.do(method, path, basic(w.ann), body, headers...)
	if r.status >= http.StatusInternalServerError {
		t.Errorf("%s %s %q: %d %s", method, path, body, r.status, r.body)
	}
	if !json.Valid(bytes.TrimSpace(r.body)) {
		t.Errorf("%s %s %q: %q", method, path, body, r.body)
	}
	return r
}

func printable(c rune) rune {
	if c <= ' ' || c > '~' || c == '#' {
		return -1
	}
	return c
}
