package token_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pontage/pontage/storage/storagetest"
)

// Whatever is sent is answered in the envelope, with the status and number a client can act on, and the field at fault.
func TestOurOwnNumbers(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	scoped := `{"scopes":["` + startScope + `"],`
	for name, c := range map[string]struct {
		method, path, body string
		headers            []string
		status, number     int
		field              string
	}{
		"not JSON":                  {"POST", "/tokens", `{"scopes":`, nil, 400, 1400, ""},
		"NaN":                       {"POST", "/tokens", scoped + `"ttl":NaN}`, nil, 400, 1400, ""},
		"hexadecimal":               {"POST", "/tokens", scoped + `"ttl":0x10}`, nil, 400, 1400, ""},
		"two values":                {"POST", "/tokens", `{} {}`, nil, 400, 1400, ""},
		"no UTF-8":                  {"POST", "/tokens", scoped + "\"name\":\"\xff\"}", nil, 400, 1400, ""},
		"a list":                    {"POST", "/tokens", `[]`, nil, 400, 1400, ""},
		"null":                      {"POST", "/tokens", `null`, nil, 400, 1400, ""},
		"name of wrong type":        {"POST", "/tokens", scoped + `"name":7}`, nil, 400, 1400, "/name"},
		"name with NUL":             {"POST", "/tokens", scoped + `"name":"a\u0000"}`, nil, 400, 1400, "/name"},
		"name too long":             {"POST", "/tokens", scoped + `"name":"` + strings.Repeat("x", 201) + `"}`, nil, 400, 1400, "/name"},
		"ttl of wrong type":         {"POST", "/tokens", scoped + `"ttl":"1"}`, nil, 400, 1400, "/ttl"},
		"ttl too large for 64 bits": {"POST", "/tokens", scoped + `"ttl":1e30}`, nil, 400, 1400, "/ttl"},
		"ttl with a huge exponent":  {"POST", "/tokens", scoped + `"ttl":1e999999999}`, nil, 400, 1400, "/ttl"},
		"limit below zero":          {"POST", "/tokens", scoped + `"limits":{"totalRequests":-1}}`, nil, 400, 1400, "/limits/totalRequests"},
		"limit with a fraction":     {"POST", "/tokens", scoped + `"limits":{"totalRequests":1.5}}`, nil, 400, 1400, "/limits/totalRequests"},
		"amount below zero":         {"POST", "/tokens", scoped + `"limits":{"walletAmount":-0.1}}`, nil, 400, 1400, "/limits/walletAmount"},
		"amount too large":          {"POST", "/tokens", scoped + `"limits":{"walletAmount":1e10}}`, nil, 400, 1400, "/limits/walletAmount"},
		"amount as text":            {"POST", "/tokens", scoped + `"limits":{"walletAmount":"1"}}`, nil, 400, 1400, "/limits/walletAmount"},
		"no address":                {"POST", "/tokens", scoped + `"limits":{"ip":["192.0.2.1","nowhere"]}}`, nil, 400, 1400, "/limits/ip/1"},
		"address of wrong type":     {"POST", "/tokens", scoped + `"limits":{"ip":[1]}}`, nil, 400, 1400, "/limits/ip/0"},
		"form":                      {"POST", "/tokens", "scopes=x", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, 1415, "Content-Type"},
		"other charset":             {"POST", "/tokens", `{}`, []string{"Content-Type", "application/json; charset=latin1"}, 415, 1415, "Content-Type"},
		"compressed":                {"POST", "/tokens", `{}`, []string{"Content-Encoding", "gzip"}, 415, 1415, "Content-Encoding"},
		"over 1 MiB":                {"POST", "/tokens", scoped + `"name":"` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, 1513, ""},
		"bad query":                 {"GET", "/tokens?limit=%zz", "", nil, 400, 1400, "query"},
		"semicolon in query":        {"GET", "/tokens?limit=1;skip=2", "", nil, 400, 1400, "query"},
		"limit of wrong type":       {"GET", "/tokens?limit=x", "", nil, 400, 1400, "limit"},
		"limit twice":               {"GET", "/tokens?limit=1&limit=2", "", nil, 400, 1400, "limit"},
		"skip below zero":           {"GET", "/wallet/transactions?skip=-1", "", nil, 400, 1400, "skip"},
		"bad domain":                {"GET", "/stats/apis/a%20b", "", nil, 400, 1400, "domain"},
		"unknown path":              {"GET", "/nothing", "", nil, 404, 1414, ""},
		"below a known path":        {"GET", "/wallet/nothing", "", nil, 404, 1414, ""},
		"two slashes":               {"GET", "//tokens", "", nil, 404, 1414, ""},
		"dot segments":              {"GET", "/tokens/../wallet", "", nil, 404, 1414, ""},
		"root":                      {"GET", "/", "", nil, 404, 1414, ""},
		"method":                    {"PUT", "/tokens", "{}", nil, 405, 1405, ""},
		"method on a detail":        {"POST", "/tokens/x", "{}", nil, 405, 1405, ""},
		"unheard method":            {"BREW", "/wallet", "", nil, 405, 1405, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w.client.t = t
			w.client.do(c.method, c.path, basic(w.ann), c.body, c.headers...).fails(c.status, c.number, "", c.field)
		})
	}
}

