package graph_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/oauth"
)

// seeded is what one account has of every noun.
type seeded struct {
	token, tokenID, bearer, refresh string
	client, secret, key             string
	domain, url, clientScope        string
	// role is the client's own, invitation one to it.
	role, invitation                          string
	charged, failed, refused                  pontage.CallID
	subscription, callback, scope, usage, top string
	// cookie is the person's session, which has the id session.
	cookie, session, address, notification, entry string
}

// seed gives p something of every noun.
func (w *world) seed(p person) *seeded {
	w.Helper()
	s := &seeded{}
	w.credit(p, "5")
	c := w.data(p.basic(), `mutation{createClient(input:{name:"shop"}){client{id}}}`, nil)
	s.client = c.text("createClient.client.id")
	secret := w.data(p.basic(), `mutation($c:ID!){createClientSecret(input:{clientId:$c}){clientSecret{id} text}}`, map[string]any{"c": s.client})
	s.secret = secret.text("createClientSecret.clientSecret.id")
	s.domain = w.newDomain(p.basic(), s.client, "shop.example")
	u := w.data(p.basic(), `mutation($d:ID!){addDomainURL(input:{domainId:$d,kind:WEBHOOK,url:"https://shop.example/events"}){domainUrl{id}}}`, map[string]any{"d": s.domain})
	s.url = u.text("addDomainURL.domainUrl.id")
	w.data(p.basic(), `mutation($s:ID!,$d:ID!){linkClientSecret(input:{secretId:$s,domainId:$d}){secretId}}`, map[string]any{"s": s.secret, "d": s.domain})
	s.clientScope = w.data(p.basic(), `query($c:ID!){client(id:$c){scopes(first:1){nodes{id}}}}`, map[string]any{"c": s.client}).text("client.scopes.nodes.0.id")
	s.role = w.newRole(p.basic(), s.client, "till", 10, "CLIENT_READ").text("createRole.role.id")
	s.invitation = w.data(p.basic(), askInvite, map[string]any{"c": s.client, "e": guest, "r": s.role}).text("inviteMember.member.id")
	k := w.data(p.basic(), `{apiKeys{nodes{id}}}`, nil)
	s.key = k.text("apiKeys.nodes.0.id")
	t := w.data(p.basic(), `mutation($s:[String!]!){createToken(input:{name:"till",scopes:$s,limits:{totalRequests:10,walletAmount:"2.5",ip:["192.0.2.0/24"]}})
		{bearer refreshToken token{id tokenId}}}`, map[string]any{"s": []string{startScope, searchScope}})
	s.token, s.tokenID = t.text("createToken.token.id"), t.text("createToken.token.tokenId")
	s.bearer, s.refresh = t.text("createToken.bearer"), t.text("createToken.refreshToken")
	s.charged = w.call(s.bearer, "GET", "/IT-start/7", 200).CallID
	s.failed = w.call(s.bearer, "GET", "/IT-start/8", 502).CallID
	s.refused = w.call(s.bearer, "POST", "/IT-search", 200).CallID
	s.scope = string(w.scopeID(startScope))
	sub, err := w.meter.CreateSubscription(w.Context(), pontage.Operator(), meter.SubscriptionInput{
		AccountID: p.id, ScopeID: w.scopeID(startScope), Term: pontage.Monthly, Price: 1_000_001, TotalRequests: 3, AutoRenew: true})
	must(w, err)
	s.subscription = string(sub.ID)
	s.callback = string(pontage.NewCallbackID(w.clock.Now()))
	must(w, w.store.Write(w.Context(), func(tx pontage.Tx) error {
		return tx.InsertCallback(w.Context(), pontage.Callback{ID: pontage.CallbackID(s.callback), AccountID: p.id, ScopeID: w.scopeID(startScope), Host: apiHost,
			Active: true, Method: "POST", URL: "https://shop.example/hook", Field: "data", Data: []byte(`{"a":1}`), Headers: []byte(`{}`), Custom: []byte(`{"b":2}`),
			Status: 200, Elapsed: 12 * time.Millisecond, Attempt: 1, Retry: 3, CreatedAt: w.clock.Now(), StartedAt: w.clock.Now()})
	}))
	s.usage = "use_" + string(pontage.DayOf(w.clock.Now())) + "_" + apiHost
	top := w.data(p.basic(), "{transactions(first:100){nodes{id kind}}}", nil)
	for _, n := range top.get("transactions.nodes").([]any) {
		if line := n.(map[string]any); line["kind"] == "TOP_UP" {
			s.top = line["id"].(string)
		}
	}
	s.cookie = w.enter(p)
	s.session = w.data(s.cookie, "{sessions{nodes{id}}}", nil).text("sessions.nodes.0.id")
	s.address = w.data(s.cookie, `mutation{addAddress(input:{kind:BILLING,country:"NL",city:"Delft"}){address{id}}}`, nil).text("addAddress.address.id")
	s.notification = w.notify(p)
	s.entry = w.data(s.cookie, "{auditLog{nodes{id}}}", nil).text("auditLog.nodes.0.id")
	return s
}

