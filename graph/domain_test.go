package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// newDomain makes a domain and gives its id.
func (w *world) newDomain(by, client, host string) string {
	w.Helper()
	return w.data(by, `mutation($c:ID!,$h:String!){createDomain(input:{clientId:$c,host:$h}){domain{id}}}`, map[string]any{"c": client, "h": host}).text("createDomain.domain.id")
}

// A partner sets up a site from its name to its proof, field by field, and sees it all in the log.
func TestADomainIsSetUpOverGraphQL(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by := w.ann.basic()
		made := w.data(by, `mutation{createClient(input:{name:"shop"}){client{id} clientSecret{id label active domains{nodes{id}}} secretText}}`, nil)
		client, secret := made.text("createClient.client.id"), made.text("createClient.clientSecret.id")
		if !strings.HasPrefix(made.text("createClient.secretText"), "pt_test_sec_") || made.text("createClient.clientSecret.label") != "Standard Key" {
			t.Error(made.Raw)
		}
		r := w.data(by, `mutation($c:ID!){createDomain(input:{clientId:$c,host:"Bücher.example",servers:["192.0.2.7/24"],fallbackUri:"https://shop.example/sorry",allowLogin:true})
			{domain{id host primary active allowLogin allowApi testMode servers fallbackUri redirectUri logoUrl verifiedBy proof{recordName fileUrl value} client{id}}}}`, map[string]any{"c": client})
		for path, want := range map[string]any{"host": "xn--bcher-kva.example", "primary": true, "active": true, "allowLogin": true, "allowApi": false, "servers.0": "192.0.2.0/24",
			"fallbackUri": "https://shop.example/sorry", "redirectUri": nil, "logoUrl": nil, "verifiedBy": nil, "client.id": client,
			"proof.recordName": "_pontage.xn--bcher-kva.example", "proof.fileUrl": "https://xn--bcher-kva.example/.well-known/pontage-domain.txt"} {
			if got := r.get("createDomain.domain." + path); got != want {
				t.Errorf("%s: %v, want %v", path, got, want)
			}
		}
		domain := r.text("createDomain.domain.id")
		wantRefusal(t, "no address", w.ask(by, `mutation($d:ID!){updateDomain(input:{id:$d,servers:["192.0.2.1","192.0.2"]}){domain{id}}}`, map[string]any{"d": domain}), "INVALID_INPUT", "/input/servers/1")
		wantRefusal(t, "no URL", w.ask(by, `mutation($d:ID!,$u:URL){updateDomain(input:{id:$d,fallbackUri:$u}){domain{id}}}`, map[string]any{"d": domain, "u": "javascript:1"}), "INVALID_INPUT", "/input/fallbackUri")
		wantRefusal(t, "no moment", w.ask(by, `{transactions(filter:{from:"yesterday"}){nodes{id}}}`, nil), "INVALID_INPUT", "filter.from")
		changed := w.data(by, `mutation($d:ID!){updateDomain(input:{id:$d,fallbackUri:null,allowApi:true,name:"Books"}){domain{name fallbackUri allowLogin allowApi servers}}}`, map[string]any{"d": domain})
		if changed.get("updateDomain.domain.fallbackUri") != nil || changed.get("updateDomain.domain.allowLogin") != true || changed.get("updateDomain.domain.servers.0") != "192.0.2.0/24" {
			t.Error(changed.Raw)
		}
		verify := `mutation($d:ID!){verifyDomain(input:{id:$d,method:DNS}){domain{verifiedBy verifiedAt}}}`
		wantRefusal(t, "no proof yet", w.ask(by, verify, map[string]any{"d": domain}), "UNPROCESSABLE", "/input/method")
		w.records["_pontage.xn--bcher-kva.example."] = []string{r.text("createDomain.domain.proof.value")}
		if v := w.data(by, verify, map[string]any{"d": domain}); v.get("verifyDomain.domain.verifiedBy") != "DNS" || v.text("verifyDomain.domain.verifiedAt") == "" {
			t.Error(v.Raw)
		}
		u := w.data(by, `mutation($d:ID!){addDomainURL(input:{domainId:$d,kind:CALLBACK,url:"https://shop.example/back"}){domainUrl{id kind active}}}`, map[string]any{"d": domain})
		off := w.data(by, `mutation($u:ID!){setDomainURLActive(input:{id:$u,active:false}){domainUrl{kind active url domainId}}}`, map[string]any{"u": u.text("addDomainURL.domainUrl.id")})
		if off.get("setDomainURLActive.domainUrl.active") != false || off.text("setDomainURLActive.domainUrl.domainId") != domain {
			t.Error(off.Raw)
		}
		link := map[string]any{"s": secret, "d": domain}
		w.data(by, `mutation($s:ID!,$d:ID!){linkClientSecret(input:{secretId:$s,domainId:$d}){secretId}}`, link)
		w.clock.Advance(time.Second)
		rotated := w.data(by, `mutation($s:ID!){rotateClientSecret(input:{id:$s,overlapSeconds:60}){clientSecret{id active domains{nodes{host}}} replaced{id expiresAt} text}}`, link)
		if rotated.text("rotateClientSecret.clientSecret.domains.nodes.0.host") != "xn--bcher-kva.example" || rotated.text("rotateClientSecret.replaced.id") != secret ||
			rotated.text("rotateClientSecret.replaced.expiresAt") == "" {
			t.Error(rotated.Raw)
		}
		w.data(by, `mutation($s:ID!,$d:ID!){unlinkClientSecret(input:{secretId:$s,domainId:$d}){domainId}}`, link)
		seen := w.data(by, `query($c:ID!){client(id:$c){domains(filter:{host:"BCHER",verified:true,active:true}){nodes{id urls{kind active} secrets{nodes{id}}}} none:domains(filter:{testMode:true}){nodes{id}}
			secrets(order:OLDEST_FIRST,filter:{active:true}){nodes{id}}}}`, map[string]any{"c": client})
		if seen.text("client.domains.nodes.0.id") != domain || seen.get("client.domains.nodes.0.urls.0.kind") != "CALLBACK" || len(seen.get("client.none.nodes").([]any)) != 0 ||
			seen.text("client.domains.nodes.0.secrets.nodes.0.id") != rotated.text("rotateClientSecret.clientSecret.id") || seen.text("client.secrets.nodes.0.id") != secret {
			t.Error(seen.Raw)
		}
		ends := w.data(by, `query($c:ID!){client(id:$c){domains{nodes{secrets(filter:{active:false}){nodes{id}}}} secrets{nodes{domains(filter:{testMode:true}){nodes{id}}}}}}`, map[string]any{"c": client})
		if len(ends.get("client.domains.nodes.0.secrets.nodes").([]any))+len(ends.get("client.secrets.nodes.0.domains.nodes").([]any)) != 0 {
			t.Error(ends.Raw)
		}
		w.data(by, `mutation($u:ID!){removeDomainURL(input:{id:$u}){id}}`, map[string]any{"u": u.text("addDomainURL.domainUrl.id")})
		w.data(by, `mutation($d:ID!){deleteDomain(input:{id:$d}){id}}`, link)
		w.wantLogged(client, "domain.create", "domain.update", "domain.verify", "domain.delete", "domain_url.create", "domain_url.update", "domain_url.delete",
			"client_secret.create", "client_secret.rotate", "client_secret.link", "client_secret.unlink", "client.create")
	})
}

