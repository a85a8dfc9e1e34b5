package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// A refresh token is good once: its second use ends everything that came of it, but for the same request under the same key.
func TestARefreshTokenIsGoodOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.seed(w.ann)
		const rotate = `mutation($r:String!){rotateToken(input:{refreshToken:$r}){bearer refreshToken token{id tokenId usage{totalRequests}}}}`
		variables := map[string]any{"r": s.refresh}
		if r := w.ask(w.bob.basic(), rotate, variables); r.code() != "UNAUTHENTICATED" || r.Errors[0].Extensions.Field != "/input/refreshToken" {
			t.Fatalf("another account's: %s", r.Raw)
		}
		first := w.ask(w.ann.basic(), rotate, variables, key, "rotate-1")
		again := w.ask(w.ann.basic(), rotate, variables, key, "rotate-1")
		if first.text("rotateToken.bearer") == "" || first.text("rotateToken.bearer") != again.text("rotateToken.bearer") || first.get("rotateToken.token.id") != s.token {
			t.Fatalf("%s\n%s", first.Raw, again.Raw)
		}
		fresh := first.text("rotateToken.bearer")
		if _, err := w.oauth.Admit(t.Context(), fresh); err != nil {
			t.Fatal(err)
		}
		if r := w.ask(w.ann.basic(), rotate, variables); r.code() != "UNAUTHENTICATED" {
			t.Fatalf("a second use: %s", r.Raw)
		}
		if r := w.ask(w.ann.basic(), `query($i:ID!){token(id:$i){id}}`, map[string]any{"i": s.token}); r.code() != "NOT_FOUND" {
			t.Fatalf("the token lives on: %s", r.Raw)
		}
	})
}

// A token that makes tokens gives what it has and no more, by this door too.
func TestATokenGivesOnlyWhatItHas(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made := w.data(w.ann.basic(), `mutation($s:[String!]!){createToken(input:{scopes:$s,limits:{walletAmount:"1"}}){bearer}}`,
			map[string]any{"s": []string{startScope, "POST:" + platformHost + "/tokens"}})
		bearer := made.text("createToken.bearer")
		const give = `mutation($s:[String!]!,$m:Money){createToken(input:{scopes:$s,limits:{walletAmount:$m}}){bearer refreshToken}}`
		for _, c := range []struct{ scope, amount, code, field string }{
			{startScope, "1", "", ""}, {startScope, "1.000001", "FORBIDDEN", "/input/limits/walletAmount"},
			{searchScope, "1", "FORBIDDEN", "/input/scopes"}, {"nonsense", "1", "INVALID_INPUT", "/input/scopes/0"},
			{startScope, "NaN", "INVALID_INPUT", "/input/limits/walletAmount"},
		} {
			r := w.ask(bearer, give, map[string]any{"s": []string{c.scope}, "m": c.amount})
			if r.code() != c.code || c.code != "" && r.Errors[0].Extensions.Field != c.field {
				t.Errorf("%+v: %s", c, r.Raw)
			}
			if c.code == "" && r.get("createToken.refreshToken") != nil {
				t.Errorf("a gift outlives its giver: %s", r.Raw)
			}
		}
	})
}

// A limit that is left out stays, null takes it away; null for all takes all away.
func TestLimitsKeepApartWhatIsLeftOutAndWhatIsNull(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.seed(w.ann)
		update := func(limits any, want [3]any) {
			t.Helper()
			variables := map[string]any{"i": s.token, "l": limits}
			r := w.data(w.ann.basic(), `mutation($i:ID!,$l:TokenLimitsInput){updateToken(input:{id:$i,limits:$l}){token{limits{totalRequests walletAmount ip}}}}`, variables)
			got := [3]any{r.get("updateToken.token.limits.totalRequests"), r.get("updateToken.token.limits.walletAmount"), r.get("updateToken.token.limits.ip.0")}
			for i := range want {
				if !same(want[i], got[i]) {
					t.Errorf("%v: %v, want %v", limits, got, want)
				}
			}
		}
		update(map[string]any{}, [3]any{10, "2.5", "192.0.2.0/24"})
		update(map[string]any{"totalRequests": nil}, [3]any{nil, "2.5", "192.0.2.0/24"})
		update(map[string]any{"totalRequests": 0, "ip": nil}, [3]any{0, "2.5", nil})
		update(nil, [3]any{nil, nil, nil})
	})
}

// Whoever matches on codes must find every code of the platform in the schema.
func TestTheSchemaKnowsEveryCode(t *testing.T) {
	known := map[string]bool{}
	for _, v := range newGenerator(t).schema.Types["ErrorCode"].EnumValues {
		known[v.Name] = true
	}
	for _, c := range pontage.Codes() {
		if !known[c.Extension()] {
			t.Errorf("%s is not in ErrorCode", c.Extension())
		}
		delete(known, c.Extension())
	}
	if len(known) > 0 {
		t.Errorf("ErrorCode has what the platform has not: %v", known)
	}
}

// The history of a token shows every bearer it had, page by page, to its account and to who looks after its client, and no text of any.
func TestATokenShowsTheBearersItHad(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.worker()
		const list = `query($i:ID!,$n:Int!,$a:String){token(id:$i){tokenId createdBy{actor} bearers(first:$n,after:$a){nodes{id number createdAt endedAt} pageInfo{hasNextPage endCursor}}}}`
		first := w.data(w.ann.basic(), list, map[string]any{"i": b.clientToken, "n": 5})
		if nodes := first.get("token.bearers.nodes").([]any); len(nodes) != 1 || at(nodes[0], "id") != first.get("token.tokenId") || at(nodes[0], "endedAt") != nil || !same("1", at(nodes[0], "number")) {
			t.Errorf("%s", first.Raw)
		}
		w.clock.Advance(time.Hour)
		b.hold("TOKEN_READ", "TOKEN_WRITE")
		next := w.data(b.cookie, `mutation($r:String!){rotateToken(input:{refreshToken:$r}){bearer refreshToken token{tokenId}}}`, map[string]any{"r": b.refreshToken})
		for who, by := range map[string]string{"the account": w.ann.basic(), "a member": b.cookie} {
			page := w.data(by, list, map[string]any{"i": b.clientToken, "n": 1})
			rest := w.data(by, list, map[string]any{"i": b.clientToken, "n": 1, "a": page.get("token.bearers.pageInfo.endCursor")})
			if page.get("token.bearers.nodes.0.id") != next.get("rotateToken.token.tokenId") || page.get("token.bearers.pageInfo.hasNextPage") != true || page.get("token.createdBy.actor") != "ACCOUNT" ||
				rest.get("token.bearers.nodes.0.id") != first.get("token.tokenId") || rest.get("token.bearers.nodes.0.endedAt") != page.get("token.bearers.nodes.0.createdAt") {
				t.Errorf("%s: %s\n%s", who, page.Raw, rest.Raw)
			}
			for _, secret := range []string{b.bearer, next.text("rotateToken.bearer"), b.refreshToken} {
				if strings.Contains(page.Raw+rest.Raw, secret) {
					t.Errorf("%s sees %s", who, secret)
				}
			}
		}
	})
}
