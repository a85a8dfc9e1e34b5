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
