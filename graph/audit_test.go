package graph_test

import (
	"testing"
	"time"
)

// Whatever was done to an account is in its log, with who, what, from where and what differed; nobody else finds it.
func TestTheAuditLogSaysWhoDidWhat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.clock.Advance(time.Second)
		cookie := w.enter(w.ann)
		made := w.ask(cookie, `mutation{createAPIKey(input:{label:"till"}){apiKey{id}}}`, nil, "User-Agent", "tester/1", "X-Forwarded-For", "192.0.2.77")
		id := made.get("createAPIKey.apiKey.id")
		const ask = `query($f:AuditFilter){auditLog(filter:$f){nodes{id actor actorId action target clientId createdAt address userAgent requestId before{name value} after{name value}}}}`
		r := w.data(cookie, ask, map[string]any{"f": map[string]any{"target": id}})
		entry, _ := r.get("auditLog.nodes.0").(map[string]any)
		me := w.data(cookie, "{me{id}}", nil).get("me.id")
		for name, want := range map[string]any{"actor": "USER", "actorId": me, "action": "api_key.create", "target": id, "address": "192.0.2.77", "userAgent": "tester/1",
			"requestId": made.Extensions.RequestID, "clientId": nil, "before": nil} {
			if !same(want, entry[name]) {
				t.Errorf("%s is %v, not %v: %s", name, entry[name], want, r.Raw)
			}
		}
		if r.get("auditLog.nodes.0.after.0.name") != "label" || r.get("auditLog.nodes.0.after.0.value") != "till" {
			t.Errorf("%s", r.Raw)
		}
		for name, c := range map[string]struct {
			filter map[string]any
			least  int
		}{
			"a noun": {map[string]any{"action": "api_key."}, 2}, "an action": {map[string]any{"action": "session.begin"}, 1}, "an actor": {map[string]any{"actorId": me}, 2},
			"a client": {map[string]any{"clientId": "cli_00000000000000000000000000"}, 0}, "nothing": {map[string]any{}, 4},
		} {
			if n := len(w.data(w.ann.basic(), ask, map[string]any{"f": c.filter}).get("auditLog.nodes").([]any)); n < c.least || c.least == 0 && n > 0 {
				t.Errorf("%s: %d entries", name, n)
			}
		}
		if r := w.data(w.bob.basic(), ask, map[string]any{"f": map[string]any{"target": id}}); len(r.get("auditLog.nodes").([]any)) != 0 {
			t.Errorf("another account: %s", r.Raw)
		}
		first := w.data(cookie, `{auditLog(first:1,order:OLDEST_FIRST){nodes{action} pageInfo{hasNextPage endCursor}}}`, nil)
		next := w.data(cookie, `query($a:String){auditLog(first:1,order:OLDEST_FIRST,after:$a){nodes{action}}}`, map[string]any{"a": first.get("auditLog.pageInfo.endCursor")})
		found := map[any]bool{first.get("auditLog.nodes.0.action"): true, next.get("auditLog.nodes.0.action"): true}
		if !found["account.create"] || !found["api_key.create"] { // both of the same moment
			t.Errorf("%s\n%s", first.Raw, next.Raw)
		}
	})
}
