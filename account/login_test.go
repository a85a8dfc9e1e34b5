package account_test

import (
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
)

const (
	annEmail = "Ann+api@Example.com"
	right    = "so much depends upon"
	firefox  = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
)

var home = pontage.Visitor(netip.MustParseAddr("192.0.2.1"), firefox)

// ann makes an account with a user who has the right password.
func (w *world) ann(t *testing.T) (*pontage.Account, *pontage.User) {
	t.Helper()
	a, err := w.Create(t.Context(), pontage.Operator(), account.CreateInput{Email: annEmail, Name: "Ann Ü."})
	must(t, err)
	u, err := w.SetPassword(t.Context(), pontage.Operator(), a.ID, right)
	must(t, err)
	return a, u
}

func (w *world) login(t *testing.T, email, password string) (*account.IssuedSession, error) {
	t.Helper()
	return w.Login(t.Context(), home, account.LoginInput{Email: email, Password: password})
}

// as logs in and gives the session's actor.
func (w *world) as(t *testing.T) (pontage.Actor, *account.IssuedSession) {
	t.Helper()
	s, err := w.login(t, annEmail, right)
	must(t, err)
	by, err := w.AuthenticateSession(t.Context(), home, s.Text)
	must(t, err)
	return by, s
}

// Nobody may learn from the login whether an e-mail is known: not by the answer, and not by the work it takes.
func TestALoginTellsNothingAboutWhoIsThere(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		_, u := w.ann(t)
		noPassword, err := w.Create(t.Context(), pontage.Operator(), account.CreateInput{Email: "b@example.com"})
		must(t, err)
		var answers []string
		for _, in := range []account.LoginInput{{annEmail, "wrong password"}, {"nobody@example.com", "wrong password"}, {noPassword.Email, ""}, {"no e-mail", right}, {"", ""}} {
			before, _, _ := w.Hashings()
			_, err := w.Login(t.Context(), home, in)
			if after, _, _ := w.Hashings(); after-before != 1 {
				t.Errorf("%q: %d hashings, want 1", in.Email, after-before)
			}
			wantCode(t, err, pontage.Unauthenticated, "")
			answers = append(answers, err.Error())
		}
		for _, a := range answers {
			if a != answers[0] {
				t.Errorf("answers differ: %q and %q", answers[0], a)
			}
		}
		for _, in := range []account.LoginInput{{strings.Repeat("a", 255), "x"}, {annEmail, strings.Repeat("a", account.MaxPassword+1)}} {
			_, err := w.Login(t.Context(), home, in)
			wantCode(t, err, pontage.Unauthenticated, "")
		}
		s, err := w.login(t, "ANN+API@example.com", right)
		must(t, err)
		if s.UserID != u.ID || !strings.HasPrefix(s.Text, "pt_live_ses_") || s.Address != home.Address || account.Device(s.UserAgent) != "Firefox on Linux" {
			t.Errorf("session %+v", s)
		}
	})
}

// Ten guesses in 15 minutes, on all instances together and however many at once; then even the right password has to wait.
func TestGuessesAreCountedOnAllInstancesTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		w.ann(t)
		instances := []*world{w, again()}
		for _, email := range []string{annEmail, "nobody@example.com"} {
			var refused, limited atomic.Int64
			var all sync.WaitGroup
			for i := range 24 {
				all.Go(func() {
					_, err := instances[i%2].login(t, email, "wrong password")
					switch pontage.CodeOf(err) {
					case pontage.Unauthenticated:
						refused.Add(1)
					case pontage.RateLimited:
						limited.Add(1)
					default:
						t.Error(err)
					}
				})
			}
			all.Wait()
			if refused.Load() != 10 || limited.Load() != 14 {
				t.Errorf("%s: %d guesses, %d refused unread", email, refused.Load(), limited.Load())
			}
		}
		_, err := w.login(t, annEmail, right)
		wantCode(t, err, pontage.RateLimited, "")
		if wait := pontage.Public(err).RetryAfter; wait != 15*time.Minute {
			t.Errorf("wait %v", wait)
		}
		w.clock.Advance(15 * time.Minute)
		for range 30 { // logins that succeed are no guesses
			_, err = w.login(t, annEmail, right)
			must(t, err)
		}
	})
}

