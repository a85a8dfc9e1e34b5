package oauth_test

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// What people and accounts do to tokens can be looked up later, without a secret; what programs do by the thousand does not bury it.
func TestWhatPeopleDoToTokensIsInTheAuditLog(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		person := pontage.Actor{Kind: pontage.ActorUser, AccountID: w.account.ID, UserID: "usr_1", SessionID: "ses_1"}
		made, err := w.Issue(t.Context(), person, oauth.IssueInput{Name: "till", Scopes: []string{"*:*/*"}, Limits: pontage.Limits{TotalRequests: ptr(int64(9))}})
		must(t, err)
		program := w.bearerActor(made.Bearer)
		w.clock.Advance(time.Second)
		_, err = w.Update(t.Context(), program, made.TokenID, oauth.UpdateInput{Limits: &oauth.LimitsUpdate{TotalRequests: oauth.Change[int64]{Set: true, Value: ptr(int64(8))}}})
		must(t, err)
		_, err = w.Update(t.Context(), w.by(), made.TokenID, oauth.UpdateInput{Name: ptr("shop")})
		must(t, err)
		w.clock.Advance(time.Second)
		refresh := person
		refresh.Kind, refresh.Refresh = pontage.ActorRefresh, made.RefreshToken
		next, err := w.Rotate(t.Context(), refresh, made.TokenID)
		must(t, err)
		w.clock.Advance(time.Second)
		_, err = w.Rotate(t.Context(), refresh, made.TokenID) // whoever comes twice ends it all
		wantCode(t, err, pontage.Unauthenticated, "refresh")

		entries, err := w.store.(pontage.Store).AuditEntries(t.Context(), pontage.AuditQuery{AccountID: w.account.ID, Action: "token.", Page: pontage.Keyset{Limit: 20, OldestFirst: true}})
		must(t, err)
		var got []string
		for _, e := range entries {
			got = append(got, e.Action+" "+string(e.Actor))
		}
		want := []string{"token.create user", "token.update account", "token.rotate user", "token.revoke system"}
		if len(got) != len(want) {
			t.Fatalf("%v, want %v", got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("entry %d is %s, want %s", i, got[i], want[i])
			}
		}
		first, update := entries[0], entries[1]
		if first.Target != string(program.Bearer.ID) || first.ActorID != "usr_1" || first.After["name"] != "till" || first.After["totalRequests"] != "9" {
			t.Errorf("%+v", first)
		}
		if update.Before["name"] != "till" || update.After["name"] != "shop" || update.After["totalRequests"] != "" {
			t.Errorf("%+v", update)
		}
		if next.TokenID == made.TokenID {
			t.Error("not rotated")
		}
	})
}
