package account_test

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
)

// A session text is worth as much as a password: forged ones must be refused, and cost no read.
func FuzzSessionText(f *testing.F) {
	keys, err := pontage.NewKeyRing(pontage.NewKey("k1"))
	must(f, err)
	credentials := pontage.Credentials{Prefix: "pt_live", Keys: keys}
	s, err := account.New(account.Config{Store: untouched{}, Clock: func() time.Time { return time.Unix(0, 0) }, Credentials: credentials})
	must(f, err)
	for _, text := range []string{"", "pt_live_ses_", credentials.New("key_1"), credentials.New("ses_1")[1:], pontage.Credentials{Prefix: "pt_test", Keys: keys}.New("ses_1")} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := s.AuthenticateSession(t.Context(), home, text)
		wantCode(t, err, pontage.Unauthenticated, "")
	})
}

// untouched is a store that must not be reached.
type untouched struct{ account.Store }

func TestASessionProvesItsUserUntilItEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		a, u := w.ann(t)
		by, s := w.as(t)
		if by.Kind != pontage.ActorUser || by.UserID != u.ID || by.AccountID != a.ID || by.SessionID != s.ID || by.Address != home.Address || !by.Manages(a.ID) {
			t.Fatalf("actor %+v", by)
		}
		authenticate := func(text string) error { _, err := again().AuthenticateSession(t.Context(), home, text); return err }
		wantCode(t, authenticate(w.credentials.New(string(s.ID))), pontage.Unauthenticated, "")
		wantCode(t, authenticate(w.credentials.New("ses_x")), pontage.Unauthenticated, "")
		must(t, w.SetDisabled(t.Context(), pontage.Operator(), a.ID, true))
		wantCode(t, authenticate(s.Text), pontage.Unauthenticated, "")
		_, err := w.login(t, annEmail, right)
		wantCode(t, err, pontage.Forbidden, "")
		must(t, w.SetDisabled(t.Context(), pontage.Operator(), a.ID, false))
		must(t, authenticate(s.Text))
		must(t, w.Logout(t.Context(), by))
		wantCode(t, authenticate(s.Text), pontage.Unauthenticated, "")
		must(t, w.Logout(t.Context(), by))
		wantCode(t, w.Logout(t.Context(), home), pontage.Unauthenticated, "")
	})
}

// A forgotten browser in an internet café must not stay logged in, and one that is used every day not for ever.
func TestSessionsEndByIdlenessAndByAge(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.ann(t)
		_, idle := w.as(t)
		_, used := w.as(t)
		authenticate := func(s *account.IssuedSession) error {
			_, err := w.AuthenticateSession(t.Context(), home, s.Text)
			return err
		}
		for range 28 { // 14 days, half a day each
			w.clock.Advance(12*time.Hour - time.Microsecond)
			must(t, authenticate(used))
		}
		wantCode(t, authenticate(idle), pontage.Unauthenticated, "")
		w.clock.Advance(28 * time.Microsecond)
		wantCode(t, authenticate(used), pontage.Unauthenticated, "")
		n, err := w.Sweep(t.Context())
		if err != nil || n < 2 {
			t.Errorf("%d rows swept, %v", n, err)
		}
	})
}

// The list says when a session was last used, for the price of one write a minute.
func TestLastActiveIsWrittenOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.ann(t)
		by, s := w.as(t)
		started := w.clock.Now()
		for _, c := range []struct{ after, want time.Duration }{{59 * time.Second, 0}, {time.Second, time.Minute}, {59 * time.Second, time.Minute}, {time.Second, 2 * time.Minute}} {
			w.clock.Advance(c.after)
			_, err := w.AuthenticateSession(t.Context(), home, s.Text)
			must(t, err)
			all, err := w.Sessions(t.Context(), by, pontage.SessionFilter{}, pontage.Keyset{Limit: 10})
			must(t, err)
			if len(all) != 1 || !all[0].LastActiveAt.Equal(started.Add(c.want)) {
				t.Fatalf("after %v: %+v", w.clock.Now().Sub(started), all)
			}
		}
	})
}

