package oauth_test

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// Whichever text of a family its owner hands in, all of the family is dead, on every instance.
func TestRevocationKillsTheFamily(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		d, second := w.serve(), again()
		for _, name := range []string{"bearer", "refresh token", "old bearer", "old refresh token"} {
			t.Run(name, func(t *testing.T) {
				old := w.issue(oauth.IssueInput{})
				next, err := w.rotate(old.RefreshToken, old.TokenID)
				must(t, err)
				text := map[string]string{
					"bearer": next.Bearer, "refresh token": next.RefreshToken, "old bearer": old.Bearer, "old refresh token": old.RefreshToken,
				}[name]
				for range 2 { // the second time there is nothing left to do, and that is success too
					if a := d.post("/oauth2/revoke", form("token", text)); a.status != 200 || a.text != "" {
						t.Fatalf("%d %s", a.status, a.text)
					}
				}
				_, _, _, err = second.Authenticate(t.Context(), next.Bearer)
				wantCode(t, err, pontage.TokenRevoked, "")
				_, err = second.rotate(next.RefreshToken, next.TokenID)
				wantCode(t, err, pontage.Unauthenticated, "refresh")
			})
		}
	})
}

func TestRevocationOfWhatIsNotOursIsSilentAndWithoutEffect(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		d := w.serve()
		stranger, secret := w.newClient(w.other.ID)
		pair := w.issue(oauth.IssueInput{})
		unknown := w.credentials.New(string(pontage.NewTokenID(w.clock.Now())))
		for _, text := range []string{pair.Bearer, pair.RefreshToken, unknown, "x", string(pair.TokenID)} {
			if a := d.postAs(string(stranger.ID), secret, "/oauth2/revoke", form("token", text)); a.status != 200 || a.text != "" {
				t.Fatalf("%d %s", a.status, a.text)
			}
		}
		_, _, _, err := w.Authenticate(t.Context(), pair.Bearer)
		must(t, err)
		d.post("/oauth2/revoke", form("a", "b")).refused(t, 400, "invalid_request")
		d.postAs("", "", "/oauth2/revoke", form("token", pair.Bearer)).refused(t, 401, "invalid_client")
	})
}

// CVE-2020-15223: a store that fails must never look like a revocation that worked, nor like anything else that is over.
func TestCVE_2020_15223_AFailingStoreIsNeverSuccess(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		pair := w.issue(oauth.IssueInput{})
		used := w.issue(oauth.IssueInput{})
		next, err := w.rotate(used.RefreshToken, used.TokenID)
		must(t, err)
		for name, store := range map[string]oauth.Store{"reads and writes": &broken{w.store}, "writes": &brokenWrites{w.store}} {
			d := w.serveHandler(w.over(store).Handler())
			for path, f := range map[string][]string{
				"/oauth2/revoke": {"token", pair.Bearer, "token_type_hint", "access_token"},
				"/oauth2/token":  {"grant_type", "refresh_token", "refresh_token", pair.RefreshToken},
			} {
				d.post(path, form(f...)).refused(t, 503, "temporarily_unavailable")
			}
			a := d.post("/oauth2/revoke", form("token", pair.RefreshToken))
			a.refused(t, 503, "temporarily_unavailable")
			if a.header.Get("Retry-After") != "1" {
				t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
			}
			d.post("/oauth2/token", form("grant_type", "client_credentials")).refused(t, 503, "temporarily_unavailable")
			d.post("/oauth2/token", form("grant_type", "refresh_token", "refresh_token", used.RefreshToken)).refused(t, 503, "temporarily_unavailable")
			if name != "writes" {
				d.post("/oauth2/introspect", form("token", pair.Bearer)).refused(t, 503, "temporarily_unavailable")
			}
		}
		for _, bearer := range []string{pair.Bearer, next.Bearer} {
			_, _, _, err = w.Authenticate(t.Context(), bearer)
			must(t, err)
		}
	})
}

// A revoked client secret or a disabled client gets nothing more.
func TestWhatEndsAClient(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		d, cc := w.serve(), form("grant_type", "client_credentials")
		if a := d.post("/oauth2/token", cc); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.text)
		}
		_, err := w.partner.SetDisabled(t.Context(), pontage.Operator(), w.client.ID, true)
		must(t, err)
		d.post("/oauth2/token", cc).refused(t, 401, "invalid_client")
		_, err = w.partner.SetDisabled(t.Context(), pontage.Operator(), w.client.ID, false)
		must(t, err)
		w.clock.Advance(time.Second)
		if a := d.post("/oauth2/token", cc); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.text)
		}
	})
}
