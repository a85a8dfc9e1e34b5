package oauth_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// door is a world behind a real HTTP server, and a program that calls it.
type door struct {
	*world
	url string
}

type answer struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

func (w *world) serve() *door { return w.serveHandler(w.Handler()) }

func (w *world) serveHandler(h http.Handler) *door {
	server := httptest.NewServer(h)
	w.t.Cleanup(server.Close)
	return &door{w, server.URL}
}

// post sends a form with the client's secret in a Basic header.
func (d *door) post(path string, form url.Values) answer {
	d.t.Helper()
	return d.postAs(string(d.client.ID), d.secret, path, form)
}

func (d *door) postAs(id, secret, path string, form url.Values) answer {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url+path, strings.NewReader(form.Encode()))
	must(d.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if id != "" {
		r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	}
	return d.do(r)
}

func (d *door) do(r *http.Request) answer {
	d.t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Error(err) // not Fatal: requests are also sent by goroutines of a test
		return answer{}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	a := answer{status: response.StatusCode, header: response.Header, text: string(text)}
	if err == nil && len(text) > 0 {
		err = json.Unmarshal(text, &a.body)
	}
	if err != nil {
		d.t.Errorf("%d %q: %v", a.status, text, err)
	}
	return a
}

// refused checks status and OAuth error, and that nothing may be cached.
func (a answer) refused(t *testing.T, status int, code string) {
	t.Helper()
	if a.status != status || a.body["error"] != code || a.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("got %d %s (Cache-Control %q), want %d %s", a.status, a.text, a.header.Get("Cache-Control"), status, code)
	}
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// A program with a client gets a token, and that token is one like all others.
func TestClientCredentials(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		d := w.serve()
		for name, a := range map[string]answer{
			"basic": d.post("/oauth2/token", form("grant_type", "client_credentials", "scope", "GET:geo.example.com/root POST:mail.example.com/send")),
			"post": d.postAs("", "", "/oauth2/token", form("grant_type", "client_credentials", "client_id", string(w.client.ID),
				"client_secret", w.secret, "scope", "GET:geo.example.com/root POST:mail.example.com/send")),
		} {
			t.Run(name, func(t *testing.T) {
				bearer, _ := a.body["access_token"].(string)
				if a.status != 200 || a.body["token_type"] != "bearer" || a.body["expires_in"] != 3600.0 ||
					a.body["scope"] != "GET:geo.example.com/root POST:mail.example.com/send" || len(a.body) != 4 {
					t.Fatalf("%d %s", a.status, a.text)
				}
				if a.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
					t.Fatalf("header %v", a.header)
				}
				admission, err := w.Admit(t.Context(), bearer)
				must(t, err)
				if admission.ClientID != w.client.ID || admission.AccountID != w.account.ID || len(admission.Scopes) != 2 {
					t.Fatalf("admitted as %+v", admission)
				}
				detail, err := w.Token(t.Context(), w.by(), admission.TokenID)
				must(t, err)
				if detail.TTL != time.Hour {
					t.Fatalf("lives %s", detail.TTL)
				}
				must(t, w.Revoke(t.Context(), w.by(), admission.TokenID))
			})
		}
		if a := d.post("/oauth2/token", form("grant_type", "client_credentials")); len(strings.Fields(a.body["scope"].(string))) != 4 {
			t.Fatalf("without scope: %s", a.text)
		}
	})
}

// A program that has lost its mind must not fill the database with tokens; who proves nothing uses up nobody's rate.
func TestProvedClientsAreHeldToARate(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		counted := 0
		service, err := oauth.New(oauth.Config{
			Store: w.store, Clock: w.clock.Now, Credentials: w.credentials, Scopes: w.scopes, Clients: w.partner,
			Issuer: "https://oauth.example.com",
			Allow: func(by pontage.Actor) error {
				if counted++; by.ClientID != w.client.ID || counted > 3 {
					return pontage.E(pontage.RateLimited, "Too many requests.").After(7 * time.Second)
				}
				return nil
			},
		})
		must(t, err)
		d := w.serveHandler(service.Handler())
		d.postAs(string(w.client.ID), "wrong", "/oauth2/token", form("grant_type", "client_credentials")).refused(t, 401, "invalid_client")
		requests := []func() answer{
			func() answer { return d.post("/oauth2/token", form("grant_type", "client_credentials")) },
			func() answer { return d.post("/oauth2/introspect", form("token", "x")) },
			func() answer { return d.post("/oauth2/revoke", form("token", "x")) },
		}
		for _, request := range requests {
			if a := request(); a.status != 200 {
				t.Fatalf("%d %s", a.status, a.text)
			}
		}
		for _, request := range requests {
			a := request()
			if a.refused(t, 429, "temporarily_unavailable"); a.header.Get("Retry-After") != "7" {
				t.Fatalf("header %v", a.header)
			}
		}
	})
}

