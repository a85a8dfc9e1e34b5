package account_test

import (
	"fmt"
	"net/mail"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
)

// letter is a mail as its recipient reads it.
type letter struct{ kind, recipient, text string }

// letters gives the outbox, newest first.
func (w *world) letters(t *testing.T) (all []letter) {
	t.Helper()
	mails, err := w.store.Mails(t.Context(), pontage.Keyset{Limit: 100})
	must(t, err)
	for _, m := range mails {
		text, err := m.Text(w.credentials.Keys)
		must(t, err)
		all = append(all, letter{m.Kind, m.Recipient, text})
	}
	return all
}

// code gives the code of the newest mail of this kind to this recipient, and lets a second pass, so that the next one is newer.
func (w *world) code(t *testing.T, kind, recipient string) string {
	t.Helper()
	for _, l := range w.letters(t) {
		if l.kind != kind || l.recipient != recipient {
			continue
		}
		_, link, _ := strings.Cut(l.text, "https://dashboard.example.com/")
		_, code, _ := strings.Cut(link, "#code=")
		code, _, _ = strings.Cut(code, "\n")
		if !strings.Contains(l.text, "Or enter this code: "+code+"\n") {
			t.Fatalf("no code in %q", l.text)
		}
		w.clock.Advance(time.Second)
		return code
	}
	t.Fatalf("no %s to %s", kind, recipient)
	return ""
}

func (w *world) register(t *testing.T, email, password string) error {
	t.Helper()
	return w.Register(t.Context(), home, account.RegisterInput{Email: email, Password: password, Name: "Ann Ü."})
}

// A person registers, follows the link and logs in; before, there is nothing.
func TestRegisteringMakesUserAndAccountOnceTheEmailIsProven(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		must(t, w.register(t, annEmail, right))
		if _, err := w.ByEmail(t.Context(), pontage.Operator(), annEmail); pontage.CodeOf(err) != pontage.NotFound {
			t.Errorf("there is an account before the e-mail is proven: %v", err)
		}
		_, err := w.login(t, annEmail, right)
		wantCode(t, err, pontage.Unauthenticated, "")
		code := w.code(t, "verify_email", annEmail)
		u, err := again().VerifyEmail(t.Context(), home, code)
		must(t, err)
		a, err := w.ByEmail(t.Context(), pontage.Operator(), annEmail)
		must(t, err)
		if u.AccountID != a.ID || a.Email != annEmail || a.Name != "Ann Ü." || u.Profile.Name != "Ann Ü." || !u.VerifiedAt.Equal(w.clock.Now()) {
			t.Errorf("user %+v, account %+v", u, a)
		}
		if wallet, err := w.store.Wallet(t.Context(), a.ID); err != nil || wallet.Balance != 0 || !wallet.Plan.Included {
			t.Errorf("wallet %+v, %v", wallet, err)
		}
		_, err = w.login(t, strings.ToUpper(annEmail), right)
		must(t, err)
		_, err = w.VerifyEmail(t.Context(), home, code)
		wantCode(t, err, pontage.InvalidInput, "/code")
	})
}

// Nobody may learn by registering, asking for a link or a reset who has an account: not by the answer, and not by the work it takes.
func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.ann(t)
		work := func(do func() error) (hashings, units int) {
			before, _, _ := w.Hashings()
			written := int(w.store.written.Load())
			if err := do(); err != nil {
				t.Errorf("answer: %v", err)
			}
			after, _, _ := w.Hashings()
			return after - before, int(w.store.written.Load()) - written
		}
		for name, door := range map[string]func(email string) error{
			"register": func(email string) error { return w.register(t, email, "another password") },
			"resend":   func(email string) error { return w.ResendVerification(t.Context(), home, email) },
			"reset":    func(email string) error { return w.RequestPasswordReset(t.Context(), home, email) },
		} {
			hashings, units := work(func() error { return door(annEmail) })
			otherHashings, otherUnits := work(func() error { return door("nobody+" + name + "@example.com") })
			if hashings != otherHashings || units != otherUnits {
				t.Errorf("%s: known %d hashings and %d writes, unknown %d and %d", name, hashings, units, otherHashings, otherUnits)
			}
		}
		kinds := map[string]int{}
		for _, l := range w.letters(t) {
			kinds[l.kind+" "+l.recipient]++
		}
		if fmt.Sprint(kinds) != fmt.Sprint(map[string]int{"already_registered " + annEmail: 1, "reset_password " + annEmail: 1, "verify_email nobody+register@example.com": 1}) {
			t.Errorf("mails %v", kinds)
		}
		if _, err := w.login(t, annEmail, right); err != nil {
			t.Errorf("her password was changed by somebody who registered: %v", err)
		}
	})
}

