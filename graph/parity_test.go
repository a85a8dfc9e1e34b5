package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage/openapi/token"
)

const (
	tokenFields = `tokenId name scopes createdAt updatedAt expiresAt limits{totalRequests walletRequests subscriptionRequests walletAmount ip}
		usage{totalRequests walletRequests subscriptionRequests errorRequests walletAmount addresses}`
	tokenPairs = "token=tokenId name scopes createdAt updatedAt expireAt=expiresAt limits.totalRequests limits.walletRequests limits.subscriptionRequests" +
		" limits.walletAmount limits.ip stats.totalRequests=usage.totalRequests stats.walletRequests=usage.walletRequests" +
		" stats.subscriptionRequests=usage.subscriptionRequests stats.errorRequests=usage.errorRequests stats.walletAmount=usage.walletAmount stats.ip=usage.addresses"
	statFields = "totalRequests walletRequests subscriptionRequests errorRequests walletAmount"
)

// at walks down a path of names in what either door answered.
func at(v any, path string) any {
	r := reply{Data: map[string]any{"v": v}}
	return r.get("v." + path)
}

// has says whether there is a value, null or not: a name that neither door knows must not look like agreement.
func has(v any, path string) bool {
	parent, name := v, path
	if cut := strings.LastIndexByte(path, '.'); cut >= 0 {
		parent, name = at(v, path[:cut]), path[cut+1:]
	}
	object, ok := parent.(map[string]any)
	if !ok {
		return false
	}
	_, ok = object[name]
	return ok
}

// same compares values of both doors: numbers and amounts by their text, words without regard to case.
func same(rest, graph any) bool {
	text := func(v any) string {
		if v == nil || fmt.Sprint(v) == "" || fmt.Sprint(v) == "[]" {
			return "null"
		}
		return strings.ToLower(fmt.Sprint(v))
	}
	return text(rest) == text(graph)
}

// comparison collects what both doors answered to one capability.
type comparison struct {
	*world
	op    string
	pairs int
}

// equal compares pairs of paths, "rest=graph" or one name for both.
func (c *comparison) equal(rest, graph any, pairs string) {
	c.Helper()
	if rest == nil || graph == nil {
		c.Errorf("%s: REST %v, GraphQL %v", c.op, rest, graph)
		return
	}
	for pair := range strings.FieldsSeq(pairs) {
		left, right, renamed := strings.Cut(pair, "=")
		if !renamed {
			right = left
		}
		c.pairs++
		if !has(rest, left) || !has(graph, right) {
			c.Errorf("%s: there is no %s by REST or no %s by GraphQL", c.op, left, right)
		}
		if !same(at(rest, left), at(graph, right)) {
			c.Errorf("%s: %s is %v by REST, %s is %v by GraphQL", c.op, left, at(rest, left), right, at(graph, right))
		}
	}
}

// lists compares lists entry by entry.
func (c *comparison) lists(rest, graph any, pairs string) {
	c.Helper()
	left, right := rest.([]any), graph.([]any)
	if len(left) != len(right) || len(left) == 0 {
		c.Errorf("%s: %d entries by REST, %d by GraphQL", c.op, len(left), len(right))
		return
	}
	for i := range left {
		c.equal(left[i], right[i], pairs)
	}
}

func (c *comparison) read(p person, path string) any {
	c.Helper()
	data, status := c.restData(p.basic(), http.MethodGet, path, "")
	if status != http.StatusOK {
		c.Fatalf("%s: %s: %d", c.op, path, status)
	}
	return data
}

func (c *comparison) ask(query string, variables map[string]any, path string) any {
	c.Helper()
	return c.data(c.ann.basic(), query, variables).get(path)
}

