package oauth_test

import (
	"slices"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// What a partner did not enable for a client never comes into a token of that client, however it is asked for.
func TestAClientsTokensCarryWhatIsEnabledForIt(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, second func() *world) {
		other := second()
		by := pontage.Actor{Kind: pontage.ActorClient, AccountID: w.account.ID, ClientID: w.client.ID}
		issue := func(by pontage.Actor, patterns ...string) ([]string, error) {
			issued, err := w.Issue(t.Context(), by, oauth.IssueInput{Scopes: patterns})
			if err != nil {
				return nil, err
			}
			return issued.Scopes, nil
		}
		choose := func(id pontage.ScopeID, enabled bool) {
			must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error {
				return tx.PutClientScopes(t.Context(), []pontage.ClientScope{{ClientID: w.client.ID, ScopeID: id, Enabled: enabled, UpdatedAt: w.clock.Now()}})
			}))
			w.ForgetOwners() // as package partner's Changed does
		}
		if got, err := issue(by, "*:*/*"); err != nil || len(got) != 4 {
			t.Fatalf("without a choice: %v, %v", got, err)
		}
		_, err := other.Issue(t.Context(), by, oauth.IssueInput{Scopes: []string{"*:*/*"}})
		must(t, err)
		choose("sco_0", true)
		if got, err := issue(by, "*:*/*"); err != nil || !slices.Equal(got, []string{"GET:company.example.com/IT-start"}) {
			t.Errorf("%v, %v", got, err)
		}
		_, err = issue(by, "GET:company.example.com/IT-start", "GET:geo.example.com/root")
		if e := pontage.Public(err); e.Code != pontage.Unprocessable || e.Field != "/scopes/1" {
			t.Errorf("named: %v", err)
		}
		w.clock.Advance(pontage.Freshness)
		if seen, err := other.Issue(t.Context(), by, oauth.IssueInput{Scopes: []string{"*:*/*"}}); err != nil || len(seen.Scopes) != 1 {
			t.Errorf("another instance, a second later: %+v, %v", seen, err)
		}
		if got, err := issue(w.by(), "*:*/*"); err != nil || len(got) != 4 {
			t.Errorf("a token of the account itself: %v, %v", got, err)
		}
		bearer, err := w.Issue(t.Context(), by, oauth.IssueInput{Scopes: []string{"*:*/*"}})
		must(t, err)
		patterns := []string{"GET:geo.example.com/root"}
		_, err = w.Update(t.Context(), w.by(), bearer.TokenID, oauth.UpdateInput{Scopes: &patterns})
		if pontage.CodeOf(err) != pontage.Unprocessable {
			t.Errorf("an update: %v", err)
		}
		choose("sco_0", false)
		_, err = issue(by, "*:*/*")
		if e := pontage.Public(err); e.Code != pontage.Unprocessable || e.Field != "/scopes" {
			t.Errorf("with nothing enabled: %v", err)
		}
	})
}

// What a client's account has disabled for it since is not given again: a rotation drops it, keeps the rest, and says so in the scopes it shows. A
// token out keeps what it has until then.
func TestARotationDropsWhatTheClientHasDisabledMeanwhile(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		pair, err := w.Issue(t.Context(), w.by(), oauth.IssueInput{ClientID: w.client.ID, Scopes: []string{"*:*/*"}})
		must(t, err)
		if len(pair.Scopes) != 4 {
			t.Fatalf("%v", pair.Scopes)
		}
		choose := func(id pontage.ScopeID, enabled bool) {
			must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error {
				return tx.PutClientScopes(t.Context(), []pontage.ClientScope{{ClientID: w.client.ID, ScopeID: id, Enabled: enabled, UpdatedAt: w.clock.Now()}})
			}))
		}
		choose("sco_0", true)
		choose("sco_1", true)
		choose("sco_1", false)
		if out, err := w.Admit(t.Context(), pair.Bearer); err != nil || len(out.Scopes) != 4 {
			t.Errorf("a token that is out: %+v, %v", out, err)
		}
		next, err := again().rotate(pair.RefreshToken, pair.TokenID)
		must(t, err)
		admitted, err := w.Admit(t.Context(), next.Bearer)
		must(t, err)
		if !slices.Equal(next.Scopes, []string{"GET:company.example.com/IT-start"}) || len(admitted.Scopes) != 1 {
			t.Errorf("shown %v, admitted %v", next.Scopes, admitted.Scopes)
		}
		// What is enabled again is not in the token any more: it is asked for anew.
		choose("sco_1", true)
		if next, err = w.rotate(next.RefreshToken, next.TokenID); err != nil || len(next.Scopes) != 1 {
			t.Errorf("%v, %v", next, err)
		}
	})
}