// Who registers a stranger's address must not keep them from it: the registration whose link is followed counts.
func TestAnAddressBelongsToWhoFollowsTheLink(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		must(t, w.register(t, annEmail, "mallory's password"))
		planted := w.code(t, "verify_email", annEmail)
		w.clock.Advance(time.Second)
		must(t, w.register(t, annEmail, right))
		_, err := w.VerifyEmail(t.Context(), home, w.code(t, "verify_email", annEmail))
		must(t, err)
		_, err = w.VerifyEmail(t.Context(), home, planted)
		wantCode(t, err, pontage.InvalidInput, "/code")
		_, err = w.login(t, annEmail, "mallory's password")
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = w.login(t, annEmail, right)
		must(t, err)
	})
}

func TestARegistrationIsMailedAgainAndExpires(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		must(t, w.register(t, annEmail, right))
		first := w.code(t, "verify_email", annEmail)
		w.clock.Advance(time.Hour)
		must(t, w.ResendVerification(t.Context(), home, strings.ToUpper(annEmail)))
		second := w.code(t, "verify_email", annEmail)
		_, err := w.VerifyEmail(t.Context(), home, first)
		wantCode(t, err, pontage.InvalidInput, "/code")
		w.clock.Advance(24 * time.Hour)
		_, err = w.VerifyEmail(t.Context(), home, second)
		wantCode(t, err, pontage.InvalidInput, "/code")
		must(t, w.ResendVerification(t.Context(), home, annEmail))
		if n := len(w.letters(t)); n != 2 {
			t.Errorf("%d mails: a registration that is over was mailed again", n)
		}
		for _, code := range []string{"", "x", second[:len(second)-1], w.credentials.New("cnf_x"), w.credentials.New("key_x")} {
			_, err = w.VerifyEmail(t.Context(), home, code)
			wantCode(t, err, pontage.InvalidInput, "/code")
		}
	})
}

// An account that the operator opened belongs to who proves its address.
func TestAnAccountWithoutAUserIsTakenByWhoProvesItsAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		a, _ := w.annWithKey(t)
		must(t, w.register(t, "ann+api@example.com", right))
		u, err := w.VerifyEmail(t.Context(), home, w.code(t, "verify_email", "ann+api@example.com"))
		must(t, err)
		if u.AccountID != a.ID || u.Email != annEmail {
			t.Errorf("user %+v", u)
		}
	})
}

// A mailbox cannot be flooded from here, nor can one address register a thousand people.
func TestMailsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		for range 9 {
			must(t, w.register(t, annEmail, right))
		}
		if n := len(w.letters(t)); n != 5 {
			t.Errorf("%d mails to one person in an hour", n)
		}
		w.clock.Advance(time.Hour)
		must(t, w.register(t, annEmail, right))
		if n := len(w.letters(t)); n != 6 {
			t.Errorf("%d mails, want one more after an hour", n)
		}
		var err error
		for i := range 20 {
			err = w.register(t, fmt.Sprintf("person%d@example.com", i), right)
		}
		wantCode(t, err, pontage.RateLimited, "")
		for i := range 31 {
			err = w.RequestPasswordReset(t.Context(), home, fmt.Sprintf("person%d@example.com", i))
		}
		wantCode(t, err, pontage.RateLimited, "")
		must(t, w.RequestPasswordReset(t.Context(), pontage.Visitor(netip.MustParseAddr("192.0.2.2"), ""), annEmail))
	})
}

func TestWhatIsTypedAtRegistrationIsChecked(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		wantCode(t, w.register(t, "ann", right), pontage.InvalidInput, "/email")
		wantCode(t, w.register(t, annEmail, "password123"), pontage.InvalidInput, "/password")
		wantCode(t, w.Register(t.Context(), home, account.RegisterInput{Email: annEmail, Password: right, Name: "a\r\nBcc: x"}), pontage.InvalidInput, "/name")
		wantCode(t, w.ResendVerification(t.Context(), home, "ann"), pontage.InvalidInput, "/email")
		wantCode(t, w.RequestPasswordReset(t.Context(), home, "ann"), pontage.InvalidInput, "/email")
	})
}

