package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
	"github.com/pontage/pontage/server"
)

// What the API says of its rates is what it holds partners to, at every door.
func TestTheConfiguredRateIsShownAndHeld(t *testing.T) {
	const rate = 20
	p := serve(t, func(c *server.Config) { c.RatePerMinute = rate })
	var scopes []struct{ ID, Scope string }
	p.ask("GET", p.production.URL+"/scopes", basic(p.production), "").into(t, &scopes)
	for _, s := range scopes {
		if !strings.HasPrefix(s.Scope, "GET:oauth.") || !strings.HasSuffix(s.Scope, "/wallet") {
			continue
		}
		a := p.ask("GET", p.production.URL+"/scopes/"+s.ID, basic(p.production), "")
		var detail struct{ RateLimit string }
		a.into(t, &detail)
		if want := fmt.Sprintf("%d/min", rate); detail.RateLimit != want || !strings.Contains(a.Header.Get("RateLimit-Policy"), fmt.Sprintf("q=%d;", rate)) {
			t.Errorf("shown %s, header %s, want %s", detail.RateLimit, a.Header.Get("RateLimit-Policy"), want)
		}
	}
	statuses := map[int]int{}
	for range rate {
		statuses[p.ask("GET", p.production.URL+"/wallet", basic(p.production), "").Status]++
	}
	if statuses[http.StatusTooManyRequests] != 2 { // two were used above
		t.Errorf("statuses %v", statuses)
	}
}

// The OAuth endpoints count against the same rate as the account's other requests.
func TestOAuthRequestsAreHeldToTheRate(t *testing.T) {
	const rate = 5
	p := serve(t, func(c *server.Config) { c.RatePerMinute = rate })
	id, secret := oauthClient(p, p.production)
	statuses := map[int]int{}
	for range rate + 2 {
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}}
		response, err := http.PostForm(p.production.URL+"/oauth2/token", form)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		statuses[response.StatusCode]++
	}
	if statuses[http.StatusOK] != rate || statuses[http.StatusTooManyRequests] != 2 {
		t.Errorf("statuses %v", statuses)
	}
}

// oauthClient makes a client of the demo account, as the command line does beside the running server.
func oauthClient(p *platform, r server.Running) (id, secret string) {
	p.Helper()
	i := open(p.T, p.config, r.Name)
	a, err := i.Accounts.ByEmail(p.Context(), pontage.Operator(), r.Demo.Email)
	if err != nil {
		p.Fatal(err)
	}
	c, err := i.Partners.Create(p.Context(), pontage.Operator(), partner.CreateInput{AccountID: a.ID, Name: "a program"})
	if err != nil {
		p.Fatal(err)
	}
	s, err := i.Partners.CreateSecret(p.Context(), pontage.Operator(), partner.SecretInput{ClientID: c.ID})
	if err != nil {
		p.Fatal(err)
	}
	return string(c.ID), s.Text
}