// A token made at POST /tokens is rotated at the OAuth door by a client of its account, and by no other.
func TestRefreshTokenGrant(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		d := w.serve()
		pair := w.issue(oauth.IssueInput{TTL: 2 * time.Hour, Limits: pontage.Limits{TotalRequests: ptr(int64(3))}})
		stranger, strangerSecret := w.newClient(w.other.ID)
		d.postAs(string(stranger.ID), strangerSecret, "/oauth2/token", form("grant_type", "refresh_token", "refresh_token", pair.RefreshToken)).
			refused(t, 400, "invalid_grant")
		a := d.post("/oauth2/token", form("grant_type", "refresh_token", "refresh_token", pair.RefreshToken))
		if a.status != 200 || a.body["expires_in"] != 7200.0 || len(strings.Fields(a.body["scope"].(string))) != 4 {
			t.Fatalf("%d %s", a.status, a.text)
		}
		admission, err := w.Admit(t.Context(), a.body["access_token"].(string))
		must(t, err)
		if admission.LineageID != pair.ID || admission.ClientID != "" {
			t.Fatalf("got %+v", admission)
		}
		b := d.post("/oauth2/token", form("grant_type", "refresh_token", "refresh_token", a.body["refresh_token"].(string)))
		if b.status != 200 {
			t.Fatalf("%d %s", b.status, b.text)
		}
		d.post("/oauth2/token", form("grant_type", "refresh_token", "refresh_token", a.body["refresh_token"].(string))).refused(t, 400, "invalid_grant")
		_, _, _, err = w.Authenticate(t.Context(), b.body["access_token"].(string))
		wantCode(t, err, pontage.TokenRevoked, "")
	})
}

// CVE-2026-55672: a refresh token of one client must be nothing to another, even of the same account.
func TestCVE_2026_55672_RefreshTokensAreBoundToTheirClient(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		d := w.serve()
		operator := pontage.Operator()
		operator.AccountID, operator.ClientID = w.account.ID, w.client.ID
		pair, err := w.Issue(t.Context(), operator, oauth.IssueInput{Scopes: []string{"*:*/*"}})
		must(t, err)
		sibling, secret := w.newClient(w.account.ID)
		grant := form("grant_type", "refresh_token", "refresh_token", pair.RefreshToken)
		d.postAs(string(sibling.ID), secret, "/oauth2/token", grant).refused(t, 400, "invalid_grant")
		if a := d.post("/oauth2/token", grant); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.text)
		}
	})
}

func TestWhatTheTokenEndpointRefuses(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		d := w.serve()
		cc := form("grant_type", "client_credentials")
		_, otherSecret := w.newClient(w.account.ID)
		for name, c := range map[string]struct {
			answer answer
			status int
			code   string
		}{
			"no grant type":     {d.post("/oauth2/token", form("a", "b")), 400, "invalid_request"},
			"empty form":        {d.post("/oauth2/token", nil), 400, "invalid_request"},
			"password grant":    {d.post("/oauth2/token", form("grant_type", "password")), 400, "unsupported_grant_type"},
			"two grant types":   {d.post("/oauth2/token", form("grant_type", "client_credentials refresh_token")), 400, "unsupported_grant_type"},
			"parameter twice":   {d.post("/oauth2/token", form("grant_type", "client_credentials", "scope", "a", "scope", "b")), 400, "invalid_request"},
			"unknown scope":     {d.post("/oauth2/token", form("grant_type", "client_credentials", "scope", "GET:x.example/y")), 400, "invalid_scope"},
			"audience":          {d.post("/oauth2/token", form("grant_type", "client_credentials", "audience", "https://x.example")), 400, "invalid_request"},
			"no refresh token":  {d.post("/oauth2/token", form("grant_type", "refresh_token")), 400, "invalid_grant"},
			"bad refresh token": {d.post("/oauth2/token", form("grant_type", "refresh_token", "refresh_token", "x")), 400, "invalid_grant"},
			"no client":         {d.postAs("", "", "/oauth2/token", cc), 401, "invalid_client"},
			"wrong secret":      {d.postAs(string(w.client.ID), "x", "/oauth2/token", cc), 401, "invalid_client"},
			"another's secret":  {d.postAs(string(w.client.ID), otherSecret, "/oauth2/token", cc), 401, "invalid_client"},
			"unknown client":    {d.postAs("cli_x", w.secret, "/oauth2/token", cc), 401, "invalid_client"},
			"assertion": {d.postAs("", "", "/oauth2/token", form("grant_type", "client_credentials", "client_id", string(w.client.ID),
				"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", "x")), 401, "invalid_client"},
			"large form": {d.post("/oauth2/token", form("grant_type", "client_credentials", "scope", strings.Repeat("x", 64<<10))), 413, "invalid_request"},
		} {
			t.Run(name, func(t *testing.T) {
				c.answer.refused(t, c.status, c.code)
				if challenge := c.answer.header.Get("WWW-Authenticate"); (c.status == 401) != strings.HasPrefix(challenge, "Basic ") {
					t.Errorf("WWW-Authenticate %q", challenge)
				}
			})
		}
		if list, err := w.Tokens(t.Context(), w.by(), pontage.Page{Limit: 10}); err != nil || len(list) != 0 {
			t.Fatalf("refusals left %d tokens, %v", len(list), err)
		}
	})
}