// A syntax error says where it is, so that nobody searches a long body for it.
func TestASyntaxErrorHasItsPosition(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	r := w.client.do("POST", "/tokens", basic(w.ann), "{\n  \"ttl\": NaN\n}")
	r.fails(400, 1400, "The body is not JSON: the error is at line 2, column 10.")
}

// What partners' tools send today keeps working, though it is not quite what the document says.
func TestWhatIsTolerated(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	ann := basic(w.ann)
	for name, body := range map[string]string{
		"whole number with a point": `{"scopes":["` + startScope + `"],"ttl":3600.0}`,
		"whole number as a power":   `{"scopes":["` + startScope + `"],"ttl":3.6e3}`,
		"unknown members":           `{"scopes":["` + startScope + `"],"ttl":3600,"colour":"red"}`,
	} {
		var d tokenData
		if w.client.do("POST", "/tokens", ann, body).ok(&d); d.ExpireAt != "2026-11-20T13:00:00Z" {
			t.Errorf("%s: %+v", name, d)
		}
	}
	for _, ttl := range []string{"0", "-5", "99999999999"} {
		if d := w.create(w.ann, `{"scopes":["`+startScope+`"],"ttl":`+ttl+`}`); d.ExpireAt != "2027-11-20T12:00:00Z" {
			t.Errorf("ttl %s: %s", ttl, d.ExpireAt)
		}
	}
	w.client.do("POST", "/tokens", ann, `{"scopes":["`+startScope+`"]}`, "Content-Type", "application/json; charset=UTF-8").ok(nil)
	for _, path := range []string{"/tokens?limit=1000", "/tokens?limit=&skip=", "/tokens?colour=red&colour=blue", "/wallet/transactions?limit=101",
		"/tokens?limit=99999999999999999999", "/tokens?skip=9223372036854775807", "/errors?skip=2147483647&limit=100", "/stats?date="} {
		w.client.do("GET", path, ann, "").ok(nil)
	}
}

// What the document does not name is not read, however near it comes: nothing has checked it.
func TestMembersOfAnotherSpellingAreNotRead(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	for _, other := range []string{`"TTL":60`, `"Limits":{"totalRequests":-1}`, `"LIMITS":{"ip":7}`, `"limits":{"TotalRequests":-1}`} {
		var d tokenData
		w.client.do("POST", "/tokens", basic(w.ann), `{"scopes":["`+startScope+`"],`+other+`}`).ok(&d)
		if d.ExpireAt != "2027-11-20T12:00:00Z" || d.Limits["totalRequests"] != nil {
			t.Errorf("%s: %+v", other, d)
		}
	}
}

// Monitors and browsers ask with HEAD and OPTIONS.
func TestHeadAndOptions(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	if r := w.client.do("HEAD", "/wallet", basic(w.ann), ""); r.status != 200 || len(r.body) != 0 || r.header.Get("Content-Length") == "0" {
		t.Errorf("HEAD: %d %v", r.status, r.header)
	}
	if r := w.client.do("OPTIONS", "/tokens/x", "", ""); r.status != 204 || r.header.Get("Allow") != "DELETE, GET, HEAD, OPTIONS, PATCH" {
		t.Errorf("OPTIONS: %d %v", r.status, r.header)
	}
	if r := w.client.do("PUT", "/scopes", basic(w.ann), ""); r.header.Get("Allow") != "GET, HEAD, OPTIONS" {
		t.Errorf("PUT: %v", r.header)
	}
}

// No answer of the API may stay in a cache: tokens are in them.
func TestAnswersAreNotStored(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	for _, path := range []string{"/tokens", "/nothing", "/scopes/x"} {
		if r := w.client.do(http.MethodGet, path, basic(w.ann), ""); r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", path, r.header)
		}
	}
}
