package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/server"
)

type introspected struct {
	Active bool
	Limits struct{ TotalRequests int }
}

func (p *platform) introspect(id, secret, bearer string) (in introspected) {
	p.Helper()
	response, err := http.PostForm(p.production.URL+"/oauth2/introspect", url.Values{"client_id": {id}, "client_secret": {secret}, "token": {bearer}})
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&in); err != nil {
		p.Fatal(err)
	}
	return in
}

// A resource server must never be told of more than is left, however quickly it asks after a call, and must hear of a revocation on
// another instance within the second.
func TestIntrospectionFollowsCallsAtOnceAndOthersInTime(t *testing.T) {
	p := serve(t, nil)
	id, secret := oauthClient(p, p.production)
	var made struct{ Token string }
	p.ask("POST", p.production.URL+"/tokens", basic(p.production), `{"scopes":["*:*/*"],"limits":{"totalRequests":9}}`).into(p, &made)
	for left := 9; left > 4; left-- {
		if in := p.introspect(id, secret, made.Token); !in.Active || in.Limits.TotalRequests != left {
			t.Fatalf("%+v, want %d left", in, left)
		}
		if a := p.ask("GET", p.paidURL(), made.Token, ""); a.Status != http.StatusOK {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
	}
	other := open(t, p.config, server.Production)
	a, err := other.Accounts.ByEmail(t.Context(), pontage.Operator(), p.production.Demo.Email)
	if err != nil {
		t.Fatal(err)
	}
	token, err := other.OAuth.ParseTokenReference(made.Token)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.OAuth.Revoke(t.Context(), pontage.Actor{Kind: pontage.ActorOperator, AccountID: a.ID}, token); err != nil {
		t.Fatal(err)
	}
	revoked := time.Now()
	for p.introspect(id, secret, made.Token).Active {
		if age := time.Since(revoked); age > pontage.Freshness+time.Second/2 {
			t.Fatalf("still active %v after the revocation", age)
		}
	}
}

// An account that is shut out on this instance is out at once, with its clients and its tokens; a call is refused on every instance.
func TestAnAccountIsShutOutAtOnce(t *testing.T) {
	p := serve(t, nil)
	id, secret := oauthClient(p, p.production)
	bearer := p.token(p.production)
	i, ctx := open(t, p.config, server.Production), t.Context()
	a, err := i.Accounts.ByEmail(ctx, pontage.Operator(), p.production.Demo.Email)
	if err != nil {
		t.Fatal(err)
	}
	for _, disabled := range []bool{false, true, false} {
		if err := i.Accounts.SetDisabled(ctx, pontage.Operator(), a.ID, disabled); err != nil {
			t.Fatal(err)
		}
		_, byKey := i.Accounts.Authenticate(ctx, p.production.Demo.Email, p.production.Demo.APIKey)
		_, bySecret := i.Partners.AuthenticateClient(ctx, pontage.ClientID(id), secret)
		atTheGate := p.ask("GET", p.paidURL(), bearer, "").Status == http.StatusUnauthorized
		in, err := i.OAuth.Introspect(ctx, pontage.Operator(), bearer)
		if err != nil || (byKey != nil) != disabled || (bySecret != nil) != disabled || atTheGate != disabled || in.Active == disabled {
			t.Fatalf("disabled %v: key %v, secret %v, refused at the gate %v, introspection %+v %v", disabled, byKey, bySecret, atTheGate, in, err)
		}
	}
}