// Only forms are read, and credentials in the query string are none: they would end in logs.
func TestOnlyFormsByPost(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		d := w.serve()
		send := func(method, path, kind, body string) answer {
			r, err := http.NewRequestWithContext(t.Context(), method, d.url+path, strings.NewReader(body))
			must(t, err)
			r.Header.Set("Content-Type", kind)
			return d.do(r)
		}
		query := form("grant_type", "client_credentials", "client_id", string(w.client.ID), "client_secret", w.secret).Encode()
		for _, path := range []string{"/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"} {
			for _, method := range []string{"GET", "PUT", "DELETE"} {
				a := send(method, path, "application/x-www-form-urlencoded", "")
				a.refused(t, 405, "invalid_request")
				if a.header.Get("Allow") != "POST" {
					t.Fatalf("Allow %q", a.header.Get("Allow"))
				}
			}
			send("POST", path, "application/json", `{"grant_type":"client_credentials"}`).refused(t, 400, "invalid_request")
			send("POST", path, "multipart/form-data; boundary=x", "--x--").refused(t, 400, "invalid_request")
			send("POST", path, "application/x-www-form-urlencoded", "a=%zz").refused(t, 400, "invalid_request")
		}
		// A path that is not quite right is answered, never redirected with its secrets.
		for _, path := range []string{"/oauth2/nothing", "/oauth2//token", "/oauth2/token/", "/oauth2/x/../token"} {
			send("POST", path, "application/x-www-form-urlencoded", query).refused(t, 404, "invalid_request")
		}
		send("POST", "/oauth2/token?"+query, "application/x-www-form-urlencoded", "grant_type=client_credentials").refused(t, 401, "invalid_client")
	})
}

func TestMetadataIsTrue(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		d := w.serve()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.url+"/.well-known/oauth-authorization-server", nil)
		must(t, err)
		a := d.do(r)
		if a.status != 200 || a.body["issuer"] != "https://oauth.example.com" {
			t.Fatalf("%d %s", a.status, a.text)
		}
		for key, form := range map[string]url.Values{
			"token_endpoint":         form("grant_type", "client_credentials"),
			"introspection_endpoint": form("token", "x"),
			"revocation_endpoint":    form("token", "x"),
		} {
			path, ok := strings.CutPrefix(a.body[key].(string), "https://oauth.example.com")
			if answer := d.post(path, form); !ok || answer.status != 200 {
				t.Errorf("%s %v answers %d", key, a.body[key], answer.status)
			}
		}
		if len(a.body["response_types_supported"].([]any)) != 0 || len(a.body["grant_types_supported"].([]any)) != 2 {
			t.Fatalf("%s", a.text)
		}
	})
}

// The OAuth door has the same single success as every other: fosite reads the refresh token before it rotates, the unit decides.
func TestParallelRefreshGrants(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		doors := []*door{w.serve(), again().serve()}
		pair := w.issue(oauth.IssueInput{})
		grant := form("grant_type", "refresh_token", "refresh_token", pair.RefreshToken)
		answers := make(chan answer, 20)
		for i := range 20 {
			go func() { answers <- doors[i%2].post("/oauth2/token", grant) }()
		}
		won := 0
		for range 20 {
			a := <-answers
			if a.status == 200 {
				won++
				continue
			}
			a.refused(t, 400, "invalid_grant")
		}
		l, err := w.store.Lineage(t.Context(), pair.ID)
		must(t, err)
		if won > 1 || l.RevokedAt.IsZero() {
			t.Fatalf("%d won, revoked at %s", won, l.RevokedAt)
		}
	})
}
