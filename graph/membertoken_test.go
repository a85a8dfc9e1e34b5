package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// A member with the permissions makes tokens for the client, which its account pays and sees; nothing else of that account opens to them.
func TestAMemberUsesAClientsTokens(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.seed(w.ann)
		role := w.newRole(w.ann.basic(), s.client, "developer-2", 40, "CLIENT_READ", "TOKEN_READ", "TOKEN_WRITE").get("createRole.role.id")
		other := w.data(w.ann.basic(), `mutation{createClient(input:{name:"other"}){client{id}}}`, nil).text("createClient.client.id")
		bob, member := w.join(w.bob, s.client, role)
		w.clock.Advance(time.Second)
		const create = `mutation($c:ID,$s:[String!]!){createToken(input:{clientId:$c,name:"member's",scopes:$s,limits:{ip:["192.0.2.0/24"]}}){bearer token{id tokenId client{id}}}}`
		in := map[string]any{"c": s.client, "s": []string{startScope}}
		made := w.data(bob, create, in)
		id, bearer := made.get("createToken.token.id"), made.text("createToken.bearer")
		if d := w.call(bearer, "GET", "/IT-start/7", 200); !d.Admitted {
			t.Errorf("%+v", d)
		}
		for who, want := range map[string][2]int{bob: {1, 0}, w.ann.basic(): {1, 2}} {
			r := w.data(who, `query($c:ID!){of:tokens(clientId:$c){nodes{id name usage{totalRequests}}} tokens{nodes{id}}}`, map[string]any{"c": s.client})
			if len(r.get("of.nodes").([]any)) != want[0] || len(r.get("tokens.nodes").([]any)) != want[1] || r.get("of.nodes.0.id") != id || !same("1", r.get("of.nodes.0.usage.totalRequests")) {
				t.Errorf("%s", r.Raw)
			}
		}
		for _, pattern := range []string{"GET:" + platformHost + "/wallet", "POST:" + platformHost + "/tokens"} {
			wantRefusal(t, pattern, w.ask(bob, create, map[string]any{"c": s.client, "s": []string{startScope, pattern}}), "UNPROCESSABLE", "/input/scopes/1")
			wantRefusal(t, pattern+", later", w.ask(bob, `mutation($i:ID!,$s:[String!]!){updateToken(input:{id:$i,scopes:$s}){token{id}}}`,
				map[string]any{"i": id, "s": []string{pattern}}), "UNPROCESSABLE", "/input/scopes/0")
		}
		for _, scope := range w.data(bob, `mutation($i:ID!){updateToken(input:{id:$i,scopes:["*:*/*"]}){token{scopes}}}`, map[string]any{"i": id}).get("updateToken.token.scopes").([]any) {
			if strings.Contains(scope.(string), platformHost) {
				t.Errorf("a member's token opens what is the account's: %s", scope)
			}
		}
		const update, token = `mutation($i:ID!){updateToken(input:{id:$i,name:"till"}){token{name}}}`, `query($i:ID!){token(id:$i){id client{id}}}`
		for _, reference := range []any{id, made.get("createToken.token.tokenId")} {
			if r := w.data(bob, token, map[string]any{"i": reference}); r.get("token.id") != id || r.get("token.client.id") != s.client {
				t.Errorf("%s", r.Raw)
			}
			w.data(bob, update, map[string]any{"i": reference})
		}
		if r := w.data(bob, `query($i:ID!){node(id:$i){id}}`, map[string]any{"i": id}); r.get("node.id") != id {
			t.Errorf("%s", r.Raw)
		}
		wantRefusal(t, "another client", w.ask(bob, create, map[string]any{"c": other, "s": []string{startScope}}), "NOT_FOUND", "/input/clientId")
		wantRefusal(t, "the tokens of another client", w.ask(bob, `query($c:ID!){tokens(clientId:$c){nodes{id}}}`, map[string]any{"c": other}), "NOT_FOUND", "")
		wantRefusal(t, "the account's own token", w.ask(bob, token, map[string]any{"i": s.token}), "NOT_FOUND", "id")
		wantRefusal(t, "the account's own token, changed", w.ask(bob, update, map[string]any{"i": s.token}), "NOT_FOUND", "/input/id")
		log := w.data(w.ann.basic(), `query($c:ID!){auditLog(first:2,order:NEWEST_FIRST,filter:{clientId:$c,action:"token.create"}){nodes{actorId target}}}`, map[string]any{"c": s.client})
		if log.get("auditLog.nodes.0.actorId") != w.data(bob, "{me{id}}", nil).get("me.id") || log.get("auditLog.nodes.0.target") != id {
			t.Errorf("%s", log.Raw)
		}
		w.data(w.ann.basic(), `mutation($r:ID!){updateRole(input:{id:$r,permissions:[TOKEN_READ]}){role{id}}}`, map[string]any{"r": role})
		revoke := map[string]any{"i": id}
		wantRefusal(t, "to make one", w.ask(bob, create, in), "FORBIDDEN", "")
		wantRefusal(t, "to change one", w.ask(bob, update, revoke), "FORBIDDEN", "")
		wantRefusal(t, "to end one", w.ask(bob, `mutation($i:ID!){revokeToken(input:{id:$i}){id}}`, revoke), "FORBIDDEN", "")
		w.data(w.ann.basic(), `mutation($r:ID!){updateRole(input:{id:$r,permissions:[TOKEN_WRITE]}){role{id}}}`, map[string]any{"r": role})
		wantRefusal(t, "to read one", w.ask(bob, token, revoke), "FORBIDDEN", "")
		for _, reference := range []any{id, made.get("createToken.token.tokenId")} {
			w.data(bob, update, map[string]any{"i": reference})
		}
		w.data(w.ann.basic(), `mutation($m:ID!){removeMember(input:{id:$m}){id}}`, map[string]any{"m": member})
		wantRefusal(t, "once removed", w.ask(bob, token, revoke), "NOT_FOUND", "id")
		wantRefusal(t, "once removed, by a new one", w.ask(bob, create, in), "NOT_FOUND", "/input/clientId")
	})
}

