package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

// code gives the code in the newest mail of a kind to somebody.
func (w *world) code(kind, recipient string) string {
	w.Helper()
	mails, err := w.store.Mails(w.Context(), pontage.Keyset{Limit: 100})
	must(w, err)
	for _, m := range mails {
		if m.Kind == kind && strings.EqualFold(m.Recipient, recipient) {
			text, err := m.Text(w.credentials.Keys)
			must(w, err)
			_, code, _ := strings.Cut(text, "#code=")
			code, _, _ = strings.Cut(code, "\n")
			return strings.TrimSpace(code)
		}
	}
	w.Fatalf("no mail %s to %s among %d", kind, recipient, len(mails))
	return ""
}

// A stranger registers, proves the mailbox and logs in; before that there is nobody, and nobody learns who is there.
func TestAStrangerBecomesAPerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const register = `mutation($e:String!,$p:String!){register(input:{email:$e,password:$p,name:"Zoe"}){email}}`
		zoe := map[string]any{"e": "zoe@example.com", "p": password}
		r := w.data("", register, zoe)
		taken := w.data("", register, map[string]any{"e": w.ann.email, "p": password})
		if r.get("register.email") != "zoe@example.com" || taken.get("register.email") != w.ann.email {
			t.Errorf("%s %s", r.Raw, taken.Raw)
		}
		first := w.code("verify_email", "zoe@example.com")
		w.clock.Advance(time.Second)
		w.data("", `mutation{resendVerification(input:{email:"zoe@example.com"}){email}}`, nil)
		if l := w.login("zoe@example.com", password); l.code() != "UNAUTHENTICATED" {
			t.Errorf("before the mailbox is proven: %s", l.Raw)
		}
		const verify = `mutation($c:String!){verifyEmail(input:{code:$c}){email}}`
		if r := w.ask("", verify, map[string]any{"c": first}); r.code() != "INVALID_INPUT" || r.Errors[0].Extensions.Field != "/input/code" {
			t.Errorf("a code that was replaced: %s", r.Raw)
		}
		code := w.code("verify_email", "zoe@example.com")
		if r := w.data("", verify, map[string]any{"c": code}); r.get("verifyEmail.email") != "zoe@example.com" {
			t.Errorf("%s", r.Raw)
		}
		if r := w.ask("", verify, map[string]any{"c": code}); r.code() != "INVALID_INPUT" {
			t.Errorf("a second time: %s", r.Raw)
		}
		w.cookie(w.login("zoe@example.com", password))
		for field, in := range map[string]map[string]any{"/input/email": {"e": "nonsense", "p": password}, "/input/password": {"e": "z@example.com", "p": "short"}} {
			if r := w.ask("", register, in); r.code() != "INVALID_INPUT" || r.Errors[0].Extensions.Field != field {
				t.Errorf("%s: %s", field, r.Raw)
			}
		}
	})
}

// Who forgot the password chooses another by mail; every session ends.
func TestAForgottenPasswordIsReset(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cookie := w.enter(w.ann)
		const request = `mutation($e:String!){requestPasswordReset(input:{email:$e}){email}}`
		w.data("", request, map[string]any{"e": w.ann.email})
		w.data("", request, map[string]any{"e": "nobody@example.com"})
		const reset = `mutation($c:String!,$p:String!){resetPassword(input:{code:$c,password:$p}){changed}}`
		in := map[string]any{"c": w.code("reset_password", w.ann.email), "p": "another good password"}
		if r := w.data("", reset, in); r.get("resetPassword.changed") != true {
			t.Errorf("%s", r.Raw)
		}
		if r := w.ask("", reset, in); r.code() != "INVALID_INPUT" {
			t.Errorf("a second time: %s", r.Raw)
		}
		if r := w.ask(cookie, "{viewer{id}}", nil); r.code() != "UNAUTHENTICATED" {
			t.Errorf("the old session: %s", r.Raw)
		}
		w.cookie(w.login(w.ann.email, "another good password"))
	})
}

// The person of an account that the operator opened chooses a password by mail.
func TestAnInvitationIsAccepted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(w, w.accounts.Invite(t.Context(), pontage.Operator(), w.bob.id))
		r := w.data("", `mutation($c:String!,$p:String!){acceptInvitation(input:{code:$c,password:$p}){email}}`,
			map[string]any{"c": w.code("invitation", w.bob.email), "p": password})
		if r.get("acceptInvitation.email") != w.bob.email {
			t.Errorf("%s", r.Raw)
		}
		if me := w.data(w.cookie(w.login(w.bob.email, password)), "{viewer{id}}", nil); me.get("viewer.id") != string(w.bob.id) {
			t.Errorf("%s", me.Raw)
		}
	})
}
