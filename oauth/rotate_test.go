package oauth_test

import (
	"context"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/oauth"
)

// A rotation is a new pair for the same token: everything but the texts, the id and the expiry stays.
func TestRotationKeepsTheLineage(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		old := w.issue(oauth.IssueInput{Name: "n", TTL: time.Hour, Limits: pontage.Limits{TotalRequests: ptr(int64(7))}})
		w.clock.Advance(30 * time.Minute)
		next, err := again().rotate(old.RefreshToken, old.TokenID)
		must(t, err)
		if next.ID != old.ID || next.TokenID == old.TokenID || next.Bearer == old.Bearer || next.RefreshToken == old.RefreshToken ||
			*next.Limits.TotalRequests != 7 || next.Name != "n" || len(next.Scopes) != 4 || next.Version != old.Version+1 {
			t.Fatalf("got %+v", next)
		}
		if !next.ExpiresAt.Equal(w.clock.Now().Add(time.Hour)) {
			t.Fatalf("the lifetime did not start again: %s", next.ExpiresAt)
		}
		if _, err := w.Admit(t.Context(), next.Bearer); err != nil {
			t.Fatal(err)
		}
		// The old pair is dead at once: the bearer everywhere a row is read, the id for every door.
		_, err = w.Readmit(t.Context(), old.Bearer)
		wantCode(t, err, pontage.TokenRevoked, "")
		_, _, _, err = w.Authenticate(t.Context(), old.Bearer)
		wantCode(t, err, pontage.TokenRevoked, "")
		_, err = w.Token(t.Context(), w.by(), old.TokenID)
		wantCode(t, err, pontage.NotFound, "")
	})
}

// keycloak #50999: the order of generations must not hang on a clock that two rotations share.
func TestRotationsWithinOneInstantStayInOrder(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		pair := w.issue(oauth.IssueInput{})
		bearers := []string{pair.Bearer}
		for range 5 {
			next, err := w.rotate(pair.RefreshToken, pair.TokenID)
			must(t, err)
			pair, bearers = next, append(bearers, next.Bearer)
		}
		for i, bearer := range bearers {
			_, _, _, err := w.Authenticate(t.Context(), bearer)
			if alive := err == nil; alive != (i == len(bearers)-1) {
				t.Errorf("generation %d: %v", i, err)
			}
		}
	})
}

func TestWhichRefreshTokensAreRefused(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		issued, other := w.issue(oauth.IssueInput{}), w.issue(oauth.IssueInput{})
		r := issued.RefreshToken
		for name, c := range map[string]struct {
			by pontage.Actor
			id pontage.TokenID
		}{
			"nothing":           {pontage.Actor{Kind: pontage.ActorRefresh}, issued.TokenID},
			"its bearer":        {pontage.Actor{Kind: pontage.ActorRefresh, Refresh: issued.Bearer}, issued.TokenID},
			"cut":               {pontage.Actor{Kind: pontage.ActorRefresh, Refresh: r[:len(r)-1]}, issued.TokenID},
			"another's":         {pontage.Actor{Kind: pontage.ActorRefresh, Refresh: other.RefreshToken}, issued.TokenID},
			"another token":     {pontage.Actor{Kind: pontage.ActorRefresh, Refresh: r}, other.TokenID},
			"no token":          {pontage.Actor{Kind: pontage.ActorRefresh, Refresh: r}, ""},
			"a foreign account": {pontage.Actor{Kind: pontage.ActorRefresh, Refresh: r, AccountID: w.other.ID}, issued.TokenID},
		} {
			if _, err := w.Rotate(t.Context(), c.by, c.id); err == nil {
				t.Errorf("%s was taken", name)
			} else {
				wantCode(t, err, pontage.Unauthenticated, "refresh")
			}
		}
		_, err := w.Rotate(t.Context(), w.by(), issued.TokenID)
		wantCode(t, err, pontage.Forbidden, "")
		// None of the failed attempts used it up.
		_, err = w.rotate(r, issued.TokenID)
		must(t, err)
	})
}

// A refresh token outlives its access token by 90 days, and follows it where its lifetime is changed.
func TestRefreshTokensEndNinetyDaysAfterTheirToken(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		pair := w.issue(oauth.IssueInput{TTL: time.Hour})
		w.clock.Advance(time.Hour + oauth.RefreshMargin - time.Microsecond)
		pair, err := w.rotate(pair.RefreshToken, pair.TokenID)
		must(t, err)
		_, err = w.Update(t.Context(), w.by(), pair.TokenID, oauth.UpdateInput{TTL: ptr(time.Minute)})
		must(t, err)
		w.clock.Advance(time.Minute + oauth.RefreshMargin)
		_, err = w.rotate(pair.RefreshToken, pair.TokenID)
		wantCode(t, err, pontage.Unauthenticated, "refresh")
	})
}

// Scopes that are gone, switched off or no longer granted do not come back with a rotation; the others stay.
func TestRotationDropsScopesThatAreGone(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		pair := w.issue(oauth.IssueInput{})
		w.scopes.change("GET:geo.example.com/root", func(s *pontage.Scope) { s.Enabled = false })
		w.scopes.change("POST:mail.example.com/send", func(s *pontage.Scope) { s.Restricted = true })
		next, err := w.rotate(pair.RefreshToken, pair.TokenID)
		must(t, err)
		admission, err := w.Admit(t.Context(), next.Bearer)
		must(t, err)
		if len(next.Scopes) != 2 || len(admission.Scopes) != 2 || next.ScopeSetID == pair.ScopeSetID {
			t.Fatalf("scopes %v, admitted %v", next.Scopes, admission.Scopes)
		}
	})
}

