package oauth_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// rehearse gives a door that supposes what the header names by the facts' own words, and counts who was let in.
func (w *world) rehearse(admitted *int) *door {
	service, err := oauth.New(oauth.Config{
		Store: w.store, Clock: w.clock.Now, Credentials: w.credentials, Scopes: w.scopes, Clients: w.partner, Issuer: "https://oauth.example.com",
		Allow: func(pontage.Actor) error { *admitted++; return nil },
		Suppose: func(h http.Header) (pontage.Supposition, error) {
			switch value := h.Get(pontage.HeaderSimulate); value {
			case "nonsense":
				return pontage.Supposition{}, pontage.E(pontage.InvalidInput, "The header takes one of these.").At(pontage.HeaderSimulate)
			case "upstream":
				return pontage.Supposition{Status: 503}, nil
			case "slow":
				return pontage.Supposition{Delay: time.Millisecond}, nil
			default:
				return pontage.Supposition{Fact: pontage.Fact(value)}, nil
			}
		},
	})
	must(w.t, err)
	return w.serveHandler(service.Handler())
}

// simulate posts a form that is to meet something.
func (d *door) simulate(value, path string, form url.Values) answer {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url+path, strings.NewReader(form.Encode()))
	must(d.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set(pontage.HeaderSimulate, value)
	r.SetBasicAuth(url.QueryEscape(string(d.client.ID)), url.QueryEscape(d.secret))
	return d.do(r)
}

// A partner's OAuth client must be rehearsed before a token expires in earnest: each refusal has the form and the status of the real one, and
// takes nothing.
func TestTheEndpointsRehearse(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		admitted := 0
		d, pair := w.rehearse(&admitted), w.issue(oauth.IssueInput{})
		mine := form("grant_type", "client_credentials")
		refresh, token := form("grant_type", "refresh_token", "refresh_token", pair.RefreshToken), form("token", pair.Bearer)
		for _, c := range []struct {
			value, path string
			form        url.Values
			status      int
			code        string
		}{
			{"rate_used", "/oauth2/token", mine, 429, "temporarily_unavailable"},
			{"rate_used", "/oauth2/introspect", token, 429, "temporarily_unavailable"},
			{"platform_stopping", "/oauth2/revoke", token, 503, "temporarily_unavailable"},
			{"platform_failing", "/oauth2/token", mine, 500, "server_error"},
			{"platform_failing", "/oauth2/introspect", token, 500, "server_error"},
			{"token_expired", "/oauth2/token", refresh, 400, "invalid_grant"},
			{"token_revoked", "/oauth2/token", refresh, 400, "invalid_grant"},
			{"scope_missing", "/oauth2/token", mine, 400, "invalid_scope"},
			{"token_expired", "/oauth2/token", mine, 400, "invalid_request"},
			{"scope_missing", "/oauth2/introspect", token, 400, "invalid_request"},
			{"no_credit", "/oauth2/token", mine, 400, "invalid_request"},
			{"upstream", "/oauth2/token", mine, 400, "invalid_request"},
			{"nonsense", "/oauth2/revoke", token, 400, "invalid_request"},
		} {
			a := d.simulate(c.value, c.path, c.form)
			if a.refused(t, c.status, c.code); (c.status == 429 || c.status == 503) != (a.header.Get("Retry-After") != "") {
				t.Errorf("%s at %s: Retry-After %q", c.value, c.path, a.header.Get("Retry-After"))
			}
		}
		if admitted != 0 {
			t.Errorf("%d refusals counted against the rate", admitted)
		}
		if a := d.simulate("token_expired", "/oauth2/introspect", token); a.status != 200 || a.text != `{"active":false}` {
			t.Errorf("introspection of a token that is supposed to have expired: %d %s", a.status, a.text)
		}
		if a := d.simulate("token_unknown", "/oauth2/revoke", token); a.status != 200 {
			t.Errorf("revocation of a token that is supposed to be unknown: %d %s", a.status, a.text)
		}
		if a := d.simulate("slow", "/oauth2/introspect", token); a.status != 200 || a.body["active"] != true {
			t.Errorf("a refusal that was supposed took something: %d %s", a.status, a.text)
		}
		if a := d.simulate("", "/oauth2/token", refresh); a.status != 200 {
			t.Errorf("the refresh token is used up: %d %s", a.status, a.text)
		}
		bad := *d.world
		bad.secret = "wrong"
		(&door{&bad, d.url}).simulate("rate_used", "/oauth2/token", mine).refused(t, 401, "invalid_client")
	})
}