// Who is let near the money sees the wallet that pays for the client, and nobody else does.
func TestAMemberSeesTheWalletThatPays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.seed(w.ann)
		const ask = `query($c:ID){wallet(clientId:$c){credit} transactions(clientId:$c){nodes{kind amount}}}`
		bob, member := w.join(w.bob, s.client, "rol_finance")
		of := map[string]any{"c": s.client}
		hers, seen, own := w.data(w.ann.basic(), ask, nil), w.data(bob, ask, of), w.data(bob, ask, nil)
		if !same(hers.Data, seen.Data) || same(hers.Data, own.Data) {
			t.Errorf("%s\n%s\n%s", hers.Raw, seen.Raw, own.Raw)
		}
		w.data(w.ann.basic(), `mutation($m:ID!){updateMember(input:{id:$m,roleId:"rol_developer"}){member{id}}}`, map[string]any{"m": member})
		for _, field := range []string{"wallet(clientId:$c){credit}", "transactions(clientId:$c){nodes{id}}"} {
			wantRefusal(t, field, w.ask(bob, "query($c:ID){"+field+"}", of), "FORBIDDEN", "")
			wantRefusal(t, field, w.ask(bob, "query($c:ID){"+field+"}", map[string]any{"c": pontage.NewClientID(w.clock.Now())}), "NOT_FOUND", "")
		}
	})
}

// Members with SECRET_WRITE hold a client's credentials, so those open nothing that is the account's alone.
func TestAClientsCredentialsOpenNothingOfTheAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made := w.data(w.ann.basic(), `mutation{createClient(input:{name:"shop"}){client{id} secretText}}`, nil)
		by, err := w.partners.AuthenticateClient(t.Context(), clientID(made.text("createClient.client.id")), made.text("createClient.secretText"))
		must(t, err)
		_, err = w.oauth.Issue(t.Context(), by, oauth.IssueInput{Scopes: []string{"GET:" + platformHost + "/wallet"}})
		if pontage.CodeOf(err) != pontage.Unprocessable {
			t.Errorf("a scope of the platform, named: %v", err)
		}
		issued, err := w.oauth.Issue(t.Context(), by, oauth.IssueInput{Scopes: []string{"*:*/*"}})
		must(t, err)
		for _, scope := range issued.Scopes {
			if strings.Contains(scope, platformHost) {
				t.Errorf("a client's token opens what is the account's: %s", scope)
			}
		}
	})
}
