package oauth_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// What a resource server is told must be what the token is, with what is left of its limits.
func TestIntrospectionOfALivingToken(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		d := w.serve()
		issued := w.issue(oauth.IssueInput{Scopes: []string{"GET:geo.example.com/root"}, TTL: time.Hour, Limits: pontage.Limits{
			TotalRequests: ptr(int64(9)), WalletAmount: ptr(pontage.Money(1_250_000)), IP: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")},
		}})
		a := d.post("/oauth2/introspect", form("token", issued.Bearer))
		limits, _ := a.body["limits"].(map[string]any)
		if a.status != 200 || a.body["active"] != true || a.body["scope"] != "GET:geo.example.com/root" || a.body["token_type"] != "bearer" ||
			a.body["sub"] != string(w.account.ID) || a.body["client_id"] != nil || a.body["exp"] != seconds(issued.ExpiresAt) ||
			a.body["iat"] != seconds(issued.CreatedAt) || limits["totalRequests"] != 9.0 || limits["walletAmount"] != 1.25 ||
			limits["ip"].([]any)[0] != "192.0.2.1" || limits["walletRequests"] != nil {
			t.Fatalf("%d %s", a.status, a.text)
		}
		if a.header.Get("Cache-Control") != "no-store" {
			t.Fatal("the answer may be cached")
		}
		own := d.post("/oauth2/token", form("grant_type", "client_credentials"))
		if a := d.post("/oauth2/introspect", form("token", own.body["access_token"].(string))); a.body["client_id"] != string(w.client.ID) {
			t.Fatalf("%s", a.text)
		}
	})
}

func seconds(at time.Time) any { return float64(at.Unix()) }

// A client learns nothing about what is not its account's: the answer is the same to the byte.
func TestIntrospectionRevealsNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		d := w.serve()
		stranger, secret := w.newClient(w.other.ID)
		living, revoked, expired := w.issue(oauth.IssueInput{}), w.issue(oauth.IssueInput{}), w.issue(oauth.IssueInput{TTL: time.Second})
		rotated := w.issue(oauth.IssueInput{})
		_, err := w.rotate(rotated.RefreshToken, rotated.TokenID)
		must(t, err)
		must(t, w.Revoke(t.Context(), w.by(), revoked.TokenID))
		w.clock.Advance(time.Second)
		// A client that was shut out has no living token, though another one of its account may ask.
		shut, shutSecret := w.newClient(w.account.ID)
		granted := d.postAs(string(shut.ID), shutSecret, "/oauth2/token", form("grant_type", "client_credentials"))
		disabled, _ := granted.body["access_token"].(string)
		if a := d.post("/oauth2/introspect", form("token", disabled)); a.body["active"] != true {
			t.Fatalf("before: %s", a.text)
		}
		_, err = w.partner.SetDisabled(t.Context(), pontage.Operator(), shut.ID, true)
		must(t, err)
		unknown := w.credentials.New(string(pontage.NewTokenID(w.clock.Now())))
		for name, a := range map[string]answer{
			"foreign":  d.postAs(string(stranger.ID), secret, "/oauth2/introspect", form("token", living.Bearer)),
			"unknown":  d.post("/oauth2/introspect", form("token", unknown)),
			"nothing":  d.post("/oauth2/introspect", form("token", "x")),
			"an id":    d.post("/oauth2/introspect", form("token", string(living.TokenID))),
			"refresh":  d.post("/oauth2/introspect", form("token", living.RefreshToken, "token_type_hint", "refresh_token")),
			"revoked":  d.post("/oauth2/introspect", form("token", revoked.Bearer)),
			"expired":  d.post("/oauth2/introspect", form("token", expired.Bearer)),
			"disabled": d.post("/oauth2/introspect", form("token", disabled)),
			"rotated":  d.post("/oauth2/introspect", form("token", rotated.Bearer)),
		} {
			if a.status != 200 || a.text != `{"active":false}` {
				t.Errorf("%s: %d %s", name, a.status, a.text)
			}
		}
		d.postAs("", "", "/oauth2/introspect", form("token", living.Bearer)).refused(t, 401, "invalid_client")
		d.postAs("", "", "/oauth2/introspect", form("token", living.Bearer, "access_token", living.Bearer)).refused(t, 401, "invalid_client")
		d.post("/oauth2/introspect", form("token_type_hint", "x")).refused(t, 400, "invalid_request")
	})
}