// CVE-2023-22492: whoever was shut out must not stay in by refreshing.
func TestCVE_2023_22492_DisabledAccountsAndClientsCannotRefresh(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		pair := w.issue(oauth.IssueInput{})
		accounts, err := account.New(account.Config{Store: w.store.(account.Store), Clock: w.clock.Now, Credentials: w.credentials})
		must(t, err)
		must(t, accounts.SetDisabled(t.Context(), pontage.Operator(), w.account.ID, true))
		_, err = w.rotate(pair.RefreshToken, pair.TokenID)
		wantCode(t, err, pontage.Unauthenticated, "refresh")
		_, _, _, err = w.Authenticate(t.Context(), pair.Bearer)
		wantCode(t, err, pontage.Unauthenticated, "")
		must(t, accounts.SetDisabled(t.Context(), pontage.Operator(), w.account.ID, false))
		_, err = w.rotate(pair.RefreshToken, pair.TokenID)
		must(t, err)
	})
}

// CVE-2026-1035: a refresh token used by many at once, on two instances, must not give two pairs; and because one of the two who hold
// it stole it, its tokens must all be dead, also after a restart.
func TestCVE_2026_1035_ParallelUseOfARefreshToken(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		second := again()
		pair := w.issue(oauth.IssueInput{})
		won := make(chan *oauth.Issued, 50)
		for i := range 50 {
			on := []*world{w, second}[i%2]
			go func() {
				issued, err := on.rotate(pair.RefreshToken, pair.TokenID)
				if err != nil && pontage.CodeOf(err) != pontage.Unauthenticated {
					t.Errorf("rotation: %v", err)
				}
				won <- issued
			}()
		}
		var winners []*oauth.Issued
		for range 50 {
			if issued := <-won; issued != nil {
				winners = append(winners, issued)
			}
		}
		if len(winners) > 1 {
			t.Fatalf("%d pairs from one refresh token", len(winners))
		}
		restarted := again()
		l, err := restarted.store.Lineage(t.Context(), pair.ID)
		must(t, err)
		if l.RevokedAt.IsZero() {
			t.Fatal("the family is alive after a replay")
		}
		for _, issued := range append(winners, pair) {
			if _, _, _, err := restarted.Authenticate(t.Context(), issued.Bearer); err == nil {
				t.Fatal("a bearer of the family is alive")
			}
			_, err := restarted.rotate(issued.RefreshToken, issued.TokenID)
			wantCode(t, err, pontage.Unauthenticated, "refresh")
		}
	})
}

// CVE-2026-9802: a restart must not forget which refresh tokens were used.
func TestCVE_2026_9802_AReplayAfterARestartKillsTheFamily(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		old := w.issue(oauth.IssueInput{})
		next, err := w.rotate(old.RefreshToken, old.TokenID)
		must(t, err)
		_, err = again().rotate(old.RefreshToken, old.TokenID)
		wantCode(t, err, pontage.Unauthenticated, "refresh")
		_, _, _, err = again().Authenticate(t.Context(), next.Bearer)
		wantCode(t, err, pontage.TokenRevoked, "")
	})
}

// A thief who hangs up must not keep the family alive: the punishment does not end with the request.
func TestAReplayIsPunishedThoughTheCallerHangsUp(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		old := w.issue(oauth.IssueInput{})
		next, err := w.rotate(old.RefreshToken, old.TokenID)
		must(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		service := w.over(cancelOnRead{w.store, cancel})
		_, err = service.Rotate(ctx, pontage.Actor{Kind: pontage.ActorRefresh, Refresh: old.RefreshToken}, old.TokenID)
		wantCode(t, err, pontage.Unauthenticated, "refresh")
		_, _, _, err = w.Authenticate(t.Context(), next.Bearer)
		wantCode(t, err, pontage.TokenRevoked, "")
	})
}

// cancelOnRead hangs up when a snapshot has been read.
type cancelOnRead struct {
	oauth.Store
	cancel context.CancelFunc
}

func (c cancelOnRead) Read(ctx context.Context, do func(pontage.Reader) error) error {
	err := c.Store.Read(ctx, do)
	c.cancel()
	return err
}

// keycloak #51312: tokens made by a rotation that races a revocation must not survive it.
func TestNoRotationSurvivesARevocation(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		second := again()
		for range 20 {
			pair := w.issue(oauth.IssueInput{})
			rotated := make(chan *oauth.Issued)
			go func() {
				issued, _ := second.rotate(pair.RefreshToken, pair.TokenID)
				rotated <- issued
			}()
			revoked := w.Revoke(t.Context(), w.by(), pair.TokenID)
			next := <-rotated
			if revoked != nil {
				wantCode(t, revoked, pontage.NotFound, "") // the rotation was first: this id is gone
				if next == nil {
					t.Fatal("neither the rotation nor the revocation happened")
				}
				continue
			}
			for _, issued := range []*oauth.Issued{pair, next} {
				if issued == nil {
					continue
				}
				if _, _, _, err := w.Authenticate(t.Context(), issued.Bearer); err == nil {
					t.Fatal("a bearer survived its revocation")
				}
			}
		}
	})
}