// guest is where the invitation went.
const guest = "guest@example.com"

// persons are the ids of what a person has beside their account.
func (s *seeded) persons() []string { return []string{s.session, s.address, s.notification, s.entry} }

// notify tells p's person something and gives its id.
func (w *world) notify(p person) string {
	w.Helper()
	user, err := w.store.UserOfAccount(w.Context(), p.id)
	must(w, err)
	n := pontage.Notification{ID: pontage.NewNotificationID(w.clock.Now()), UserID: user.ID, Kind: pontage.NotifyMoney, Title: "Half is left", Text: "Half of it.",
		Target: string(p.id), CreatedAt: w.clock.Now()}
	must(w, w.store.Write(w.Context(), func(tx pontage.Tx) error { return tx.InsertNotification(w.Context(), n) }))
	return string(n.ID)
}

func (w *world) credit(p person, amount string) {
	w.Helper()
	m, err := pontage.ParseMoney(amount)
	must(w, err)
	_, err = w.meter.Credit(w.Context(), pontage.Operator(), p.id, m, "Top-up")
	must(w, err)
}

func (w *world) scopeID(name string) pontage.ScopeID {
	w.Helper()
	ids, err := w.catalog.ScopeIDs([]string{name})
	must(w, err)
	return ids[0]
}

// call makes one call with a bearer as the gateway does, and ends it with the upstream's status.
func (w *world) call(bearer, method, path string, status int) *pontage.Decision {
	w.Helper()
	ctx := w.Context()
	admission, err := w.oauth.Admit(ctx, bearer)
	must(w, err)
	match, err := w.catalog.Match(method, apiHost, path)
	must(w, err)
	access, err := w.catalog.Access(ctx, admission.AccountID)
	must(w, err)
	d, err := w.meter.Reserve(ctx, pontage.Attempt{CallID: pontage.NewCallID(w.clock.Now()), Admission: *admission, Match: match, Access: access,
		Method: method, Host: match.API.Host, Address: netip.MustParseAddr("192.0.2.10"), Hold: time.Minute})
	must(w, err)
	switch {
	case !d.Admitted:
	case status >= 500:
		must(w, w.meter.Release(ctx, meter.Ending{CallID: d.CallID, Status: status, Code: pontage.BadGateway}))
	default:
		must(w, w.meter.Settle(ctx, meter.Ending{CallID: d.CallID, Status: status}))
	}
	return d
}

// restData asks the REST surface and gives the envelope's data, and its status.
func (w *world) restData(authorization, method, path, body string) (data any, status int) {
	w.Helper()
	request, err := http.NewRequestWithContext(w.Context(), method, w.rest+path, strings.NewReader(body))
	must(w, err)
	if user, key, basic := strings.Cut(authorization, ":"); basic {
		request.SetBasicAuth(user, key)
	} else {
		request.Header.Set("Authorization", "Bearer "+authorization)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	must(w, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	must(w, err)
	var envelope struct{ Data any }
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	must(w, decoder.Decode(&envelope))
	return envelope.Data, response.StatusCode
}

func clientID(id string) pontage.ClientID { return pontage.ClientID(id) }

func issueNamed(name string) oauth.IssueInput {
	return oauth.IssueInput{Name: name, Scopes: []string{startScope}}
}
