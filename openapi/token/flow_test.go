package token_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// A partner's script creates, lists, reads, changes, rotates and deletes a token; if any step moved, scripts would break.
func TestATokenLivesThroughAllItsOperations(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newWorld(t, open())
		w.credit(w.ann, "10")
		made := w.create(w.ann, `{"scopes":["`+startScope+`"],"name":"nightly","ttl":3600,"limits":{"totalRequests":10,"walletAmount":1.23456789,"ip":["192.0.2.10","2001:db8::/32"]}}`)
		if !strings.HasPrefix(made.Token, "pt_test_") || made.RefreshToken == nil {
			t.Fatalf("created: %+v", made)
		}
		if made.Limits["walletAmount"] != 1.234568 || made.Limits["walletRequests"] != nil || made.Name != "nightly" {
			t.Errorf("created: %+v", made)
		}
		w.call(made.Token, "GET", "/IT-start/1", 200)
		var list []tokenData
		w.client.do("GET", "/tokens", basic(w.ann), "").ok(&list)
		if len(list) != 1 || list[0].Token != made.id() || list[0].RefreshToken != nil || list[0].Stats["totalRequests"] != 1.0 {
			t.Errorf("list: %+v", list)
		}
		for _, reference := range []string{made.id(), made.Token} {
			var shown tokenData
			w.client.do("GET", "/tokens/"+reference, basic(w.ann), "").ok(&shown)
			if shown.Token != made.id() || shown.RefreshToken != nil || shown.Stats["walletAmount"] != 0.05 {
				t.Errorf("detail: %+v", shown)
			}
		}
		var changed tokenData
		w.client.do("PATCH", "/tokens/"+made.id(), basic(w.ann), `{"name":"hourly","limits":{"walletAmount":null}}`).ok(&changed)
		if changed.Name != "hourly" || changed.Limits["walletAmount"] != nil || changed.Limits["totalRequests"] != 10.0 {
			t.Errorf("changed: %+v", changed)
		}
		var rotated tokenData
		w.client.do("PATCH", "/tokens/"+made.id(), bearer(*made.RefreshToken), "").ok(&rotated)
		if rotated.Token == made.Token || rotated.RefreshToken == nil || *rotated.RefreshToken == *made.RefreshToken ||
			rotated.Stats["totalRequests"] != 1.0 || rotated.Limits["totalRequests"] != 10.0 {
			t.Errorf("rotated: %+v", rotated)
		}
		w.client.do("GET", "/tokens/"+made.id(), basic(w.ann), "").fails(404, 120, "Not Found")
		w.client.do("DELETE", "/tokens/"+rotated.id(), basic(w.ann), "").ok(nil)
		w.client.do("DELETE", "/tokens/"+rotated.id(), basic(w.ann), "").fails(404, 180, "Not Found")
	})
}

// A stolen refresh token is worth nothing once its owner used it, and its use ends the thief's token too.
func TestARefreshTokenUsedTwiceKillsTheToken(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		w := newWorld(t, open())
		made := w.create(w.ann, `{"scopes":["GET:`+platformHost+`/wallet"]}`)
		var rotated tokenData
		w.client.do("PATCH", "/tokens/"+made.id(), bearer(*made.RefreshToken), "{}").ok(&rotated)
		w.client.do("GET", "/wallet", bearer(rotated.Token), "").ok(nil)
		w.client.do("PATCH", "/tokens/"+made.id(), bearer(*made.RefreshToken), "").fails(401, 130, "Unauthorized")
		r := w.client.do("GET", "/wallet", bearer(rotated.Token), "").fails(401, 1421, "")
		if r.header.Get("WWW-Authenticate") == "" {
			t.Errorf("no challenge: %v", r.header)
		}
		w.client.do("PATCH", "/tokens/"+rotated.id(), bearer(*rotated.RefreshToken), "").fails(401, 130, "Unauthorized")
	})
}