// A login and a login again give a new session, so that nobody who planted the old one holds the new one.
func TestALoginChangesTheSession(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.ann(t)
		by, planted := w.as(t)
		fresh, err := w.Login(t.Context(), by, account.LoginInput{Email: annEmail, Password: right})
		must(t, err)
		_, err = w.AuthenticateSession(t.Context(), home, planted.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		by, err = w.AuthenticateSession(t.Context(), home, fresh.Text)
		must(t, err)
		_, err = w.Relogin(t.Context(), by, "wrong password")
		wantCode(t, err, pontage.Unauthenticated, "")
		again, err := w.Relogin(t.Context(), by, right)
		must(t, err)
		_, err = w.AuthenticateSession(t.Context(), home, fresh.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = w.AuthenticateSession(t.Context(), home, again.Text)
		must(t, err)
		_, err = w.Relogin(t.Context(), home, right)
		wantCode(t, err, pontage.Unauthenticated, "")
		by, err = w.AuthenticateSession(t.Context(), home, again.Text)
		must(t, err)
		bob := w.bob(t)
		_, err = w.Login(t.Context(), by, account.LoginInput{Email: "bob@example.com", Password: right})
		must(t, err)
		_, err = w.AuthenticateSession(t.Context(), home, again.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		log, err := w.AuditLog(t.Context(), bob, pontage.AuditQuery{AccountID: bob.AccountID, Action: "session.begin", Page: pontage.Keyset{Limit: 9}})
		if err != nil || len(log) != 2 || log[0].ActorID != string(bob.UserID) {
			t.Errorf("%+v, %v", log, err)
		}
	})
}

func TestSessionsOfOthersAndTheCurrentOneStay(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.ann(t)
		current, _ := w.as(t)
		other, _ := w.as(t)
		third, _ := w.as(t)
		b, err := w.Create(t.Context(), pontage.Operator(), account.CreateInput{Email: "bob@example.com"})
		must(t, err)
		_, err = w.SetPassword(t.Context(), pontage.Operator(), b.ID, right)
		must(t, err)
		s, err := w.login(t, "bob@example.com", right)
		must(t, err)
		wantCode(t, w.EndSession(t.Context(), current, s.ID), pontage.NotFound, "")
		wantCode(t, w.EndSession(t.Context(), current, "ses_x"), pontage.NotFound, "")
		wantCode(t, w.EndSession(t.Context(), current, current.SessionID), pontage.Conflict, "/id")
		must(t, w.EndSession(t.Context(), current, other.SessionID))
		wantCode(t, w.EndSession(t.Context(), current, other.SessionID), pontage.NotFound, "")
		wantCode(t, w.EndSession(t.Context(), home, third.SessionID), pontage.Unauthenticated, "")
		n, err := w.EndOtherSessions(t.Context(), current)
		if err != nil || n != 1 {
			t.Errorf("%d ended, %v", n, err)
		}
		if all, err := w.Sessions(t.Context(), current, pontage.SessionFilter{}, pontage.Keyset{Limit: 9}); err != nil || len(all) != 1 || all[0].ID != current.SessionID {
			t.Errorf("%v, %v", all, err)
		}
		if _, err := w.AuthenticateSession(t.Context(), home, s.Text); err != nil {
			t.Errorf("somebody else's session ended: %v", err)
		}
	})
}

func TestDevicesHaveNamesPeopleKnow(t *testing.T) {
	for agent, want := range map[string]string{
		firefox: "Firefox on Linux", "": "Unknown device", "curl/8.5": "curl", "Dalvik (Android 15)": "Android",
		"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0":        "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/18 Safari/604": "Safari on iPhone",
	} {
		if got := account.Device(agent); got != want {
			t.Errorf("%q is %q, want %q", agent, got, want)
		}
	}
}
