package account_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
)

const other = "a red wheel barrow"

// Who finds an open browser must not be able to take the account over.
func TestChangesThatMatterNeedARecentLogin(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		a, _ := w.ann(t)
		by, _ := w.as(t)
		w.clock.Advance(15 * time.Minute)
		for name, do := range map[string]func(pontage.Actor) error{
			"password": func(by pontage.Actor) error { return w.ChangePassword(t.Context(), by, other) },
			"e-mail":   func(by pontage.Actor) error { return w.RequestEmailChange(t.Context(), by, "new@example.com") },
			"delete": func(by pontage.Actor) error {
				return w.DeleteAccount(t.Context(), by, account.DeleteInput{AccountID: a.ID, Confirmation: annEmail})
			},
		} {
			if err := do(by); pontage.CodeOf(err) != pontage.ReloginRequired {
				t.Errorf("%s: %v", name, err)
			}
			if err := do(home); pontage.CodeOf(err) != pontage.Unauthenticated && pontage.CodeOf(err) != pontage.NotFound {
				t.Errorf("%s by nobody: %v", name, err)
			}
			if err := do(pontage.Actor{Kind: pontage.ActorAccount, AccountID: a.ID}); pontage.CodeOf(err) != pontage.Unauthenticated && pontage.CodeOf(err) != pontage.NotFound {
				t.Errorf("%s by an API key: %v", name, err)
			}
		}
		if n := len(w.letters(t)); n != 0 {
			t.Errorf("%d mails", n)
		}
	})
}

func TestANewPasswordEndsOtherSessionsAndLinks(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.ann(t)
		_, elsewhere := w.as(t)
		by, current := w.as(t)
		must(t, w.RequestPasswordReset(t.Context(), home, annEmail))
		link := w.code(t, "reset_password", annEmail)
		w.clock.Advance(time.Second)
		wantCode(t, w.ChangePassword(t.Context(), by, "password123"), pontage.InvalidInput, "/password")
		must(t, w.ChangePassword(t.Context(), by, other))
		_, err := w.AuthenticateSession(t.Context(), home, elsewhere.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = w.AuthenticateSession(t.Context(), home, current.Text)
		must(t, err)
		wantCode(t, w.ResetPassword(t.Context(), home, link, right), pontage.InvalidInput, "/code")
		_, err = w.login(t, annEmail, right)
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = w.login(t, annEmail, other)
		must(t, err)
		if l := w.letters(t)[0]; l.kind != "password_changed" || l.recipient != annEmail {
			t.Errorf("told by %+v", l)
		}
		told, err := w.Notifications(t.Context(), by, true, pontage.Keyset{Limit: 5})
		if err != nil || len(told) != 1 || told[0].Kind != pontage.NotifySecurity {
			t.Errorf("%v, %v", told, err)
		}
	})
}

// The new mailbox proves itself, the old one is told twice, and the address is that of user and account from then on.
func TestAnEmailChangesOnceTheNewOneIsProven(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		a, u := w.ann(t)
		k, err := w.CreateKey(t.Context(), pontage.Operator(), a.ID, "")
		must(t, err)
		by, _ := w.as(t)
		must(t, w.RequestPasswordReset(t.Context(), home, annEmail))
		stolen := w.code(t, "reset_password", annEmail)
		w.clock.Advance(time.Second)
		must(t, w.RequestEmailChange(t.Context(), by, "New@example.com"))
		if text := fmt.Sprint(w.letters(t)[:2]); !strings.Contains(text, "{email_change_requested "+annEmail) {
			t.Errorf("the old mailbox was not told: %s", text)
		}
		code := w.code(t, "email_change", "New@example.com")
		if found, err := w.store.User(t.Context(), u.ID); err != nil || found.Email != annEmail {
			t.Errorf("changed before it was proven: %+v, %v", found, err)
		}
		w.clock.Advance(time.Second)
		must(t, w.ConfirmEmailChange(t.Context(), home, code))
		wantCode(t, w.ConfirmEmailChange(t.Context(), home, code), pontage.InvalidInput, "/code")
		if l := w.letters(t)[0]; l.kind != "email_changed" || l.recipient != annEmail {
			t.Errorf("told by %+v", l)
		}
		_, err = w.login(t, annEmail, right)
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = w.login(t, "new@example.com", right)
		must(t, err)
		_, err = w.Authenticate(t.Context(), "new@example.com", k.Text)
		must(t, err)
		_, err = w.Authenticate(t.Context(), annEmail, k.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		wantCode(t, w.ResetPassword(t.Context(), home, stolen, other), pontage.InvalidInput, "/code")
	})
}

func TestAnEmailOfSomebodyElseCannotBeTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		w.ann(t)
		by, _ := w.as(t)
		must(t, w.RequestEmailChange(t.Context(), by, "bob@example.com"))
		code := w.code(t, "email_change", "bob@example.com")
		w.bob(t)
		wantCode(t, w.ConfirmEmailChange(t.Context(), home, code), pontage.Conflict, "")
		w.clock.Advance(time.Second)
		must(t, w.RequestEmailChange(t.Context(), by, "BOB@example.com"))
		kinds := ""
		for _, l := range w.letters(t)[:2] {
			kinds += l.kind + " to " + l.recipient + ", "
		}
		if !strings.Contains(kinds, "already_registered to bob@example.com") {
			t.Errorf("mails %s", kinds)
		}
		wantCode(t, w.RequestEmailChange(t.Context(), by, "x"), pontage.InvalidInput, "/email")
	})
}
