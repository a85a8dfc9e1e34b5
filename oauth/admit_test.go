package oauth_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// CVE-2026-27840: a bearer that was cut or changed anywhere must be refused, and before anything is read, so that forging costs us
// nothing.
func TestCVE_2026_27840_CutAndChangedBearersAreRefusedUnread(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		bearer := w.issue(oauth.IssueInput{}).Bearer
		counted := &reads{Store: w.store}
		fresh := w.over(counted)
		for i := range len(bearer) {
			forged := []string{bearer[:i], bearer[i+1:], bearer[:i] + bearer[i+1:], bearer[:i] + "-" + bearer[i:]}
			for bit := range 8 {
				flipped := []byte(bearer)
				flipped[i] ^= 1 << bit
				forged = append(forged, string(flipped))
			}
			for _, text := range forged {
				_, err := fresh.Admit(t.Context(), text)
				wantCode(t, err, pontage.Unauthenticated, "")
				_, _, _, err = fresh.Authenticate(t.Context(), text)
				wantCode(t, err, pontage.Unauthenticated, "")
				if in, err := fresh.Introspect(t.Context(), w.by(), text); err != nil || in.Active {
					t.Fatalf("%q is active", text)
				}
			}
		}
		if n := counted.n.Load(); n != 0 {
			t.Fatalf("forgeries caused %d reads", n)
		}
		if _, err := fresh.Admit(t.Context(), bearer); err != nil {
			t.Fatal(err)
		}
	})
}

// A bearer in the cache costs no read; one that is not costs one, and its scope set one once.
func TestAdmissionReadsOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		first, second := w.issue(oauth.IssueInput{}), w.issue(oauth.IssueInput{})
		counted := &reads{Store: w.store}
		fresh := w.over(counted)
		for i, want := range []int64{2, 2, 3, 3} {
			bearer := []string{first.Bearer, first.Bearer, second.Bearer, second.Bearer}[i]
			if _, err := fresh.Admit(t.Context(), bearer); err != nil || counted.n.Load() != want {
				t.Fatalf("call %d: %d reads, want %d, %v", i, counted.n.Load(), want, err)
			}
		}
		a, _ := fresh.Admit(t.Context(), first.Bearer)
		b, _ := fresh.Admit(t.Context(), second.Bearer)
		if len(a.Scopes) != 4 || len(b.Scopes) != 4 {
			t.Fatal("scopes are missing")
		}
		if _, err := fresh.Readmit(t.Context(), first.Bearer); err != nil || counted.n.Load() != 4 {
			t.Fatalf("readmission did not read: %v", err)
		}
	})
}

// A genuine text whose row does not have its hash is a stolen id: the cache must not let it pass either.
func TestTheWholeBearerIsCompared(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		issued := w.issue(oauth.IssueInput{})
		forged := w.credentials.New(string(issued.TokenID)) // a true MAC, but not the text that was stored
		for range 2 {
			_, err := w.Admit(t.Context(), forged)
			wantCode(t, err, pontage.Unauthenticated, "")
			if _, err := w.Admit(t.Context(), issued.Bearer); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestARefreshTokenIsNoBearer(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		issued := w.issue(oauth.IssueInput{})
		_, err := w.Admit(t.Context(), issued.RefreshToken)
		wantCode(t, err, pontage.Unauthenticated, "")
		_, _, _, err = w.Authenticate(t.Context(), issued.RefreshToken)
		wantCode(t, err, pontage.Unauthenticated, "")
		if in, err := w.Introspect(t.Context(), w.by(), issued.RefreshToken); err != nil || in.Active {
			t.Fatalf("%+v, %v", in, err)
		}
	})
}

func TestTheReasonOfARefusalIsTold(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, again func() *world) {
		expired, revoked := w.issue(oauth.IssueInput{TTL: time.Minute}), w.issue(oauth.IssueInput{})
		must(t, w.Revoke(t.Context(), w.by(), revoked.TokenID))
		w.clock.Advance(time.Minute)
		for bearer, code := range map[string]pontage.Code{expired.Bearer: pontage.TokenExpired, revoked.Bearer: pontage.TokenRevoked} {
			second := again()
			_, err := second.Admit(t.Context(), bearer)
			wantCode(t, err, code, "")
			_, _, _, err = second.Authenticate(t.Context(), bearer)
			wantCode(t, err, code, "")
		}
	})
}

// A key ring is rotated without one token being issued again; once an old key is gone, what it signed is gone.
func TestKeysRotate(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		old, next := pontage.NewKey("k1"), pontage.NewKey("k2")
		c, s := storagetest.NewMovingClock(storagetest.Start), newScopes()
		before := newWorld(t, open(), ring(t, old), c, s)
		before.populate()
		first := before.issue(oauth.IssueInput{})

		both := newWorld(t, open(), ring(t, next, old), c, s)
		both.account = before.account
		if _, err := both.Admit(t.Context(), first.Bearer); err != nil {
			t.Fatal(err)
		}
		second, err := both.rotate(first.RefreshToken, first.TokenID)
		must(t, err)
		row, _, err := both.store.Token(t.Context(), second.TokenID)
		must(t, err)
		if row.KeyID != "k2" {
			t.Fatalf("the new token is hashed under %s", row.KeyID)
		}

		after := newWorld(t, open(), ring(t, next), c, s)
		if _, err := after.Admit(t.Context(), second.Bearer); err != nil {
			t.Fatal(err)
		}
		_, err = after.Admit(t.Context(), first.Bearer)
		wantCode(t, err, pontage.Unauthenticated, "")
	})
}

// A token of the sandbox is nothing in production.
func TestTheOtherInstancesTokensAreRefused(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		id := string(w.issue(oauth.IssueInput{}).TokenID)
		for _, prefix := range []string{"pt_test", "pt_liv", "pt_live_x", ""} {
			_, err := w.Admit(t.Context(), pontage.Credentials{Prefix: prefix, Keys: w.credentials.Keys}.New(id))
			wantCode(t, err, pontage.Unauthenticated, "")
		}
	})
}

// A database that is down is not a bad token: the partner is told to try again.
func TestAStoreThatIsDownIsUnavailable(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world, _ func() *world) {
		issued := w.issue(oauth.IssueInput{})
		down := w.over(&broken{w.store})
		ctx := t.Context()
		for name, do := range map[string]func() error{
			"admit":        func() error { _, err := down.Admit(ctx, issued.Bearer); return err },
			"authenticate": func() error { _, _, _, err := down.Authenticate(ctx, issued.Bearer); return err },
			"introspect":   func() error { _, err := down.Introspect(ctx, w.by(), issued.Bearer); return err },
			"issue": func() error {
				_, err := down.Issue(ctx, w.by(), oauth.IssueInput{Scopes: []string{"*:*/*"}})
				return err
			},
			"token":  func() error { _, err := down.Token(ctx, w.by(), issued.TokenID); return err },
			"revoke": func() error { return down.Revoke(ctx, w.by(), issued.TokenID) },
			"rotate": func() error {
				_, err := down.Rotate(ctx, pontage.Actor{Kind: pontage.ActorRefresh, Refresh: issued.RefreshToken}, issued.TokenID)
				return err
			},
		} {
			if err := do(); pontage.CodeOf(err) != pontage.Unavailable {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.Admit(ctx, issued.Bearer); err != nil {
			t.Fatal(err)
		}
	})
}

var errDown = pontage.E(pontage.Unavailable, "The database cannot be reached.").Because(errors.New("down"))