// capabilities are the operations of the REST surface, each done through both doors.
var capabilities = map[string]func(c *comparison, s *seeded){
	"listTokens": func(c *comparison, _ *seeded) {
		c.lists(c.read(c.ann, "/tokens"), c.ask("{tokens(first:100){nodes{"+tokenFields+"}}}", nil, "tokens.nodes"), tokenPairs)
	},
	"getToken": func(c *comparison, s *seeded) {
		for _, reference := range []string{s.tokenID, s.bearer} {
			c.equal(c.read(c.ann, "/tokens/"+reference), c.ask("query($i:ID!){token(id:$i){"+tokenFields+"}}", map[string]any{"i": reference}, "token"), tokenPairs)
		}
	},
	"createToken": func(c *comparison, _ *seeded) {
		rest, _ := c.restData(c.ann.basic(), "POST", "/tokens", `{"name":"n","scopes":["*:company.example.com/*"],"ttl":3600,"limits":{"walletAmount":0.1234567,"ip":["::1"]}}`)
		graph := c.ask(`mutation{createToken(input:{name:"n",scopes:["*:company.example.com/*"],ttlSeconds:3600,limits:{walletAmount:"0.123457",ip:["::1"]}}){bearer refreshToken token{`+tokenFields+`}}}`, nil, "createToken")
		c.equal(rest, at(graph, "token"), strings.ReplaceAll(tokenPairs, "token=tokenId ", ""))
		if at(graph, "bearer") == nil || at(graph, "refreshToken") == nil || at(rest, "refreshToken") == nil {
			c.Errorf("%s: no texts: %v %v", c.op, rest, graph)
		}
	},
	"updateToken": func(c *comparison, s *seeded) {
		rest, _ := c.restData(c.ann.basic(), "PATCH", "/tokens/"+s.tokenID, `{"name":"changed","limits":{"totalRequests":null,"walletRequests":9}}`)
		graph := c.ask(`mutation($i:ID!){updateToken(input:{id:$i,name:"changed",limits:{totalRequests:null,walletRequests:9}}){token{`+tokenFields+`}}}`, map[string]any{"i": s.token}, "updateToken.token")
		c.equal(rest, graph, tokenPairs)
		first, _ := c.restData(s.refresh, "PATCH", "/tokens/"+s.tokenID, "")
		second := c.ask(`mutation($r:String!){rotateToken(input:{refreshToken:$r}){bearer refreshToken token{`+tokenFields+`}}}`, map[string]any{"r": at(first, "refreshToken")}, "rotateToken")
		c.equal(first, at(second, "token"), strings.ReplaceAll(tokenPairs, "token=tokenId ", ""))
		s.tokenID = at(second, "token.tokenId").(string)
		s.bearer = at(second, "bearer").(string)
	},
	"deleteToken": func(c *comparison, _ *seeded) {
		both := c.data(c.ann.basic(), `mutation($s:[String!]!){a:createToken(input:{scopes:$s}){token{id tokenId}} b:createToken(input:{scopes:$s}){token{id tokenId}}}`, map[string]any{"s": []string{startScope}})
		made, other := both.get("a.token"), both.get("b.token")
		if _, status := c.restData(c.ann.basic(), "DELETE", "/tokens/"+at(made, "tokenId").(string), ""); status != 200 {
			c.Errorf("REST: %d", status)
		}
		c.ask(`mutation($i:ID!){revokeToken(input:{id:$i}){id}}`, map[string]any{"i": at(other, "tokenId")}, "revokeToken.id")
		for _, one := range []any{made, other} {
			_, status := c.restData(c.ann.basic(), "GET", "/tokens/"+at(one, "tokenId").(string), "")
			r := c.world.ask(c.ann.basic(), `query($i:ID!){token(id:$i){id}}`, map[string]any{"i": at(one, "id")})
			if status != 404 || r.code() != "NOT_FOUND" {
				c.Errorf("%s: REST %d, GraphQL %s", c.op, status, r.Raw)
			}
		}
	},
	"listScopes": func(c *comparison, _ *seeded) {
		c.lists(c.read(c.ann, "/scopes"), c.ask("{scopes(first:100){nodes{id name method segment host enabled}}}", nil, "scopes.nodes"), "id scope=name method endpoint=segment domain=host enabled")
	},
	"getScope": func(c *comparison, _ *seeded) {
		for _, name := range []string{startScope, searchScope} {
			id := string(c.scopeID(name))
			graph := c.ask(`query($i:ID!){scope(id:$i){id name method segment host enabled price offers{name price} allowance{day month year total} ratePerMinute requirements{name fulfilled}}}`, map[string]any{"i": id}, "scope")
			rest := c.read(c.ann, "/scopes/"+id)
			c.equal(rest, graph, "id scope=name method endpoint=segment domain=host enabled prices.request=price")
			if fmt.Sprint(at(rest, "rate_limit")) != fmt.Sprint(at(graph, "ratePerMinute"))+"/min" && fmt.Sprint(at(rest, "rateLimit")) != fmt.Sprint(at(graph, "ratePerMinute"))+"/min" {
				c.Errorf("rates: %v %v", rest, graph)
			}
			if requirement := at(graph, "requirements.0"); requirement != nil {
				c.equal(rest, requirement, "requirements."+at(requirement, "name").(string)+"=fulfilled")
			}
		}
	},
	"getWallet": func(c *comparison, _ *seeded) {
		c.equal(c.read(c.ann, "/wallet"), c.ask("{wallet{credit createdAt updatedAt}}", nil, "wallet"), "credit createdAt updatedAt")
	},
	"listTransactions": func(c *comparison, _ *seeded) {
		c.lists(c.read(c.ann, "/wallet/transactions"), c.ask("{transactions(first:100){nodes{id amount createdAt description}}}", nil, "transactions.nodes"), "id amount createdAt description")
	},
	"getTransaction": func(c *comparison, s *seeded) {
		for _, id := range []string{s.usage, s.top} {
			rest := c.read(c.ann, "/wallet/transactions/"+id)
			graph := c.data(c.ann.basic(), "query($i:ID!){transaction(id:$i){id amount createdAt description kind} transactionCalls(id:$i){nodes{id charged createdAt scopeName}}}", map[string]any{"i": id})
			c.equal(rest, graph.get("transaction"), "id amount createdAt description kind")
			if id == s.usage {
				c.lists(at(rest, "calls"), graph.get("transactionCalls.nodes"), "id price=charged createdAt scope=scopeName")
			}
		}
	},
	"getCall": func(c *comparison, s *seeded) {
		for _, id := range []string{string(s.charged), string(s.failed), string(s.refused)} {
			rest := c.read(c.ann, "/calls/"+id)
			graph := c.ask(`query($i:ID!){call(id:$i){id state createdAt tokenId tokenName clientId address method host operation scopeName admitted code limit reason payer price charged
				subscriptionId transferId refundId checks{name passed limit before after unit window} outcomes{kind createdAt status microseconds code transferId}}}`, map[string]any{"i": id}, "call")
			c.equal(rest, graph, "id state createdAt token=tokenId tokenName client=clientId ip=address method domain=host operation scope=scopeName admitted code limit reason payer price"+
				" charged subscription=subscriptionId transfer=transferId refund=refundId")
			c.lists(at(rest, "checks"), at(graph, "checks"), "name passed limit before after unit window")
			if id != string(s.refused) {
				c.lists(at(rest, "outcomes"), at(graph, "outcomes"), "kind createdAt status microseconds code transfer=transferId")
			}
		}
	},
	"getStatistics": func(c *comparison, _ *seeded) {
		for _, period := range []string{"", "2026", "2026-11", "2026-11-20"} {
			graph := c.data(c.ann.basic(), "query($p:String!){statistics(period:$p){"+statFields+" addressCount} apis:statistics(period:$p,by:API){key}}", map[string]any{"p": period})
			rest := c.read(c.ann, "/stats?date="+period)
			c.equal(rest, graph.get("statistics.0"), statFields+" totalIps=addressCount")
			if n := len(graph.get("apis").([]any)); !same(at(rest, "totalApis"), n) {
				c.Errorf("%d APIs, %v", n, rest)
			}
		}
	},
	"listStatisticAddresses": func(c *comparison, _ *seeded) {
		graph := c.ask("{statistics{addresses}}", nil, "statistics.0.addresses")
		if rest := c.read(c.ann, "/stats/ips"); !same(rest, graph) || rest == nil {
			c.Errorf("%v %v", rest, graph)
		}
	},
	"listApiStatistics": func(c *comparison, _ *seeded) {
		rest := c.read(c.ann, "/stats/apis").(map[string]any)
		lines := c.ask("{statistics(by:API){key "+statFields+" addressCount}}", nil, "statistics").([]any)
		if len(rest) != len(lines) {
			c.Errorf("%d and %d", len(rest), len(lines))
		}
		for _, l := range lines {
			c.equal(rest[at(l, "key").(string)], l, statFields+" totalIps=addressCount")
		}
	},
	"getApiStatistics": func(c *comparison, _ *seeded) {
		rest := c.read(c.ann, "/stats/apis/"+apiHost)
		lines := c.ask(`query($h:String){statistics(by:SCOPE,host:$h){key `+statFields+` addresses}}`, map[string]any{"h": apiHost}, "statistics").([]any)
		scopes := at(rest, "scopes").(map[string]any)
		if len(scopes) != len(lines) || len(lines) == 0 {
			c.Errorf("%d and %d scopes", len(scopes), len(lines))
		}
		for _, l := range lines {
			c.equal(scopes[c.ask(`query($i:ID!){scope(id:$i){name}}`, map[string]any{"i": at(l, "key")}, "scope.name").(string)], l, statFields+" ip=addresses")
		}
	},
	"listSubscriptions": func(c *comparison, _ *seeded) {
		graph := c.ask(`query($s:[String!]){subscriptions(filter:{scopes:$s}){nodes{id scopeName active totalRequests usedRequests startsAt expiresAt}}}`, map[string]any{"s": []string{startScope}}, "subscriptions.nodes")
		c.lists(c.read(c.ann, "/subscriptions?scopes="+startScope), graph, "id scope=scopeName active availableRequests=totalRequests startsAt expiresAt")
	},
	"getSubscription": func(c *comparison, s *seeded) {
		graph := c.ask(`query($i:ID!){subscription(id:$i){id scopeName term price totalRequests autoRenew active startsAt expiresAt createdAt updatedAt}}`, map[string]any{"i": s.subscription}, "subscription")
		c.equal(c.read(c.ann, "/subscriptions/"+s.subscription), graph, "id scope=scopeName type=term price totalRequests autorenew=autoRenew active startsAt expiresAt createdAt updatedAt")
	},
	"listCallbacks": func(c *comparison, _ *seeded) {
		c.lists(c.read(c.ann, "/callbacks"), c.ask("{callbacks{nodes{id scopeName url status startedAt completedAt}}}", nil, "callbacks.nodes"), "id scope=scopeName url httpResponseCode=status startedAt completedAt")
	},
	"getCallback": func(c *comparison, s *seeded) {
		graph := c.ask(`query($i:ID!){callback(id:$i){id scopeName host active startedAt createdAt completedAt status milliseconds attempt retry field method url data}}`, map[string]any{"i": s.callback}, "callback")
		c.equal(c.read(c.ann, "/callbacks/"+s.callback), graph, "id scope=scopeName domain=host active startedAt createdAt completedAt httpResponseCode=status elapsedTime=milliseconds attempt retry field method url")
		if at(graph, "data") != `{"a":1}` {
			c.Errorf("%v", graph)
		}
	},
	"listErrors": func(c *comparison, _ *seeded) {
		c.lists(c.read(c.ann, "/errors"), c.ask("{errors{nodes{id scopeName host createdAt status message address}}}", nil, "errors.nodes"), "id scope=scopeName domain=host errorAt=createdAt httpResponseCode=status message ip=address")
	},
	"quoteCall": func(c *comparison, s *seeded) {
		for _, path := range []string{"/IT-start/1", "/nothing"} {
			url := "https://" + apiHost + path
			rest, _ := c.restData(c.ann.basic(), "POST", "/quote", fmt.Sprintf(`{"token":"%s","method":"GET","url":"%s","ip":"192.0.2.7"}`, s.tokenID, url))
			graph := c.ask(`query($t:ID,$u:URL!){quote(input:{token:$t,method:"GET",url:$u,ip:"192.0.2.7"}){admitted status code reason payer price charged limit left unit endsAt operation scopeName checks{name passed limit before after unit window}}}`,
				map[string]any{"t": s.tokenID, "u": url}, "quote")
			c.equal(rest, graph, "admitted status code reason payer price charged limit left unit endsAt operation scope=scopeName")
			c.lists(at(rest, "checks"), at(graph, "checks"), "name passed limit before after unit window")
		}
	},
}

