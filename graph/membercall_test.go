package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// worker is bob with a role of their own on ann's client, which has a token with two calls: one paid, one refused.
type worker struct {
	*world
	*seeded
	cookie, role                      string
	bearer, refreshToken, clientToken string
	paid, refusal                     pontage.CallID
}

func (w *world) worker() *worker {
	w.Helper()
	b := &worker{world: w, seeded: w.seed(w.ann)}
	made := w.data(w.ann.basic(), `mutation($c:ID!,$s:[String!]!){createToken(input:{clientId:$c,scopes:$s}){bearer refreshToken token{id}}}`,
		map[string]any{"c": b.client, "s": []string{startScope}})
	b.bearer, b.refreshToken, b.clientToken = made.text("createToken.bearer"), made.text("createToken.refreshToken"), made.text("createToken.token.id")
	for range 3 { // until the subscription is used up
		w.call(b.seeded.bearer, "GET", "/IT-start/7", 200)
	}
	b.paid, b.refusal = w.call(b.bearer, "GET", "/IT-start/7", 200).CallID, w.call(b.bearer, "POST", "/IT-search", 200).CallID
	b.role = w.newRole(w.ann.basic(), b.client, "worker", 40).text("createRole.role.id")
	b.cookie, _ = w.join(w.bob, b.client, b.role)
	return b
}

// hold gives bob's role exactly these permissions.
func (b *worker) hold(permissions ...string) {
	b.Helper()
	b.data(b.ann.basic(), `mutation($r:ID!,$p:[Permission!]!){updateRole(input:{id:$r,permissions:$p}){role{id}}}`, map[string]any{"r": b.role, "p": append([]string{}, permissions...)})
}

// What is free of a scope is the account's whose client it is, whoever looks.
func TestAMemberSeesTheFreeCallsOfTheClient(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.worker()
		b.hold("CLIENT_READ", "SCOPE_READ")
		const look = `query($c:ID!,$h:String!){client(id:$c){scopes(filter:{host:$h}){nodes{id scope{name freeCalls{window used left}}}}} scopes(filter:{host:$h}){nodes{name freeCalls{window used left}}}}`
		in := map[string]any{"c": b.client, "h": apiHost}
		used := func() string {
			must(t, w.catalog.FulfilRequirement(t.Context(), pontage.Operator(), w.ann.id, "contract"))
			bearer := w.data(w.ann.basic(), `mutation($s:[String!]!){createToken(input:{scopes:$s}){bearer}}`, map[string]any{"s": []string{searchScope}}).text("createToken.bearer")
			w.call(bearer, "POST", "/IT-search", 200)
			return `"freeCalls":[{"window":"DAY","used":1,"left":0},{"window":"TOTAL","used":1,"left":6}]`
		}()
		hers, his := w.data(w.ann.basic(), look, in), w.data(b.cookie, look, in)
		if !same(hers.get("client"), his.get("client")) || strings.Count(hers.Raw, used) != 2 || strings.Count(his.Raw, used) != 1 {
			t.Errorf("%s\n%s", hers.Raw, his.Raw)
		}
		id := ""
		for _, n := range his.get("client.scopes.nodes").([]any) {
			if at(n, "scope.name") == searchScope {
				id = at(n, "id").(string)
			}
		}
		if r := w.data(b.cookie, `query($i:ID!){node(id:$i){...on ClientScope{scope{freeCalls{window used left}}}}}`, map[string]any{"i": id}); strings.Count(r.Raw, used) != 1 {
			t.Errorf("%s", r.Raw)
		}
	})
}

