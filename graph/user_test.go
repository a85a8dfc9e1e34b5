package graph_test

import (
	"testing"
	"time"
)

// A person writes their profile as a whole; what is wrong is named where it stands.
func TestAPersonWritesTheirProfile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cookie := w.enter(w.ann)
		r := w.data(cookie, `mutation{replaceProfile(input:{name:"Ann",country:"nld",timeZone:"Europe/Amsterdam",picture:"https://example.com/a.png",
			socials:[{platform:"web",username:"ann",url:"https://ann.example"}]}){user{profile{name country gender picture socials{platform username url}}}}}`, nil)
		me := w.data(cookie, `{me{id email createdAt verifiedAt passwordChangedAt profile{name country gender picture socials{platform username url}}}}`, nil)
		if me.get("me.email") != w.ann.email || me.get("me.profile.country") != "NL" || me.get("me.profile.gender") != "" || me.text("me.passwordChangedAt") == "" ||
			me.get("me.profile.socials.0.url") != "https://ann.example" || !same(r.get("replaceProfile.user.profile"), me.get("me.profile")) {
			t.Errorf("%s\n%s", r.Raw, me.Raw)
		}
		w.data(cookie, `mutation{replaceProfile(input:{name:"Anna"}){user{id}}}`, nil)
		if me := w.data(cookie, `{me{profile{name country picture socials{url}}}}`, nil); !same(me.get("me.profile"), map[string]any{"name": "Anna", "country": "", "picture": nil, "socials": []any{}}) {
			t.Errorf("%s", me.Raw)
		}
		if r := w.ask(cookie, `mutation{replaceProfile(input:{country:"Utopia"}){user{id}}}`, nil); r.code() != "INVALID_INPUT" || r.Errors[0].Extensions.Field != "/input/country" {
			t.Errorf("%s", r.Raw)
		}
		if r := w.ask(w.ann.basic(), `{me{id}}`, nil); r.code() != "FORBIDDEN" {
			t.Errorf("an API key is no person: %s", r.Raw)
		}
	})
}

// A new password ends every other session, and the person is told.
func TestAPasswordIsChanged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other, cookie := w.enter(w.ann), w.enter(w.ann)
		w.data(cookie, `mutation{changePassword(input:{password:"another good password"}){changed}}`, nil)
		w.data(cookie, "{viewer{id}}", nil)
		if r := w.ask(other, "{viewer{id}}", nil); r.code() != "UNAUTHENTICATED" {
			t.Errorf("the other session: %s", r.Raw)
		}
		if r := w.login(w.ann.email, password); r.code() != "UNAUTHENTICATED" {
			t.Errorf("the old password: %s", r.Raw)
		}
		w.cookie(w.login(w.ann.email, "another good password"))
		told := w.data(cookie, `{me{unreadNotifications} notifications(filter:{unread:true}){nodes{kind title target readAt}}}`, nil)
		if !same("1", told.get("me.unreadNotifications")) || told.get("notifications.nodes.0.kind") != "SECURITY" {
			t.Errorf("%s", told.Raw)
		}
		if r := w.ask(cookie, `mutation{changePassword(input:{password:"short"}){changed}}`, nil); r.code() != "INVALID_INPUT" || r.Errors[0].Extensions.Field != "/input/password" {
			t.Errorf("%s", r.Raw)
		}
		w.clock.Advance(16 * time.Minute)
		if r := w.ask(cookie, `mutation{changePassword(input:{password:"one more password"}){changed}}`, nil); r.code() != "RELOGIN_REQUIRED" {
			t.Errorf("%s", r.Raw)
		}
	})
}

// A new address counts once its mailbox is proven, for the person and for HTTP Basic.
func TestAnAddressIsChangedOnceItIsProven(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cookie := w.enter(w.ann)
		if r := w.data(cookie, `mutation{requestEmailChange(input:{email:"new@example.com"}){email}}`, nil); r.get("requestEmailChange.email") != "new@example.com" {
			t.Errorf("%s", r.Raw)
		}
		w.data(w.ann.basic(), "{viewer{id}}", nil)
		confirm := `mutation($c:String!){confirmEmailChange(input:{code:$c}){changed}}`
		in := map[string]any{"c": w.code("email_change", "new@example.com")}
		w.data("", confirm, in)
		if r := w.ask("", confirm, in); r.code() != "INVALID_INPUT" || r.Errors[0].Extensions.Field != "/input/code" {
			t.Errorf("a second time: %s", r.Raw)
		}
		if me := w.data("new@example.com:"+w.ann.key, "{viewer{email}}", nil); me.get("viewer.email") != "new@example.com" {
			t.Errorf("%s", me.Raw)
		}
		if r := w.ask(w.ann.basic(), "{viewer{id}}", nil); r.Status != 401 {
			t.Errorf("the old address goes on: %s", r.Raw)
		}
	})
}

// A deleted account is gone at once, by every way in; what would be lost must be typed.
func TestAnAccountIsDeleted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.seed(w.ann)
		remove := `mutation($c:String!){deleteAccount(input:{confirmation:$c}){id}}`
		if r := w.ask(s.cookie, remove, map[string]any{"c": w.ann.email}); r.code() != "INVALID_INPUT" || r.Errors[0].Extensions.Field != "/input/confirmation" {
			t.Fatalf("with money left: %s", r.Raw)
		}
		r := w.data(s.cookie, remove, map[string]any{"c": w.ann.email + " forfeit"})
		if r.get("deleteAccount.id") != string(w.ann.id) || !isCleared(r) {
			t.Errorf("%s %v", r.Raw, r.Header)
		}
		if r := w.ask(s.cookie, "{me{id}}", nil); r.code() != "UNAUTHENTICATED" {
			t.Errorf("the session goes on: %s", r.Raw)
		}
		for _, credentials := range []string{w.ann.basic(), s.bearer} {
			if r := w.ask(credentials, "{wallet{credit}}", nil, "X-Forwarded-For", "192.0.2.9"); r.Status != 401 {
				t.Errorf("%s goes on: %s", credentials, r.Raw)
			}
		}
		if r := w.login(w.ann.email, password); r.code() != "UNAUTHENTICATED" {
			t.Errorf("%s", r.Raw)
		}
	})
}