// wantLogged fails where the log of ann's client lacks an action, or shows a secret.
func (w *world) wantLogged(client string, actions ...string) {
	w.Helper()
	log := w.data(w.ann.basic(), `query($c:ID!){auditLog(first:100,filter:{clientId:$c}){nodes{action before{name value} after{name value}}}}`, map[string]any{"c": client})
	for _, action := range actions {
		if !strings.Contains(log.Raw, `"action":"`+action+`"`) {
			w.Errorf("%s is not in the log: %s", action, log.Raw)
		}
	}
	if strings.Contains(log.Raw, "pt_test_") {
		w.Errorf("the log shows a secret: %s", log.Raw)
	}
}

// A client goes through its life, within the plan, and its end takes what was below it along.
func TestAClientsLifeOverGraphQL(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by := w.ann.basic()
		must(t, w.partners.SetPlan(w.Context(), pontage.Operator(), w.ann.id, pontage.PlanBasic))
		const create = `mutation($n:String!){createClient(input:{name:$n}){client{id} secretText}}`
		made := w.data(by, create, map[string]any{"n": "Shop"})
		c := map[string]any{"c": made.text("createClient.client.id")}
		full := w.ask(by, create, map[string]any{"n": "till"})
		if wantRefusal(t, "beyond the plan", full, "PLAN_LIMIT", ""); !strings.Contains(full.Errors[0].Message, "Enterprise") {
			t.Error(full.Raw)
		}
		domain := w.newDomain(by, c["c"].(string), "shop.example")
		renamed := w.data(by, `mutation($c:ID!){renameClient(input:{id:$c,name:"Store"}){client{name}}}`, c)
		if renamed.text("renameClient.client.name") != "Store" {
			t.Error(renamed.Raw)
		}
		authenticates := func(want bool) {
			t.Helper()
			if _, err := w.partners.AuthenticateClient(w.Context(), pontage.ClientID(c["c"].(string)), made.text("createClient.secretText")); (err == nil) != want {
				t.Errorf("authenticates: %v", err)
			}
		}
		list := func(filter, want string) {
			t.Helper()
			if r := w.data(by, `{clients(filter:{`+filter+`}){nodes{name}}}`, nil); r.text("clients.nodes.0.name") != want {
				t.Errorf("%s: %s", filter, r.Raw)
			}
		}
		list(`name:"stor"`, "Store")
		list(`name:"x"`, "")
		w.data(by, `mutation($c:ID!){disableClient(input:{id:$c}){client{disabledAt}}}`, c)
		authenticates(false)
		list(`active:true`, "")
		list(`active:false`, "Store")
		w.data(by, `mutation($c:ID!){enableClient(input:{id:$c}){client{disabledAt}}}`, c)
		authenticates(true)
		wantRefusal(t, "unsure", w.ask(by, `mutation($c:ID!){deleteClient(input:{id:$c,confirmation:"store"}){id}}`, c), "INVALID_INPUT", "/input/confirmation")
		w.data(by, `mutation($c:ID!){deleteClient(input:{id:$c,confirmation:"Store"}){id}}`, c)
		authenticates(false)
		wantRefusal(t, "the domain of a client that is gone", w.ask(by, `query($d:ID!){domain(id:$d){id}}`, map[string]any{"d": domain}), "NOT_FOUND", "id")
		w.data(by, create, map[string]any{"n": "till"})
	})
}