// Whoever looks after a client opens its calls and no other of the account's, and sees what lies in the wallet only where that is theirs to see.
func TestAMemberOpensTheCallsOfTheClient(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.worker()
		const open = `query($i:ID!){call(id:$i){id state clientId charged checks{name before unit}} node(id:$i){id ...on Call{checks{name before}}}}`
		b.hold("CLIENT_READ")
		wantRefusal(t, "without CALL_READ", w.ask(b.cookie, `query($i:ID!){call(id:$i){id}}`, map[string]any{"i": b.paid}), "FORBIDDEN", "")
		wantRefusal(t, "without CALL_READ, as a node", w.ask(b.cookie, `query($i:ID!){node(id:$i){id}}`, map[string]any{"i": b.paid}), "NOT_FOUND", "id")
		for _, sees := range []bool{false, true} {
			b.hold("CALL_READ")
			if sees {
				b.hold("CALL_READ", "WALLET_READ")
			}
			r := w.data(b.cookie, open, map[string]any{"i": b.paid})
			if r.get("call.state") != "SETTLED" || r.get("call.clientId") != b.client || r.get("node.id") != string(b.paid) {
				t.Errorf("%s", r.Raw)
			}
			for _, place := range []string{"call.checks", "node.checks"} {
				shown := ""
				for _, c := range r.get(place).([]any) {
					if c := c.(map[string]any); c["name"] == "wallet" {
						shown, _ = c["before"].(string)
					}
				}
				if (shown != "") != sees {
					t.Errorf("sees the wallet: %t, %s shows %q", sees, place, shown)
				}
			}
			if r := w.data(b.cookie, open, map[string]any{"i": b.refusal}); r.get("call.state") != "REFUSED" {
				t.Errorf("%s", r.Raw)
			}
			for _, foreign := range []pontage.CallID{b.charged, b.failed, b.refused, pontage.NewCallID(w.clock.Now())} {
				wantRefusal(t, "a call of the account's own token", w.ask(b.cookie, `query($i:ID!){call(id:$i){id}}`, map[string]any{"i": foreign}), "NOT_FOUND", "id")
				wantRefusal(t, "the same as a node", w.ask(b.cookie, `query($i:ID!){node(id:$i){id}}`, map[string]any{"i": foreign}), "NOT_FOUND", "id")
			}
		}
	})
}