// One address may not try a list of leaked passwords on everybody; an IPv6 network counts as one address.
func TestGuessesOfOneAddressAreBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		for i := range 100 {
			from := pontage.Visitor(netip.MustParseAddr("2001:db8:1:2::").Next(), "")
			from.Address = netip.AddrFrom16(func() [16]byte { b := from.Address.As16(); b[15] = byte(i); return b }())
			_, err := w.Login(t.Context(), from, account.LoginInput{Email: strings.Repeat("a", i+1) + "@example.com"})
			wantCode(t, err, pontage.Unauthenticated, "")
		}
		_, err := w.Login(t.Context(), pontage.Visitor(netip.MustParseAddr("2001:db8:1:2:ffff::"), ""), account.LoginInput{Email: "z@example.com"})
		wantCode(t, err, pontage.RateLimited, "")
		_, err = w.Login(t.Context(), pontage.Visitor(netip.MustParseAddr("2001:db8:1:3::"), ""), account.LoginInput{Email: "z@example.com"})
		wantCode(t, err, pontage.Unauthenticated, "")
	})
}

// A rush of logins costs the memory of a few hashings, not of as many as there are people.
func TestARushOfLoginsKeepsHashingBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.Strong()
		var rush sync.WaitGroup
		var busy atomic.Int64
		for i := range 64 {
			rush.Go(func() {
				_, err := w.login(t, fmt.Sprintf("person%d@example.com", i), right)
				if pontage.CodeOf(err) == pontage.Unavailable { // this machine has fewer cores than two
					busy.Add(1)
				} else {
					wantCode(t, err, pontage.Unauthenticated, "")
				}
			})
		}
		rush.Wait()
		done, peak, most := w.Hashings()
		t.Logf("%d hashings, %d at once of %d", done, peak, most)
		if peak > most || most > 2*runtime.GOMAXPROCS(0) || done+int(busy.Load()) != 64 {
			t.Errorf("%d hashings, %d at once, allowed %d, %d busy", done, peak, most, busy.Load())
		}
	})
}

// Several of a person's browsers may log in at the moment at which the hash is renewed.
func TestLoginsAtOnceAllSucceedWhileTheHashIsRenewed(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.ann(t)
		w.Strong()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := w.login(t, annEmail, right); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

// Raising the cost of a password must not lock anybody out: the hash is written anew at the next login.
func TestOlderHashesAreRenewedAtLogin(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		_, u := w.ann(t)
		w.Strong()
		_, err := w.login(t, annEmail, right)
		must(t, err)
		renewed, err := w.store.User(t.Context(), u.ID)
		must(t, err)
		if !strings.HasPrefix(renewed.Password, "$argon2id$v=19$m=19456,t=2,p=1$") || u.Password == renewed.Password {
			t.Errorf("stored %q", renewed.Password)
		}
		before, _, _ := w.Hashings()
		_, err = w.login(t, annEmail, right)
		must(t, err)
		if after, _, _ := w.Hashings(); after-before != 1 {
			t.Errorf("%d hashings for a hash that is up to date", after-before)
		}
	})
}

func TestPasswordsThatEverybodyTriesAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		a, err := w.Create(t.Context(), pontage.Operator(), account.CreateInput{Email: annEmail})
		must(t, err)
		for _, weak := range []string{
			"", "short", "ünïcödéé9", annEmail, strings.ToUpper(annEmail), "Password123", "QWERTYUIOP", "1234567890", "0987654321", "aaaaaaaaaaaaa", "abababababab",
			"abcdefghijklm", "correct horse battery staple", strings.Repeat("long", 257),
		} {
			_, err := w.SetPassword(t.Context(), pontage.Operator(), a.ID, weak)
			wantCode(t, err, pontage.InvalidInput, "/password")
		}
		_, err = w.SetPassword(t.Context(), pontage.Actor{Kind: pontage.ActorAccount, AccountID: a.ID}, a.ID, right)
		wantCode(t, err, pontage.Forbidden, "")
		_, err = w.SetPassword(t.Context(), pontage.Operator(), "acc_x", right)
		wantCode(t, err, pontage.NotFound, "")
		for _, good := range []string{"ünïcödé 9 ", "anna banana!", strings.Repeat("long!", 204)} {
			_, err := w.SetPassword(t.Context(), pontage.Operator(), a.ID, good)
			must(t, err)
			_, err = w.login(t, annEmail, good)
			must(t, err)
		}
	})
}

// Processes that start together on a new database all give the first person a password; none fails because another was faster.
func TestAFirstPasswordMayBeSetAtTheSameMoment(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.Cheap()
		for n := range 5 {
			a, err := w.Create(t.Context(), pontage.Operator(), account.CreateInput{Email: fmt.Sprintf("p%d@example.com", n)})
			must(t, err)
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					if _, err := w.SetPassword(t.Context(), pontage.Operator(), a.ID, right); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
		}
	})
}
