package account_test

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
)

// A key is exchanged without a gap: both work during the overlap, and then the new one alone.
func TestARotationOverlaps(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		a, old := w.annWithKey(t)
		operator := pontage.Operator()
		works := func(key string) bool {
			_, err := again().Authenticate(t.Context(), a.Email, key)
			if err != nil {
				wantCode(t, err, pontage.Unauthenticated, "")
			}
			return err == nil
		}
		next, err := w.RotateKey(t.Context(), operator, old.ID, time.Hour)
		must(t, err)
		if next.Label != "laptop" || !works(old.Text) || !works(next.Text) {
			t.Errorf("during the overlap: %+v", next)
		}
		w.clock.Advance(time.Hour)
		if works(old.Text) || !works(next.Text) {
			t.Error("after the overlap")
		}
		_, err = w.RotateKey(t.Context(), operator, old.ID, time.Hour)
		wantCode(t, err, pontage.NotFound, "")
		_, err = w.RotateKey(t.Context(), pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_x"}, next.ID, 0)
		wantCode(t, err, pontage.NotFound, "")
		for _, overlap := range []time.Duration{-1, account.MaxOverlap + 1} {
			_, err = w.RotateKey(t.Context(), operator, next.ID, overlap)
			wantCode(t, err, pontage.InvalidInput, "/overlap")
		}
		_, err = w.RotateKey(t.Context(), operator, next.ID, 0)
		must(t, err)
		if works(next.Text) {
			t.Error("without an overlap the old key still works")
		}
		_, err = w.IssueKey(t.Context(), operator, account.KeyInput{AccountID: a.ID, ExpiresAt: w.clock.Now()})
		wantCode(t, err, pontage.InvalidInput, "/expiresAt")
		brief, err := w.IssueKey(t.Context(), operator, account.KeyInput{AccountID: a.ID, ExpiresAt: w.clock.Now().Add(time.Hour)})
		must(t, err)
		w.clock.Advance(time.Minute)
		renewed, err := w.RotateKey(t.Context(), operator, brief.ID, 2*time.Hour)
		must(t, err)
		if !renewed.ExpiresAt.Equal(w.clock.Now().Add(time.Hour)) {
			t.Errorf("the new key ends at %v", renewed.ExpiresAt)
		}
		w.clock.Advance(59 * time.Minute)
		if works(brief.Text) { // no overlap lets a key outlive its end
			t.Error("the old key lives longer than before")
		}
	})
}

// The list says when a key was last used, for the price of one write a minute.
func TestTheLastUseOfAKeyIsWrittenOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		a, k := w.annWithKey(t)
		instances := []*world{w, again()}
		last := func() time.Time {
			all, err := w.KeyPage(t.Context(), pontage.Operator(), a.ID, nil, pontage.Keyset{Limit: 5})
			must(t, err)
			if len(all) != 1 || all[0].ID != k.ID {
				t.Fatalf("keys %+v", all)
			}
			return all[0].LastUsedAt
		}
		if !last().IsZero() {
			t.Error("used before it was used")
		}
		started, before := w.clock.Now(), w.store.written.Load()
		for i, c := range []struct{ after, want time.Duration }{{0, 0}, {59 * time.Second, 0}, {time.Second, time.Minute}, {0, time.Minute}, {90 * time.Second, 150 * time.Second}} {
			w.clock.Advance(c.after)
			_, err := instances[i%2].Authenticate(t.Context(), a.Email, k.Text)
			must(t, err)
			if got := last(); !got.Equal(started.Add(c.want)) {
				t.Errorf("%d: last used %v, want %v", i, got.Sub(started), c.want)
			}
		}
		if n := w.store.written.Load() - before; n > 3 {
			t.Errorf("%d writes", n)
		}
		_, err := w.KeyPage(t.Context(), pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_x"}, a.ID, nil, pontage.Keyset{Limit: 5})
		wantCode(t, err, pontage.NotFound, "")
	})
}

// A key outlives the session that made it, so making one needs a recent login; and there is an end to it.
func TestMakingKeysNeedsARecentLoginAndRoom(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		a, _ := w.ann(t)
		by, _ := w.as(t)
		k, err := w.CreateKey(t.Context(), by, a.ID, "x")
		must(t, err)
		w.clock.Advance(15 * time.Minute)
		_, err = w.CreateKey(t.Context(), by, a.ID, "x")
		wantCode(t, err, pontage.ReloginRequired, "")
		_, err = w.RotateKey(t.Context(), by, k.ID, 0)
		wantCode(t, err, pontage.ReloginRequired, "")
		fresh, err := w.Relogin(t.Context(), by, right)
		must(t, err)
		_, err = w.CreateKey(t.Context(), by, a.ID, "x") // the old session is over
		wantCode(t, err, pontage.Unauthenticated, "")
		by, err = w.AuthenticateSession(t.Context(), home, fresh.Text)
		must(t, err)
		for range 99 {
			_, err = w.CreateKey(t.Context(), by, a.ID, "x")
			must(t, err)
		}
		_, err = w.CreateKey(t.Context(), by, a.ID, "x")
		wantCode(t, err, pontage.LimitExhausted, "")
		must(t, w.RevokeKey(t.Context(), by, k.ID))
		_, err = w.CreateKey(t.Context(), by, a.ID, "x")
		must(t, err)
	})
}