// A transaction of the wallet opens to who may see both wallet and calls, and then to the calls of the client alone; so do the subscriptions.
func TestAMemberDrillsDownToTheCallsOfTheClient(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.worker()
		const drill = `query($i:ID!,$c:ID!){transactionCalls(id:$i,clientId:$c,first:1){nodes{id} pageInfo{hasNextPage}} transaction(id:$i,clientId:$c){id amount} subscriptions(clientId:$c){nodes{id}}}`
		in := map[string]any{"i": b.usage, "c": b.client}
		for _, folded := range []bool{false, true} {
			if folded {
				_, err := w.store.Fold(t.Context(), 1000, meter.Fold)
				must(t, err)
			}
			b.hold("WALLET_READ", "CALL_READ")
			r := w.data(b.cookie, drill, in)
			if page := r.get("transactionCalls.nodes").([]any); len(page) != 1 || at(page[0], "id") != string(b.paid) || r.get("transactionCalls.pageInfo.hasNextPage") != false {
				t.Errorf("folded %t: %s", folded, r.Raw)
			}
			if r.get("transaction.id") != b.usage || r.get("subscriptions.nodes.0.id") != b.subscription {
				t.Errorf("%s", r.Raw)
			}
			old := w.data(w.ann.basic(), `query($i:ID!){all:transactionCalls(id:$i,order:OLDEST_FIRST,first:1){nodes{id} pageInfo{endCursor}} call:call(id:"`+string(b.paid)+`"){scope{id}}}`, in)
			rest := w.data(w.ann.basic(), `query($i:ID!,$a:String){all:transactionCalls(id:$i,order:OLDEST_FIRST,first:5,after:$a){nodes{id}}}`, map[string]any{"i": b.usage, "a": old.get("all.pageInfo.endCursor")})
			back := w.data(w.ann.basic(), `query($i:ID!){all:transactionCalls(id:$i){nodes{id}}}`, in)
			if old.get("all.nodes.0.id") != back.get("all.nodes.1.id") || rest.get("all.nodes.0.id") != back.get("all.nodes.0.id") || len(rest.get("all.nodes").([]any)) != 1 {
				t.Errorf("%s\n%s\n%s", old.Raw, rest.Raw, back.Raw)
			}
			narrow := w.data(w.ann.basic(), `query($i:ID!,$s:ID!){scope:transactionCalls(id:$i,filter:{scopeId:$s}){nodes{id}} none:transactionCalls(id:$i,filter:{scopeId:$s,token:"lin_x"}){nodes{id}}}`,
				map[string]any{"i": b.usage, "s": old.get("call.scope.id")})
			if len(narrow.get("scope.nodes").([]any)) != 2 || len(narrow.get("none.nodes").([]any)) != 0 {
				t.Errorf("%s", narrow.Raw)
			}
			hers := w.data(w.ann.basic(), `query($i:ID!,$c:ID!){all:transactionCalls(id:$i){nodes{id}} its:transactionCalls(id:$i,clientId:$c){nodes{id}}}`, in)
			if len(hers.get("all.nodes").([]any)) != 2 || len(hers.get("its.nodes").([]any)) != 1 {
				t.Errorf("%s", hers.Raw)
			}
		}
		other := w.data(w.ann.basic(), `mutation{createClient(input:{name:"other"}){client{id}}}`, nil).text("createClient.client.id")
		for name, field := range map[string]string{
			"transactionCalls": "transactionCalls(id:$i,clientId:$c){nodes{id}}", "transaction": "transaction(id:$i,clientId:$c){id}",
			"subscription": "subscription(id:$i,clientId:$c){id}", "subscriptions": "subscriptions(clientId:$c){nodes{id scopeName} edges{cursor}}",
		} {
			query := "query($i:ID!,$c:ID!){" + field + "}"
			if name == "subscriptions" {
				query = "query($c:ID!){" + field + "}"
			}
			b.hold("CALL_READ")
			wantRefusal(t, name, w.ask(b.cookie, query, in), "FORBIDDEN", "")
			b.hold("CALL_READ", "WALLET_READ")
			strange, unknown := w.ask(b.cookie, query, map[string]any{"i": b.usage, "c": other}), w.ask(b.cookie, query, map[string]any{"i": b.usage, "c": pontage.NewClientID(w.clock.Now())})
			if strange.code() != "NOT_FOUND" || !same(strange.Data, unknown.Data) || strange.Errors[0].Message != unknown.Errors[0].Message {
				t.Errorf("%s of another client: %s\n%s", name, strange.Raw, unknown.Raw)
			}
		}
		b.hold("WALLET_READ")
		wantRefusal(t, "calls without CALL_READ", w.ask(b.cookie, `query($i:ID!,$c:ID!){transactionCalls(id:$i,clientId:$c){nodes{id}}}`, in), "FORBIDDEN", "")
		wantRefusal(t, "without the client", w.ask(b.cookie, `query($i:ID!){transactionCalls(id:$i){nodes{id}}}`, in), "NOT_FOUND", "id")
	})
}

// A quote for a client's token decides as the account's call would be, and keeps the account's money to itself.
func TestAMemberAsksWhatACallWouldBeDecided(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.worker()
		const ask = `query($i:ID!,$u:URL!){quote(input:{token:$i,method:"GET",url:$u}){admitted payer charged left checks{name before}}}`
		in := map[string]any{"i": b.clientToken, "u": "https://" + apiHost + "/IT-start/7"}
		wallet := func() string {
			for _, c := range w.data(b.cookie, ask, in).get("quote.checks").([]any) {
				if c := c.(map[string]any); c["name"] == "wallet" && c["before"] != nil {
					return c["before"].(string)
				}
			}
			return ""
		}
		b.hold("TOKEN_READ")
		if r := w.data(b.cookie, ask, in); r.get("quote.admitted") != true || wallet() != "" {
			t.Errorf("%s", r.Raw)
		}
		b.hold("TOKEN_READ", "WALLET_READ")
		if wallet() == "" {
			t.Errorf("who may see the wallet does not")
		}
		b.hold("CALL_READ")
		wantRefusal(t, "without TOKEN_READ", w.ask(b.cookie, ask, in), "FORBIDDEN", "/input/token")
		wantRefusal(t, "of another token", w.ask(b.cookie, ask, map[string]any{"i": b.token, "u": in["u"]}), "NOT_FOUND", "/input/token")
	})
}