// What the REST surface can do, GraphQL can do too, with the same result to the last digit.
func TestBothDoorsLeadIntoTheSameRoom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.seed(w.ann)
		w.seed(w.bob)
		var document struct {
			Paths map[string]map[string]json.RawMessage
		}
		must(t, json.Unmarshal(token.Document("http://127.0.0.1:1", platformHost), &document))
		operations, pairs := 0, 0
		for path, item := range document.Paths {
			for method, raw := range item {
				var o struct{ OperationID string }
				if json.Unmarshal(raw, &o) != nil || o.OperationID == "" {
					continue // what all operations of a path share
				}
				operations++
				do := capabilities[o.OperationID]
				if do == nil {
					t.Errorf("%s %s (%s) is not compared", method, path, o.OperationID)
					continue
				}
				c := &comparison{world: w, op: o.OperationID}
				do(c, s)
				if pairs += c.pairs; c.pairs == 0 && o.OperationID != "deleteToken" && o.OperationID != "listStatisticAddresses" {
					t.Errorf("%s compared nothing", o.OperationID)
				}
			}
		}
		if operations < 20 {
			t.Fatalf("%d operations", operations)
		}
		t.Logf("%d operations, %d values compared", operations, pairs)
	})
}

// The days of a month add up to the month, to the last call.
func TestDaysAddUpToTheirMonth(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.seed(w.ann)
		w.clock.Advance(24 * time.Hour)
		w.call(s.bearer, "GET", "/IT-start/9", 200)
		r := w.data(w.ann.basic(), `{statisticDays(month:"2026-11"){key totalRequests walletAmount} a:statistics(period:"2026-11-20"){totalRequests walletAmount}
			b:statistics(period:"2026-11-21"){totalRequests walletAmount} other:statisticDays(month:"2026-10"){key}}`, nil)
		for i, day := range []string{"a", "b"} {
			line := fmt.Sprintf("statisticDays.%d", i)
			for _, name := range []string{"totalRequests", "walletAmount"} {
				if !same(r.get(line+"."+name), r.get(day+".0."+name)) {
					t.Errorf("%s of %s: %s", name, r.text(line+".key"), r.Raw)
				}
			}
		}
		if r.text("statisticDays.0.key") != "2026-11-20" || r.get("statisticDays.2") != nil || len(r.get("other").([]any)) != 0 {
			t.Errorf("%s", r.Raw)
		}
		for _, month := range []string{"2026", "2026-11-20", "2026-13", ""} {
			if bad := w.ask(w.ann.basic(), `query($m:String!){statisticDays(month:$m){key}}`, map[string]any{"m": month}); bad.code() != "INVALID_INPUT" || bad.Errors[0].Extensions.Field != "month" {
				t.Errorf("%q: %s", month, bad.Raw)
			}
		}
	})
}