// Each credential opens what it should and nothing else.
func TestTheThreeWaysToAuthenticate(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	made := w.create(w.ann, `{"scopes":["GET:`+platformHost+`/stats"],"limits":{"ip":["127.0.0.1"]}}`)
	w.client.do("GET", "/stats", bearer(made.Token), "").ok(nil)
	w.client.do("GET", "/stats/ips", "bearer "+made.Token, "").ok(nil)
	w.client.do("GET", "/wallet", bearer(made.Token), "").fails(403, 1413, "")
	w.client.do("GET", "/stats", bearer(made.Token), "", "X-Forwarded-For", "192.0.2.99").fails(403, 1443, "")
	w.client.do("GET", "/stats", bearer(*made.RefreshToken), "").fails(401, 1401, "Unauthorized")
	upper := w.ann
	upper.email = strings.ToUpper(upper.email)
	w.client.do("GET", "/stats", basic(upper), "").ok(nil)
	for name, authorization := range map[string]string{
		"none": "", "garbage": "Bearer x", "wrong key": basic(person{email: w.ann.email, key: w.bob.key}), "empty": "Bearer ",
		"other scheme": "Digest x", "no base64": "Basic ::", "token as key": basic(person{email: w.ann.email, key: made.Token}),
	} {
		if r := w.client.do("GET", "/stats", authorization, "").fails(401, 1401, "Unauthorized"); r.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no challenge", name)
		}
		w.client.do("PATCH", "/tokens/"+made.id(), authorization, "{}").fails(401, 140, "Unauthorized")
	}
	w.clock.Advance(366 * 24 * 3600e9)
	w.client.do("GET", "/stats", bearer(made.Token), "").fails(401, 1411, "")
}

// What one account has is not there for another, whatever it asks.
func TestAnotherAccountsTokenIsNotFound(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	made := w.create(w.ann, `{"scopes":["`+startScope+`"]}`)
	w.client.do("GET", "/tokens/"+made.id(), basic(w.bob), "").fails(404, 120, "Not Found")
	w.client.do("PATCH", "/tokens/"+made.id(), basic(w.bob), "{}").fails(404, 160, "Not Found")
	w.client.do("DELETE", "/tokens/"+made.id(), basic(w.bob), "").fails(404, 180, "Not Found")
	w.client.do("GET", "/tokens?id="+made.id(), basic(w.bob), "").fails(404, 120, "Not Found")
	var list []tokenData
	if w.client.do("GET", "/tokens", basic(w.bob), "").ok(&list); len(list) != 0 {
		t.Errorf("list: %+v", list)
	}
}

// A bearer that makes tokens cannot make a stronger one.
func TestABearerGivesOnlyWhatItHas(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	maker := w.create(w.ann, `{"scopes":["POST:`+platformHost+`/tokens","`+startScope+`"],"limits":{"totalRequests":5}}`)
	w.client.do("POST", "/tokens", bearer(maker.Token), `{"scopes":["`+startScope+`"],"limits":{"totalRequests":5}}`).ok(nil)
	for _, body := range []string{
		`{"scopes":["` + startScope + `"]}`,
		`{"scopes":["` + startScope + `"],"limits":{"totalRequests":6}}`,
		`{"scopes":["GET:` + platformHost + `/wallet"],"limits":{"totalRequests":5}}`,
	} {
		w.client.do("POST", "/tokens", bearer(maker.Token), body).fails(http.StatusForbidden, 1403, "")
	}
	star := w.create(w.ann, `{"scopes":["*:*/*"]}`)
	for _, s := range star.Scopes {
		if strings.HasSuffix(s, platformHost+"/tokens") && !strings.HasPrefix(s, "GET:") {
			t.Errorf("a star gave %s", s)
		}
	}
	w.client.do("POST", "/tokens", bearer(star.Token), `{"scopes":["`+startScope+`"]}`).fails(403, 1413, "")
}