// Who looks after a client's tokens rotates and ends them; who may not, loses nothing by trying.
func TestAMemberRotatesTheTokensOfTheClient(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.worker()
		const rotate = `mutation($r:String!){rotateToken(input:{refreshToken:$r}){bearer refreshToken token{id}}}`
		in := map[string]any{"r": b.refreshToken}
		b.hold("TOKEN_READ")
		wantRefusal(t, "without TOKEN_WRITE", w.ask(b.cookie, rotate, in), "FORBIDDEN", "")
		b.hold("TOKEN_WRITE")
		wantRefusal(t, "of the account's own token", w.ask(b.cookie, rotate, map[string]any{"r": b.refresh}), "UNAUTHENTICATED", "/input/refreshToken")
		w.clock.Advance(time.Second)
		made := w.data(b.cookie, rotate, in)
		if made.get("rotateToken.token.id") != b.clientToken || !w.call(made.text("rotateToken.bearer"), "GET", "/IT-start/7", 200).Admitted {
			t.Errorf("%s", made.Raw)
		}
		log := w.data(w.ann.basic(), `query($c:ID!){auditLog(filter:{clientId:$c,action:"token.rotate"}){nodes{actor actorId}}}`, map[string]any{"c": b.client})
		if log.get("auditLog.nodes.0.actor") != "USER" || log.get("auditLog.nodes.0.actorId") != w.data(b.cookie, "{me{id}}", nil).get("me.id") {
			t.Errorf("%s", log.Raw)
		}
		b.hold("TOKEN_READ", "TOKEN_WRITE")
		w.data(b.cookie, `mutation($i:ID!){revokeToken(input:{id:$i}){id}}`, map[string]any{"i": b.clientToken})
		if r := w.ask(b.cookie, rotate, map[string]any{"r": made.text("rotateToken.refreshToken")}); r.code() != "UNAUTHENTICATED" || strings.Contains(r.Raw, "bearer\":\"") {
			t.Errorf("after its end: %s", r.Raw)
		}
	})
}

// Who looks after a client hears of its failures, before and after they are folded, page by page, and of no other of the account's.
func TestAMemberSeesTheErrorsOfTheClient(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.worker()
		w.call(b.bearer, "GET", "/IT-start/9", 502)
		const list = `query($c:ID,$n:Int!,$a:String){errors(clientId:$c,first:$n,after:$a){nodes{id status code} pageInfo{endCursor hasNextPage}}}`
		b.hold("CALL_READ")
		for _, folded := range []bool{false, true} {
			if folded {
				_, err := w.store.Fold(t.Context(), 1000, meter.Fold)
				must(t, err)
			}
			whole := w.data(b.cookie, list, map[string]any{"c": b.client, "n": 10})
			page := w.data(b.cookie, list, map[string]any{"c": b.client, "n": 1})
			rest := w.data(b.cookie, list, map[string]any{"c": b.client, "n": 1, "a": page.get("errors.pageInfo.endCursor")})
			if nodes := whole.get("errors.nodes").([]any); len(nodes) != 2 || at(nodes[0], "code") != "BAD_GATEWAY" || at(nodes[1], "code") != "SCOPE_MISSING" ||
				page.get("errors.nodes.0.id") != at(nodes[0], "id") || rest.get("errors.nodes.0.id") != at(nodes[1], "id") || rest.get("errors.pageInfo.hasNextPage") != false {
				t.Errorf("folded %t: %s\n%s\n%s", folded, whole.Raw, page.Raw, rest.Raw)
			}
			hers := w.data(w.ann.basic(), list, map[string]any{"n": 10})
			if len(hers.get("errors.nodes").([]any)) != 4 || len(w.data(b.cookie, list, map[string]any{"n": 10}).get("errors.nodes").([]any)) != 0 {
				t.Errorf("folded %t: %s", folded, hers.Raw)
			}
		}
		b.hold("CLIENT_READ", "WALLET_READ", "STATISTICS_READ")
		wantRefusal(t, "without CALL_READ", w.ask(b.cookie, list, map[string]any{"c": b.client, "n": 1}), "FORBIDDEN", "")
		wantRefusal(t, "an unknown client", w.ask(b.cookie, list, map[string]any{"c": pontage.NewClientID(w.clock.Now()), "n": 1}), "NOT_FOUND", "")
	})
}
