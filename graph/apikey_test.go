package graph_test

import (
	"fmt"
	"testing"
	"time"
)

// A key is made, used, listed and ended by the account alone, and its text is shown once.
func TestAPIKeysLiveAndEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made := w.data(w.ann.basic(), `mutation{createAPIKey(input:{label:"laptop"}){text apiKey{id label createdAt expiresAt revokedAt}}}`, nil)
		id, text := made.text("createAPIKey.apiKey.id"), made.text("createAPIKey.text")
		fresh := w.ann.email + ":" + text
		if w.data(fresh, "{viewer{id}}", nil).get("viewer.id") != string(w.ann.id) || made.text("createAPIKey.apiKey.label") != "laptop" {
			t.Fatal(made.Raw)
		}
		for _, who := range []person{w.bob} {
			r := w.ask(who.basic(), `mutation($id:ID!){revokeAPIKey(input:{id:$id}){id}}`, map[string]any{"id": id})
			unknown := w.ask(who.basic(), `mutation($id:ID!){revokeAPIKey(input:{id:$id}){id}}`, map[string]any{"id": "key_00000000000000000000000000"})
			if r.code() != "NOT_FOUND" || fmt.Sprint(r.Errors) != fmt.Sprint(unknown.Errors) {
				t.Errorf("another one's key: %s, an unknown one: %s", r.Raw, unknown.Raw)
			}
		}
		w.data(fresh, `mutation($id:ID!){revokeAPIKey(input:{id:$id}){id}}`, map[string]any{"id": id})
		if r := w.ask(fresh, "{viewer{id}}", nil); r.Status != 401 {
			t.Errorf("the key goes on: %d", r.Status)
		}
		active := w.data(w.ann.basic(), `{apiKeys(filter:{active:true}){nodes{id}}}`, nil)
		ended := w.data(w.ann.basic(), `{apiKeys(filter:{active:false}){nodes{id revokedAt}}}`, nil)
		if len(active.get("apiKeys.nodes").([]any)) != 1 || ended.get("apiKeys.nodes.0.id") != id || ended.text("apiKeys.nodes.0.revokedAt") == "" {
			t.Errorf("%s %s", active.Raw, ended.Raw)
		}
		if r := w.ask(w.ann.basic(), fmt.Sprintf(`mutation{createAPIKey(input:{label:"%s"}){text}}`, make([]byte, 0)), nil); r.code() != "" {
			t.Errorf("an empty label: %s", r.Raw)
		}
		long := w.ask(w.ann.basic(), `mutation($l:String!){createAPIKey(input:{label:$l}){text}}`, map[string]any{"l": string(make([]byte, 300))})
		if long.code() != "INVALID_INPUT" || long.Errors[0].Extensions.Field != "/input/label" {
			t.Errorf("a label of 300 NULs: %s", long.Raw)
		}
	})
}

// Pages follow each other without a gap in both orders, and a cursor is good for its own list alone.
func TestPagesOfAList(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 4 {
			if i%2 == 0 {
				w.clock.Advance(time.Second)
			}
			w.data(w.ann.basic(), `mutation{createAPIKey(input:{label:"k"}){text}}`, nil)
		}
		var orders [2][]string
		for i, order := range []string{"NEWEST_FIRST", "OLDEST_FIRST"} {
			variables := map[string]any{"o": order}
			for more := true; more; {
				r := w.data(w.ann.basic(), `query($a:String,$o:Order!){apiKeys(first:2,after:$a,order:$o){edges{cursor node{id}} nodes{id} pageInfo{hasNextPage endCursor}}}`, variables)
				for _, n := range r.get("apiKeys.nodes").([]any) {
					orders[i] = append(orders[i], n.(map[string]any)["id"].(string))
				}
				more, variables["a"] = r.get("apiKeys.pageInfo.hasNextPage").(bool), r.get("apiKeys.pageInfo.endCursor")
			}
		}
		if len(orders[0]) != 5 {
			t.Fatalf("%v", orders)
		}
		for i, id := range orders[0] {
			if orders[1][4-i] != id {
				t.Fatalf("%v", orders)
			}
		}
		cursor := w.data(w.ann.basic(), `{apiKeys(first:2){pageInfo{endCursor}}}`, nil).get("apiKeys.pageInfo.endCursor")
		for name, r := range map[string]*reply{
			"another account": w.ask(w.bob.basic(), `query($a:String){apiKeys(after:$a){nodes{id}}}`, map[string]any{"a": cursor}),
			"another order":   w.ask(w.ann.basic(), `query($a:String){apiKeys(after:$a,order:OLDEST_FIRST){nodes{id}}}`, map[string]any{"a": cursor}),
			"another filter":  w.ask(w.ann.basic(), `query($a:String){apiKeys(after:$a,filter:{active:true}){nodes{id}}}`, map[string]any{"a": cursor}),
			"a forgery":       w.ask(w.ann.basic(), `{apiKeys(after:"AAAA"){nodes{id}}}`, nil),
		} {
			if r.code() != "INVALID_INPUT" || r.Errors[0].Extensions.Field != "after" {
				t.Errorf("%s: %s", name, r.Raw)
			}
		}
		for _, first := range []string{"0", "101", "-1"} {
			if r := w.ask(w.ann.basic(), `{apiKeys(first:`+first+`){nodes{id}}}`, nil); r.code() != "INVALID_INPUT" || r.Errors[0].Extensions.Field != "first" {
				t.Errorf("first %s: %s", first, r.Raw)
			}
		}
	})
}

