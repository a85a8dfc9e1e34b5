package oauth_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
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
