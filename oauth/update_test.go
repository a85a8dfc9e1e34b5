package oauth_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
)

// What a request does not name stays; what it names as nothing is removed.
func TestAnUpdateTellsAbsentFromNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		issued := w.issue(oauth.IssueInput{Name: "n", TTL: time.Hour, Limits: pontage.Limits{
			TotalRequests: ptr(int64(5)), WalletAmount: ptr(pontage.Money(7)), IP: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		}})
		update := func(in oauth.UpdateInput) *oauth.Detail {
			t.Helper()
			d, err := w.Update(t.Context(), w.by(), issued.TokenID, in)
			must(t, err)
			return d
		}
		d := update(oauth.UpdateInput{})
		if d.Name != "n" || *d.Limits.TotalRequests != 5 || len(d.Limits.IP) != 1 || len(d.Scopes) != 4 || !d.ExpiresAt.Equal(issued.ExpiresAt) {
			t.Fatalf("an empty update changed %+v", d)
		}
		d = update(oauth.UpdateInput{Limits: &oauth.LimitsUpdate{
			TotalRequests: oauth.Change[int64]{Set: true}, WalletRequests: oauth.Change[int64]{Set: true, Value: ptr(int64(0))},
		}})
		if d.Limits.TotalRequests != nil || *d.Limits.WalletRequests != 0 || *d.Limits.WalletAmount != 7 || len(d.Limits.IP) != 1 {
			t.Fatalf("limits %+v", d.Limits)
		}
		d = update(oauth.UpdateInput{Limits: ptr(oauth.NoLimits()), Name: ptr(""), Scopes: &[]string{"GET:geo.example.com/root"}, TTL: ptr(time.Minute)})
		if d.Limits.WalletRequests != nil || d.Limits.WalletAmount != nil || len(d.Limits.IP) != 0 || d.Name != "" || len(d.Scopes) != 1 ||
			!d.ExpiresAt.Equal(w.clock.Now().Add(time.Minute)) {
			t.Fatalf("got %+v", d)
		}
		admission, err := w.Admit(t.Context(), issued.Bearer)
		must(t, err)
		if len(admission.Scopes) != 1 || admission.Version != d.Version {
			t.Fatalf("admitted with %d scopes at version %d", len(admission.Scopes), admission.Version)
		}
	})
}

func TestWhatIsWrongWithAnUpdateIsNamed(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		issued := w.issue(oauth.IssueInput{})
		for field, in := range map[string]oauth.UpdateInput{
			"/name":                {Name: ptr("\n")},
			"/scopes/0":            {Scopes: &[]string{"a b"}},
			"/limits/walletAmount": {Limits: &oauth.LimitsUpdate{WalletAmount: oauth.Change[pontage.Money]{Set: true, Value: ptr(pontage.Money(-1))}}},
		} {
			_, err := w.Update(t.Context(), w.by(), issued.TokenID, in)
			wantCode(t, err, pontage.InvalidInput, field)
		}
		_, err := w.Update(t.Context(), w.by(), issued.TokenID, oauth.UpdateInput{Scopes: ptr([]string(nil))})
		wantCode(t, err, pontage.InvalidInput, "/scopes")
	})
}

// Two people who change different things at once must both find their change.
func TestParallelUpdatesLoseNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		second := again()
		issued := w.issue(oauth.IssueInput{})
		done := make(chan error, 20)
		for i := range 10 {
			go func() {
				_, err := w.Update(t.Context(), w.by(), issued.TokenID, oauth.UpdateInput{Name: ptr(fmt.Sprint("name ", i))})
				done <- err
			}()
			go func() {
				limit := oauth.Change[int64]{Set: true, Value: ptr(int64(i))}
				_, err := second.Update(t.Context(), w.by(), issued.TokenID, oauth.UpdateInput{Limits: &oauth.LimitsUpdate{TotalRequests: limit}})
				done <- err
			}()
		}
		for range 20 {
			must(t, <-done)
		}
		d, err := w.Token(t.Context(), w.by(), issued.TokenID)
		must(t, err)
		if d.Version != issued.Version+20 || d.Name == "" || d.Limits.TotalRequests == nil {
			t.Fatalf("got %+v", d)
		}
	})
}

// A bearer may narrow any token of its account and widen it only into what it has itself.
func TestABearerWidensOnlyIntoItself(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		all, one := []string{"*:*/*"}, []string{"GET:geo.example.com/root"}
		writer := w.bearerActor(w.issue(oauth.IssueInput{Scopes: one, TTL: time.Hour}).Bearer)
		wide := w.issue(oauth.IssueInput{Scopes: all})
		narrow := w.issue(oauth.IssueInput{Scopes: one, TTL: time.Minute, Limits: pontage.Limits{TotalRequests: ptr(int64(1))}})
		update := func(id pontage.TokenID, in oauth.UpdateInput) error {
			_, err := w.Update(t.Context(), writer, id, in)
			return err
		}
		must(t, update(wide.TokenID, oauth.UpdateInput{Name: ptr("renamed")}))
		must(t, update(wide.TokenID, oauth.UpdateInput{Limits: &oauth.LimitsUpdate{TotalRequests: oauth.Change[int64]{Set: true, Value: ptr(int64(3))}}}))
		wantCode(t, update(wide.TokenID, oauth.UpdateInput{Limits: ptr(oauth.NoLimits())}), pontage.Forbidden, "/scopes")
		wantCode(t, update(narrow.TokenID, oauth.UpdateInput{Scopes: &all}), pontage.Forbidden, "/scopes")
		wantCode(t, update(narrow.TokenID, oauth.UpdateInput{TTL: ptr(2 * time.Hour)}), pontage.Forbidden, "/ttl")
		must(t, update(narrow.TokenID, oauth.UpdateInput{Limits: ptr(oauth.NoLimits())}))
		must(t, update(wide.TokenID, oauth.UpdateInput{Scopes: &one}))
	})
}

func TestARevokedTokenCannotBeChanged(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		issued := w.issue(oauth.IssueInput{})
		must(t, w.Revoke(t.Context(), w.by(), issued.TokenID))
		wantCode(t, w.Revoke(t.Context(), w.by(), issued.TokenID), pontage.NotFound, "")
		_, err := w.Update(t.Context(), w.by(), issued.TokenID, oauth.UpdateInput{Name: ptr("x")})
		wantCode(t, err, pontage.NotFound, "")
	})
}