// A partner sees which scopes a client has, chooses, and learns why it cannot have the rest.
func TestAClientsScopesOverGraphQL(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by := w.ann.basic()
		client := w.data(by, `mutation{createClient(input:{name:"shop"}){client{id}}}`, nil).text("createClient.client.id")
		list := func(arguments string) *reply {
			t.Helper()
			return w.data(by, `query($c:ID!){client(id:$c){scopes`+arguments+`{nodes{id state reason scope{id name price ratePerMinute allowance{day} requirements{name fulfilled}}} pageInfo{hasNextPage endCursor}}}}`, map[string]any{"c": client})
		}
		all := list(`(first:100,filter:{host:"` + apiHost + `",name:"IT-START"})`)
		if all.text("client.scopes.nodes.0.scope.name") != startScope || all.get("client.scopes.nodes.0.state") != "ENABLED" || all.get("client.scopes.nodes.1") != nil {
			t.Fatal(all.Raw)
		}
		one := map[string]any{"c": client, "s": all.text("client.scopes.nodes.0.scope.id")}
		off := w.data(by, `mutation($c:ID!,$s:ID!){disableClientScope(input:{clientId:$c,scopeId:$s}){clientScope{id state}}}`, one)
		if off.get("disableClientScope.clientScope.state") != "DISABLED" || off.text("disableClientScope.clientScope.id") != all.text("client.scopes.nodes.0.id") {
			t.Error(off.Raw)
		}
		node := w.data(by, `query($i:ID!){node(id:$i){id ...on ClientScope{state scope{name}}}}`, map[string]any{"i": off.text("disableClientScope.clientScope.id")})
		if node.get("node.state") != "DISABLED" || node.get("node.scope.name") != startScope {
			t.Error(node.Raw)
		}
		if r := list(`(filter:{state:DISABLED})`); r.text("client.scopes.nodes.0.scope.name") != startScope {
			t.Error(r.Raw)
		}
		w.data(by, `mutation($c:ID!,$s:ID!){enableClientScope(input:{clientId:$c,scopeId:$s}){clientScope{state}}}`, one)
		first, last := list(`(first:1)`), list(`(first:1,order:NAME_DESCENDING)`)
		second := list(`(first:1,after:"` + first.text("client.scopes.pageInfo.endCursor") + `")`)
		if a, b, z := first.text("client.scopes.nodes.0.scope.name"), second.text("client.scopes.nodes.0.scope.name"), last.text("client.scopes.nodes.0.scope.name"); a >= b || b > z {
			t.Errorf("%s, %s … %s", a, b, z)
		}
		refused := list(`(filter:{state:REFUSED})`)
		if id := refused.text("client.scopes.nodes.0.scope.id"); id == "" || refused.text("client.scopes.nodes.0.reason") == "" {
			t.Errorf("no scope is refused with a reason: %s", refused.Raw)
		} else {
			one["s"] = id
			no := w.ask(by, `mutation($c:ID!,$s:ID!){enableClientScope(input:{clientId:$c,scopeId:$s}){clientScope{state}}}`, one)
			if wantRefusal(t, "a refused scope", no, "SCOPE_DISABLED", ""); !strings.Contains(no.Raw, refused.text("client.scopes.nodes.0.reason")) {
				t.Error(no.Raw)
			}
		}
		w.wantLogged(client, "client_scope.set")
	})
}
