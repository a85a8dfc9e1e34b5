package oauth_test

import (
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/storage/storagetest"
)

// untilThrough runs flow on stores that fail at the first, second, … step, until one gets through; after each failure check sees
// what is left. It says how many failures there were.
func untilThrough(t *testing.T, w *world, flow func(s *oauth.Service) error, check func()) int {
	t.Helper()
	for n := 1; ; n++ {
		failing := storagetest.FailAt(w.store.(pontage.Store), n)
		err := flow(w.over(failing))
		if !failing.Reached() {
			must(t, err)
			return n - 1
		}
		if pontage.CodeOf(err) != pontage.Unavailable {
			t.Fatalf("step %d failed and the answer is %v", n, err)
		}
		check()
	}
}

// A token that is half there would be a charge without an owner, or an owner without a way to end it.
func TestNoStepOfIssuingLeavesHalfAToken(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		failures := untilThrough(t, w, func(s *oauth.Service) error {
			_, err := s.Issue(t.Context(), w.by(), oauth.IssueInput{Scopes: []string{"*:*/*"}})
			return err
		}, func() {
			if list, err := w.Tokens(t.Context(), w.by(), pontage.Page{Limit: 10}); err != nil || len(list) != 0 {
				t.Fatalf("%d tokens, %v", len(list), err)
			}
		})
		if failures < 4 {
			t.Fatalf("only %d steps failed", failures)
		}
	})
}

// A rotation that fails anywhere must leave the old pair as good as it was: the partner has nothing else.
func TestNoStepOfARotationLosesThePair(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		pair := w.issue(oauth.IssueInput{})
		by := pontage.Actor{Kind: pontage.ActorRefresh, Refresh: pair.RefreshToken}
		var next *oauth.Issued
		failures := untilThrough(t, w, func(s *oauth.Service) error {
			var err error
			next, err = s.Rotate(t.Context(), by, pair.TokenID)
			return err
		}, func() {
			_, l, _, err := w.Authenticate(t.Context(), pair.Bearer)
			must(t, err)
			if l.Version != pair.Version {
				t.Fatalf("version %d", l.Version)
			}
		})
		if failures < 4 {
			t.Fatalf("only %d steps failed", failures)
		}
		_, _, _, err := w.Authenticate(t.Context(), next.Bearer)
		must(t, err)
	})
}

// A replay that could not be punished must not be answered as one that was; the next one is.
func TestAPunishmentThatFailedIsTriedAgain(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		old := w.issue(oauth.IssueInput{})
		next, err := w.rotate(old.RefreshToken, old.TokenID)
		must(t, err)
		for n := 1; n <= 2; n++ {
			s := w.over(storagetest.FailAt(w.store.(pontage.Store), n))
			_, err := s.Rotate(t.Context(), pontage.Actor{Kind: pontage.ActorRefresh, Refresh: old.RefreshToken}, old.TokenID)
			wantCode(t, err, pontage.Unavailable, "")
			_, _, _, err = w.Authenticate(t.Context(), next.Bearer)
			must(t, err)
		}
		_, err = w.rotate(old.RefreshToken, old.TokenID)
		wantCode(t, err, pontage.Unauthenticated, "refresh")
		_, _, _, err = w.Authenticate(t.Context(), next.Bearer)
		wantCode(t, err, pontage.TokenRevoked, "")
	})
}

func TestNoStepOfAnUpdateOrRevocationIsHalfDone(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		issued := w.issue(oauth.IssueInput{Name: "before"})
		before := func() {
			d, err := w.Token(t.Context(), w.by(), issued.TokenID)
			must(t, err)
			if d.Name != "before" || len(d.Scopes) != 4 || d.Version != issued.Version {
				t.Fatalf("half an update: %+v", d)
			}
		}
		untilThrough(t, w, func(s *oauth.Service) error {
			_, err := s.Update(t.Context(), w.by(), issued.TokenID, oauth.UpdateInput{Name: ptr("after"), Scopes: &[]string{"GET:geo.example.com/root"}})
			return err
		}, before)
		untilThrough(t, w, func(s *oauth.Service) error { return s.Revoke(t.Context(), w.by(), issued.TokenID) }, func() {
			if _, _, _, err := w.Authenticate(t.Context(), issued.Bearer); err != nil {
				t.Fatal(err)
			}
		})
		_, _, _, err := w.Authenticate(t.Context(), issued.Bearer)
		wantCode(t, err, pontage.TokenRevoked, "")
	})
}

// An operator who forgot something is told all of it at once, and no default stands in for a key.
func TestConfigurationProblemsAreAllNamed(t *testing.T) {
	_, err := oauth.New(oauth.Config{Issuer: "oauth.example.com", AccessTTL: -1, CacheSize: -1})
	if err == nil {
		t.Fatal("an empty configuration was taken")
	}
	for _, name := range []string{"Store", "Clock", "Credentials", "Scopes", "Clients", "Issuer", "AccessTTL", "CacheSize"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
	for _, issuer := range []string{"", "https://", "ftp://a", "https://a/b", "https://a?b", "https://a#b", "https://u@a"} {
		if _, err := oauth.New(oauth.Config{Issuer: issuer}); err == nil || !strings.Contains(err.Error(), "Issuer") {
			t.Errorf("issuer %q was taken", issuer)
		}
	}
}
