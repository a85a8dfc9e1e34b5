package token_test

import (
	"fmt"
	"testing"

	"github.com/pontage/pontage/storage/storagetest"
)

// provoke makes one failure of one operation.
type provoke func(w *lived) *reply

func asAnn(method, path, body string) provoke {
	return func(w *lived) *reply { return w.client.do(method, path, basic(w.ann), body) }
}

// onToken fills the id of a living token into the path.
func onToken(method, path, body string) provoke {
	return func(w *lived) *reply {
		return w.client.do(method, fmt.Sprintf(path, w.token.id()), basic(w.ann), body)
	}
}

const unknownID = "/65f0c0ffee0123456789abcd"

// failures has a way to every number of the contract, by operation.
var failures = map[string]map[int][]provoke{
	"POST /tokens": {
		70: {asAnn("POST", "/tokens", `{}`), asAnn("POST", "/tokens", ``), asAnn("POST", "/tokens", `{"name":7,"ttl":"x"}`)},
		80: {asAnn("POST", "/tokens", `{"scopes":"GET:company.example.com/IT-start"}`), asAnn("POST", "/tokens", `{"scopes":[7]}`),
			asAnn("POST", "/tokens", `{"scopes":["no scope"]}`), asAnn("POST", "/tokens", `{"scopes":null}`),
			asAnn("POST", "/tokens", `{"scopes":[""],"limits":{"totalRequests":-1}}`), asAnn("POST", "/tokens", `{"scopes":{}}`)},
		90: {asAnn("POST", "/tokens", `{"scopes":["GET:company.example.com/none"]}`), asAnn("POST", "/tokens", `{"scopes":["GET:company.example.com/IT-full"]}`),
			asAnn("POST", "/tokens", `{"scopes":[]}`)},
	},
	"GET /tokens": {
		120: {asAnn("GET", "/tokens?id="+unknownID[1:], "")},
		60:  {asAnn("GET", "/tokens?id=x", ""), asAnn("GET", "/tokens?id=%00", "")},
	},
	"GET /tokens/{token}": {
		120: {asAnn("GET", "/tokens"+unknownID, "")},
		60:  {asAnn("GET", "/tokens/x", ""), asAnn("GET", "/tokens/..%2Fwallet", ""), asAnn("GET", "/tokens/%00", ""), asAnn("GET", "/tokens/", "")},
	},
	"PATCH /tokens/{token}": {
		150: {asAnn("PATCH", "/tokens/", "{}"), asAnn("PATCH", "/tokens/", "")},
		130: {
			func(w *lived) *reply {
				return w.client.do("PATCH", "/tokens"+unknownID, bearer(*w.token.RefreshToken), "")
			},
			func(w *lived) *reply {
				return w.client.do("PATCH", "/tokens/"+w.token.id(), bearer(*w.token.RefreshToken+"x"), "")
			},
		},
		140: {func(w *lived) *reply { return w.client.do("PATCH", "/tokens/"+w.token.id(), "", "{}") },
			func(w *lived) *reply { return w.client.do("PATCH", "/tokens/"+w.token.id(), bearer("nonsense"), "{}") }},
		160: {asAnn("PATCH", "/tokens"+unknownID, `{"name":"x"}`), asAnn("PATCH", "/tokens/x", "{}")},
		100: {onToken("PATCH", "/tokens/%s", `{"scopes":"x"}`), onToken("PATCH", "/tokens/%s", `{"scopes":[null]}`), onToken("PATCH", "/tokens/%s", `{"scopes":["x"]}`)},
		110: {onToken("PATCH", "/tokens/%s", `{"scopes":["GET:nowhere.example.com/x"]}`)},
	},
	"DELETE /tokens/{token}": {
		170: {asAnn("DELETE", "/tokens/", "")},
		180: {asAnn("DELETE", "/tokens"+unknownID, ""), asAnn("DELETE", "/tokens/x", "")},
	},
	"GET /errors":    {190: badQueries("/errors")},
	"GET /callbacks": {210: badQueries("/callbacks"), 200: {asAnn("GET", "/callbacks?id=cbk_none", ""), asAnn("GET", "/callbacks?id=%20", "")}},
	"GET /callbacks/{id}": {
		200: {asAnn("GET", "/callbacks/cbk_none", ""), asAnn("GET", "/callbacks/%00", ""), asAnn("GET", "/callbacks/", "")},
	},
	"GET /subscriptions": {230: badQueries("/subscriptions"), 220: {asAnn("GET", "/subscriptions?id=sub_none", "")}},
	"GET /subscriptions/{id}": {
		220: {asAnn("GET", "/subscriptions/sub_none", ""), asAnn("GET", "/subscriptions/%C3%A9", ""), asAnn("GET", "/subscriptions/", "")},
	},
	"GET /scopes/{id}":         {10: {asAnn("GET", "/scopes/sco_none", ""), asAnn("GET", "/scopes/%00", ""), asAnn("GET", "/scopes/", "")}},
	"GET /stats":               {240: badDates("/stats")},
	"GET /stats/ips":           {240: badDates("/stats/ips")},
	"GET /stats/apis":          {240: badDates("/stats/apis")},
	"GET /stats/apis/{domain}": {240: badDates("/stats/apis/company.example.com")},
}

func badQueries(path string) []provoke {
	var all []provoke
	for _, query := range []string{"limit=101", "limit=0", "limit=-1", "limit=x", "limit=1.5", "skip=-1", "skip=x", "limit=1&limit=2",
		"scopes=nonsense", "scopes=GET:none.example.com/x", "scopes=%00", "limit=99999999999999999999", "skip=9223372036854775808"} {
		all = append(all, asAnn("GET", path+"?"+query, ""))
	}
	return all
}

func badDates(path string) []provoke {
	var all []provoke
	for _, date := range []string{"x", "26", "2026-13", "2026-11-31", "2026-1", "2026-11-20T00:00:00Z", "2026-11-20%00", "٢٠٢٦"} {
		all = append(all, asAnn("GET", path+"?date="+date, ""))
	}
	return all
}

// Clients match on the number and the text: each failure of the contract can be made, and has both.
func TestEveryDocumentedNumberIsReached(t *testing.T) {
	wire := theContract(t)
	w := newLived(t, storagetest.Open(t, storagetest.SQLite(t)))
	numbers := map[int]bool{}
	for name, operation := range wire.operations {
		for _, f := range operation.failures {
			if f.number >= 1000 {
				continue // common to all operations, see TestOurOwnNumbers
			}
			ways := failures[name][f.number]
			if len(ways) == 0 {
				t.Errorf("%s: nothing makes %+v", name, f)
			}
			for i, way := range ways {
				t.Run(fmt.Sprintf("%s %d way %d", name, f.number, i), func(t *testing.T) {
					w.client.t = t
					w.t = t
					way(w).fails(f.status, f.number, f.message)
				})
			}
			numbers[f.number] = true
		}
	}
	t.Logf("%d numbers", len(numbers))
}
