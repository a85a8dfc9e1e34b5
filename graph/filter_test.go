package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// Who looks for a token finds it by client, name and whether it lives, sees who made it and when it was last used, page by page.
func TestTokensAreFilteredAndSayWhoMadeThem(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		create := func(by, name string, ttl int) string {
			w.clock.Advance(time.Second)
			r := w.data(by, `mutation($s:[String!]!,$n:String!,$t:Int){createToken(input:{name:$n,scopes:$s,ttlSeconds:$t}){bearer token{id}}}`,
				map[string]any{"s": []string{startScope, "POST:" + platformHost + "/tokens"}, "n": name, "t": ttl})
			return r.text("createToken.token.id") + " " + r.text("createToken.bearer")
		}
		cookie := w.enter(w.ann)
		person, _, _ := strings.Cut(create(cookie, "Till_1", 3600), " ")
		short, _, _ := strings.Cut(create(w.ann.basic(), "till%2", 60), " ")
		key, bearer, _ := strings.Cut(create(w.ann.basic(), "shop", 3600), " ")
		given, _, _ := strings.Cut(create(bearer, "given", 1800), " ")
		c := w.data(w.ann.basic(), `mutation{createClient(input:{name:"c"}){client{id}}}`, nil).text("createClient.client.id")
		secret := w.data(w.ann.basic(), `mutation($c:ID!){createClientSecret(input:{clientId:$c}){text}}`, map[string]any{"c": c}).text("createClientSecret.text")
		w.clock.Advance(time.Second)
		w.clientToken(c, secret, "of a client")
		w.clock.Advance(2 * time.Minute)

		names := func(filter string) string {
			var all []string
			for after := "null"; ; {
				r := w.data(w.ann.basic(), "{tokens(first:2,order:OLDEST_FIRST,after:"+after+",filter:{"+filter+"}){nodes{name} pageInfo{hasNextPage endCursor}}}", nil)
				for _, n := range r.get("tokens.nodes").([]any) {
					all = append(all, at(n, "name").(string))
				}
				if r.get("tokens.pageInfo.hasNextPage") != true {
					return strings.Join(all, ",")
				}
				after = `"` + r.text("tokens.pageInfo.endCursor") + `"`
			}
		}
		for filter, want := range map[string]string{
			"":                          "Till_1,till%2,shop,given,of a client",
			`name:"TILL"`:               "Till_1,till%2",
			`name:"_"`:                  "Till_1",
			`name:"%"`:                  "till%2",
			"active:true":               "Till_1,shop,given,of a client",
			"active:false":              "till%2",
			"clientId:null":             "Till_1,till%2,shop,given",
			`clientId:"` + c + `"`:      "of a client",
			`clientId:"cli_x"`:          "",
			`clientId:null,name:"shop"`: "shop",
		} {
			if got := names(filter); got != want {
				t.Errorf("%s: %s, want %s", filter, got, want)
			}
		}
		me := w.data(cookie, "{me{id}}", nil).text("me.id")
		for id, want := range map[string]string{person: "USER " + me, given: "TOKEN " + key, short: "ACCOUNT"} {
			r := w.data(w.ann.basic(), "query($i:ID!){token(id:$i){lastUsedAt createdBy{actor actorId}}}", map[string]any{"i": id})
			if got := fmt.Sprint(r.get("token.createdBy.actor"), " ", r.get("token.createdBy.actorId")); !strings.HasPrefix(got, want) || r.get("token.lastUsedAt") != nil {
				t.Errorf("%s was made by %s, want %s: %s", id, got, want, r.Raw)
			}
		}
	})
}

// A bookkeeper asks for what they need: kinds, a month, and both.
func TestTransactionsAreFiltered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.credit(w.ann, "1")
		w.clock.Advance(40 * 24 * time.Hour)
		w.credit(w.ann, "2")
		bearer := w.data(w.ann.basic(), `mutation($s:[String!]!){createToken(input:{scopes:$s}){bearer}}`, map[string]any{"s": []string{startScope}}).text("createToken.bearer")
		w.call(bearer, "GET", "/IT-start/1", 200)
		middle := w.clock.Now().Add(-24 * time.Hour).Format(time.RFC3339)
		for filter, want := range map[string]string{
			"":                                     "2 -0.05 1",
			"kinds:[USAGE]":                        "-0.05",
			"kinds:[TOP_UP]":                       "2 1",
			"kinds:[]":                             "",
			"kinds:[PLAN]":                         "",
			`from:"` + middle + `"`:                "2 -0.05",
			`until:"` + middle + `"`:               "1",
			`kinds:[TOP_UP],from:"` + middle + `"`: "2",
			`kinds:[USAGE],until:"` + middle + `"`: "",
			`kinds:[USAGE,TOP_UP]`:                 "2 -0.05 1",
		} {
			r := w.data(w.ann.basic(), "{transactions(filter:{"+filter+"}){nodes{amount}}}", nil)
			got := map[string]bool{}
			n := 0
			for _, line := range r.get("transactions.nodes").([]any) {
				got[at(line, "amount").(string)] = true
				n++
			}
			if n != len(strings.Fields(want)) {
				t.Errorf("%s: %s, want %s", filter, r.Raw, want)
			}
			for amount := range strings.FieldsSeq(want) {
				if !got[amount] {
					t.Errorf("%s: %s, want %s", filter, r.Raw, want)
				}
			}
		}
	})
}

// What is free of a scope shows what is left of it and when it begins anew.
func TestFreeCallsSayWhatIsLeft(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.catalog.FulfilRequirement(t.Context(), pontage.Operator(), w.ann.id, "contract"))
		look := func() *reply {
			return w.data(w.ann.basic(), `{scopes(first:100,filter:{host:"`+apiHost+`"}){nodes{name freeCalls{window limit used left resetsAt}}}}`, nil)
		}
		const fresh, used = `[{"window":"DAY","limit":1,"used":0,"left":1,"resetsAt":"2026-11-21T00:00:00Z"},{"window":"TOTAL","limit":7,"used":0,"left":7,"resetsAt":null}]`,
			`[{"window":"DAY","limit":1,"used":1,"left":0,"resetsAt":"2026-11-21T00:00:00Z"},{"window":"TOTAL","limit":7,"used":1,"left":6,"resetsAt":null}]`
		if r := look(); !strings.Contains(r.Raw, fresh) || !strings.Contains(r.Raw, `"freeCalls":[]`) {
			t.Errorf("%s", r.Raw)
		}
		bearer := w.data(w.ann.basic(), `mutation($s:[String!]!){createToken(input:{scopes:$s}){bearer}}`, map[string]any{"s": []string{searchScope}}).text("createToken.bearer")
		w.call(bearer, "POST", "/IT-search", 200)
		if r := look(); !strings.Contains(r.Raw, used) {
			t.Errorf("%s", r.Raw)
		}
	})
}
