package oauth_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/storage/storagetest"
)

// A question about a token must be decided on the facts its own bearer would bring, and only for its owner.
func TestFactsAreWhatTheBearerWouldBring(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		issued := w.issue(oauth.IssueInput{TTL: time.Hour})
		want, err := w.Admit(t.Context(), issued.Bearer)
		must(t, err)
		got, err := w.Facts(t.Context(), w.by(), issued.TokenID)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
		stranger := pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_other"}
		for _, c := range []struct {
			by pontage.Actor
			id pontage.TokenID
		}{{stranger, issued.TokenID}, {w.by(), "65f0c0ffee0123456789abcd"}, {w.by(), "nonsense"}, {pontage.Actor{}, issued.TokenID}} {
			if _, err := w.Facts(t.Context(), c.by, c.id); pontage.CodeOf(err) != pontage.NotFound {
				t.Errorf("%v asking for %s: %v", c.by, c.id, err)
			}
		}
		disable(t, w, storagetest.Start)
		w.clock.Advance(2 * time.Second)
		if _, err := w.Facts(t.Context(), w.by(), issued.TokenID); pontage.CodeOf(err) != pontage.Unauthenticated {
			t.Errorf("a disabled account: %v", err)
		}
		disable(t, w, time.Time{})
		w.clock.Advance(2 * time.Hour)
		if _, err := w.Facts(t.Context(), w.by(), issued.TokenID); err != nil {
			t.Errorf("an expired token: %v", err)
		}
		must(t, w.Revoke(t.Context(), w.by(), issued.TokenID))
		if _, err := w.Facts(t.Context(), w.by(), issued.TokenID); pontage.CodeOf(err) != pontage.NotFound {
			t.Errorf("a revoked token: %v", err)
		}
	})
}

// disable shuts the account out from then on; zero lets it in again.
func disable(t *testing.T, w *world, at time.Time) {
	t.Helper()
	a := w.account
	a.DisabledAt = at
	must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error { return tx.UpdateAccount(t.Context(), a) }))
}
