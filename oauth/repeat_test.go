package oauth_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// keyed asks for a token under a key.
func (d *door) keyed(key string, form url.Values) answer {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url+"/oauth2/token", strings.NewReader(form.Encode()))
	must(d.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set(pontage.IdempotencyHeader, key)
	r.SetBasicAuth(url.QueryEscape(string(d.client.ID)), url.QueryEscape(d.secret))
	return d.do(r)
}

// A program whose answer was lost asks again and gets the same token, on any instance.
func TestATokenRequestIsRepeatedUnderItsKey(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		d, other := w.serve(), again().serve()
		ask := form("grant_type", "client_credentials", "scope", "GET:geo.example.com/root")
		first := d.keyed("k", ask)
		plain := d.post("/oauth2/token", ask)
		if first.status != 200 || len(first.body) != len(plain.body) || first.header.Get("Content-Type") != plain.header.Get("Content-Type") ||
			first.body["expires_in"] != plain.body["expires_in"] || first.body["token_type"] != plain.body["token_type"] || first.body["scope"] != plain.body["scope"] {
			t.Fatalf("with a key %s, without %s", first.text, plain.text)
		}
		for _, second := range []answer{d.keyed("k", ask), other.keyed("k", ask)} {
			if second.status != 200 || second.text != first.text || second.header.Get(pontage.IdempotencyReplayed) != "true" || second.header.Get("Cache-Control") != "no-store" {
				t.Errorf("repeat: %d %s %v", second.status, second.text, second.header)
			}
		}
		d.keyed("k", form("grant_type", "client_credentials")).refused(t, 422, "invalid_request")
		d.keyed(strings.Repeat("k", 256), ask).refused(t, 400, "invalid_request")
		d.keyed("j", form("grant_type", "client_credentials", "scope", "GET:nowhere.example.com/x")).refused(t, 400, "invalid_scope")
		if retried := d.keyed("j", ask); retried.status != 200 || retried.text == first.text {
			t.Errorf("after a failure: %d %s", retried.status, retried.text)
		}
		_, err := w.Admit(t.Context(), first.body["access_token"].(string))
		must(t, err)
	})
}

// Under its key a rotation may come many times, at once and on two instances, and stays one; without it the second is a theft.
func TestARefreshGrantIsRepeatedUnderItsKeyOnly(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		doors := []*door{w.serve(), again().serve()}
		ask := form("grant_type", "refresh_token", "refresh_token", w.issue(oauth.IssueInput{}).RefreshToken)
		answers := make([]answer, 40)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { answers[i] = doors[i%2].keyed("k", ask) })
		}
		all.Wait()
		var text string
		counts := map[string]int{}
		for _, a := range answers {
			counts[http.StatusText(a.status)+a.header.Get(pontage.IdempotencyReplayed)]++
			if a.status == http.StatusOK && text == "" {
				text = a.text
			}
			if a.status == http.StatusOK && a.text != text || a.status != http.StatusOK && a.status != http.StatusConflict {
				t.Errorf("%d %s", a.status, a.text)
			}
		}
		t.Logf("%v", counts)
		if counts["OK"] != 1 {
			t.Errorf("answers %v", counts)
		}
		last := doors[1].keyed("k", ask)
		if last.text != text || last.body["refresh_token"] == nil {
			t.Fatalf("repeat: %d %s", last.status, last.text)
		}
		bearer := last.body["access_token"].(string)
		_, err := w.Admit(t.Context(), bearer)
		must(t, err)
		doors[0].post("/oauth2/token", ask).refused(t, 400, "invalid_grant")
		_, err = w.Readmit(t.Context(), bearer)
		wantCode(t, err, pontage.TokenRevoked, "")
	})
}