// A forgotten password is replaced by who has the mailbox; whoever was logged in with the old one is out.
func TestAResetIsGoodOnceAndEndsAllSessions(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		w.ann(t)
		_, s := w.as(t)
		must(t, w.RequestPasswordReset(t.Context(), home, annEmail))
		unused := w.code(t, "reset_password", annEmail)
		w.clock.Advance(time.Second)
		must(t, w.RequestPasswordReset(t.Context(), home, strings.ToUpper(annEmail)))
		code := w.code(t, "reset_password", annEmail)
		wantCode(t, w.ResetPassword(t.Context(), home, code, annEmail), pontage.InvalidInput, "/password")
		_, err := w.VerifyEmail(t.Context(), home, code)
		wantCode(t, err, pontage.InvalidInput, "/code")
		w.clock.Advance(time.Second)
		instances := []*world{w, again()}
		var did atomic.Int64
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				err := instances[i%2].ResetPassword(t.Context(), home, code, fmt.Sprintf("a new password %d", i))
				if err == nil {
					did.Add(1)
				} else if pontage.CodeOf(err) != pontage.InvalidInput {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if did.Load() != 1 {
			t.Fatalf("the link was good %d times", did.Load())
		}
		_, err = w.AuthenticateSession(t.Context(), home, s.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = w.login(t, annEmail, right)
		wantCode(t, err, pontage.Unauthenticated, "")
		wantCode(t, w.ResetPassword(t.Context(), home, unused, right), pontage.InvalidInput, "/code")
		if l := w.letters(t)[0]; l.kind != "password_changed" || !strings.Contains(l.text, "from 192.0.2.1") || !strings.Contains(l.text, "20 November 2026 12:00 UTC") {
			t.Errorf("the person was told %+v", l)
		}
		must(t, w.RequestPasswordReset(t.Context(), home, annEmail))
		late := w.code(t, "reset_password", annEmail)
		w.clock.Advance(time.Hour)
		wantCode(t, w.ResetPassword(t.Context(), home, late, right), pontage.InvalidInput, "/code")
	})
}

func TestAnInvitationMakesTheUserOfAnAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		a, _ := w.annWithKey(t)
		wantCode(t, w.Invite(t.Context(), pontage.Actor{Kind: pontage.ActorAccount, AccountID: a.ID}, a.ID), pontage.Forbidden, "")
		wantCode(t, w.Invite(t.Context(), pontage.Operator(), "acc_x"), pontage.NotFound, "")
		must(t, w.Invite(t.Context(), pontage.Operator(), a.ID))
		code := w.code(t, "invitation", annEmail)
		w.clock.Advance(time.Second)
		must(t, w.Invite(t.Context(), pontage.Operator(), a.ID))
		second := w.code(t, "invitation", annEmail)
		_, err := w.AcceptInvitation(t.Context(), home, code, "password123")
		wantCode(t, err, pontage.InvalidInput, "/password")
		u, err := w.AcceptInvitation(t.Context(), home, code, right)
		must(t, err)
		if u.AccountID != a.ID {
			t.Errorf("user %+v", u)
		}
		_, err = w.AcceptInvitation(t.Context(), home, code, right)
		wantCode(t, err, pontage.InvalidInput, "/code")
		_, err = w.AcceptInvitation(t.Context(), home, second, right)
		wantCode(t, err, pontage.Conflict, "")
		wantCode(t, w.Invite(t.Context(), pontage.Operator(), a.ID), pontage.Conflict, "")
		_, err = w.login(t, annEmail, right)
		must(t, err)
	})
}

// An address goes into a header of a mail and into HTTP Basic: what is taken must be one bare address and nothing else.
func FuzzEmailAddresses(f *testing.F) {
	for _, email := range []string{annEmail, "a@b", "a@b.c\r\nBcc: x@y.z", "a@[127.0.0.1]", "\"a b\"@c.d", "a@b.c, d@e.f", "A <a@b.c>", "a:b@c.d", "ä@ö.ü", "a@@b", "", "@", "a@b.c\x00"} {
		f.Add(email)
	}
	f.Fuzz(func(t *testing.T, email string) {
		if account.CheckEmail(email) != nil {
			return
		}
		parsed, err := mail.ParseAddress(email)
		if err != nil || parsed.Address != email || len(email) > 254 || strings.ContainsAny(email, " \t\r\n\x00:,;<>\"") || strings.Count(email, "@") != 1 {
			t.Errorf("%q was taken", email)
		}
	})
}