// A key is replaced without a gap, also where the answer got lost: both work until the overlap is over, then only the new one.
func TestAnAPIKeyIsRotatedWithAnOverlap(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ends := w.clock.Now().Add(48 * time.Hour).Format(time.RFC3339)
		made := w.data(w.ann.basic(), `mutation($e:DateTime){createAPIKey(input:{label:"till",expiresAt:$e}){text apiKey{id expiresAt lastUsedAt}}}`, map[string]any{"e": ends})
		if made.get("createAPIKey.apiKey.expiresAt") != ends || made.get("createAPIKey.apiKey.lastUsedAt") != nil {
			t.Fatal(made.Raw)
		}
		old := w.ann.email + ":" + made.text("createAPIKey.text")
		w.data(old, "{viewer{id}}", nil)
		const rotate = `mutation($i:ID!,$o:Int!){rotateAPIKey(input:{id:$i,overlapSeconds:$o}){text apiKey{id label expiresAt} replaced{id expiresAt lastUsedAt}}}`
		in := map[string]any{"i": made.get("createAPIKey.apiKey.id"), "o": 3600}
		r := w.ask(w.ann.basic(), rotate, in, key, "rotate")
		again := w.ask(w.ann.basic(), rotate, in, key, "rotate")
		if r.code() != "" || r.text("rotateAPIKey.text") != again.text("rotateAPIKey.text") || r.get("rotateAPIKey.apiKey.label") != "till" ||
			r.get("rotateAPIKey.replaced.id") != in["i"] || r.text("rotateAPIKey.replaced.lastUsedAt") == "" || r.get("rotateAPIKey.apiKey.expiresAt") != ends {
			t.Fatalf("%s\n%s", r.Raw, again.Raw)
		}
		fresh := w.ann.email + ":" + r.text("rotateAPIKey.text")
		w.data(old, "{viewer{id}}", nil)
		w.data(fresh, "{viewer{id}}", nil)
		w.clock.Advance(time.Hour)
		if r := w.ask(old, "{viewer{id}}", nil); r.Status != 401 {
			t.Errorf("the old key goes on: %d", r.Status)
		}
		w.data(fresh, "{viewer{id}}", nil)
		for overlap, id := range map[int]any{31 * 24 * 3600: r.get("rotateAPIKey.apiKey.id"), -1: r.get("rotateAPIKey.apiKey.id")} {
			if r := w.ask(w.ann.basic(), rotate, map[string]any{"i": id, "o": overlap}); r.code() != "INVALID_INPUT" || r.Errors[0].Extensions.Field != "/input/overlapSeconds" {
				t.Errorf("%d: %s", overlap, r.Raw)
			}
		}
		used := w.data(w.ann.basic(), `{apiKeys(filter:{active:true}){nodes{id lastUsedAt}}}`, nil)
		if used.text("apiKeys.nodes.0.lastUsedAt") == "" || used.text("apiKeys.nodes.1.lastUsedAt") == "" {
			t.Errorf("%s", used.Raw)
		}
	})
}
