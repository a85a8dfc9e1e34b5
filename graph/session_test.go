package graph_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
)

const password = "correct horse battery"

// enter logs a person in, and makes them on the way where there is only an account; what it gives authorises requests.
func (w *world) enter(p person) string {
	w.Helper()
	if !w.entered[p.id] {
		_, err := w.accounts.SetPassword(w.Context(), pontage.Operator(), p.id, password)
		must(w, err)
		w.entered[p.id] = true
	}
	return w.cookie(w.login(p.email, password))
}

func (w *world) login(email, password string, headers ...string) *reply {
	w.Helper()
	return w.ask("", `mutation($e:String!,$p:String!){login(input:{email:$e,password:$p}){session{id current device}}}`, map[string]any{"e": email, "p": password}, headers...)
}

// cookie is what a browser sends after an answer.
func (w *world) cookie(r *reply) string {
	w.Helper()
	line := r.Header.Get("Set-Cookie")
	c, err := http.ParseSetCookie(line)
	if err != nil || len(r.Header.Values("Set-Cookie")) != 1 {
		w.Fatalf("%q: %v: %s", line, err, r.Raw)
	}
	return "Cookie " + c.Name + "=" + c.Value
}

func isCleared(r *reply) bool { return strings.Contains(r.Header.Get("Set-Cookie"), "Max-Age=0") }

// A session begins, is renewed and ends; after that its cookie opens nothing, and keeps nobody from logging in.
func TestASessionLivesInItsCookie(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.enter(w.ann)
		if r := w.data(first, "{viewer{id}}", nil); r.get("viewer.id") != string(w.ann.id) || r.Header.Get("Set-Cookie") != "" {
			t.Fatalf("%s %s", r.Raw, r.Header)
		}
		again := w.ask(first, `mutation($p:String!){relogin(input:{password:$p}){session{id current}}}`, map[string]any{"p": password})
		second := w.cookie(again)
		if second == first || again.get("relogin.session.current") != true {
			t.Fatalf("%s", again.Raw)
		}
		dead := func(cookie string) {
			t.Helper()
			if r := w.ask(cookie, "{viewer{id}}", nil); r.code() != "UNAUTHENTICATED" || !isCleared(r) {
				t.Errorf("%d %s %v", r.Status, r.Raw, r.Header)
			}
		}
		dead(first)
		if r := w.data(second, `mutation{logout(input:{clientMutationId:"x"}){id clientMutationId}}`, nil); r.get("logout.id") != again.get("relogin.session.id") || r.get("logout.clientMutationId") != "x" || !isCleared(r) {
			t.Errorf("%s %v", r.Raw, r.Header)
		}
		dead(second)
		dead(second[:len(second)-1] + "x")
		r := w.ask(second, `mutation($e:String!,$p:String!){login(input:{email:$e,password:$p}){session{id}}}`, map[string]any{"e": strings.ToUpper(w.ann.email), "p": password})
		if third := w.cookie(r); w.data(third, "{viewer{id}}", nil).get("viewer.id") != string(w.ann.id) {
			t.Errorf("a dead cookie keeps from logging in: %s", r.Raw)
		}
	})
}

// Who guesses learns nothing of who has an account.
func TestALoginThatFailsSaysNothing(t *testing.T) {
	w := sqliteWorld(t, nil)
	w.enter(w.ann)
	wrong, unknown := w.login(w.ann.email, "wrong wrong wrong"), w.login("nobody@example.com", "wrong wrong wrong")
	if wrong.code() != "UNAUTHENTICATED" || wrong.Header.Get("Set-Cookie") != "" || wrong.Status != unknown.Status ||
		requestID.ReplaceAllString(wrong.Raw, "") != requestID.ReplaceAllString(unknown.Raw, "") {
		t.Errorf("%s\n%s", wrong.Raw, unknown.Raw)
	}
	for range 9 {
		w.login(w.ann.email, "wrong wrong wrong")
	}
	if r := w.login(w.ann.email, password); r.code() != "RATE_LIMITED" {
		t.Errorf("the eleventh guess: %s", r.Raw)
	}
}

// A page of another site cannot act with the cookie, not even log somebody in.
func TestAnotherSiteCannotUseTheCookie(t *testing.T) {
	w := sqliteWorld(t, nil)
	cookie := w.enter(w.ann)
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
		if r := w.ask(cookie, `mutation{endOtherSessions(input:{}){ended}}`, nil, headers...); r.Status != http.StatusForbidden || r.Data != nil {
			t.Errorf("%v: %d %s", headers, r.Status, r.Raw)
		}
		if r := w.login(w.ann.email, password, headers...); r.Status != http.StatusForbidden || r.Header.Get("Set-Cookie") != "" {
			t.Errorf("%v: %d %s", headers, r.Status, r.Raw)
		}
	}
}

// A person finds the browser they do not know and ends it; the current one only by logging out.
func TestSessionsAreListedAndEnded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var cookies []string
		for range 3 {
			w.clock.Advance(time.Second)
			cookies = append(cookies, w.enter(w.ann))
		}
		page := w.data(cookies[0], `{sessions(first:2,order:OLDEST_FIRST){nodes{id current address device} pageInfo{hasNextPage endCursor}}}`, nil)
		rest := w.data(cookies[0], `query($a:String){sessions(first:2,order:OLDEST_FIRST,after:$a){nodes{id current} pageInfo{hasNextPage}}}`,
			map[string]any{"a": page.get("sessions.pageInfo.endCursor")})
		if page.get("sessions.nodes.0.current") != true || page.get("sessions.nodes.1.current") != false || page.get("sessions.pageInfo.hasNextPage") != true ||
			page.get("sessions.nodes.0.address") != "127.0.0.1" || rest.get("sessions.pageInfo.hasNextPage") != false || len(rest.get("sessions.nodes").([]any)) != 1 {
			t.Fatalf("%s\n%s", page.Raw, rest.Raw)
		}
		narrow := w.data(cookies[0], `{ours:sessions(filter:{userAgent:"GO-HTTP"}){nodes{id}} none:sessions(filter:{userAgent:"Opera"}){nodes{id}}}`, nil)
		if len(narrow.get("ours.nodes").([]any)) != 3 || len(narrow.get("none.nodes").([]any)) != 0 {
			t.Errorf("%s", narrow.Raw)
		}
		end := func(authorization string, id any) *reply {
			return w.ask(authorization, `mutation($i:ID!){endSession(input:{id:$i}){id}}`, map[string]any{"i": id})
		}
		if r := end(cookies[0], page.get("sessions.nodes.0.id")); r.code() != "CONFLICT" || r.Errors[0].Extensions.Field != "/input/id" {
			t.Errorf("the current one: %s", r.Raw)
		}
		if r := end(w.ann.basic(), page.get("sessions.nodes.1.id")); r.code() != "FORBIDDEN" {
			t.Errorf("by an API key: %s", r.Raw)
		}
		if r := end(cookies[0], page.get("sessions.nodes.1.id")); r.code() != "" {
			t.Errorf("%s", r.Raw)
		}
		if r := w.ask(cookies[1], "{viewer{id}}", nil); r.code() != "UNAUTHENTICATED" {
			t.Errorf("it goes on: %s", r.Raw)
		}
		if r := w.data(cookies[0], `mutation{endOtherSessions(input:{}){ended}}`, nil); !same("1", r.get("endOtherSessions.ended")) {
			t.Errorf("%s", r.Raw)
		}
		if r := w.ask(cookies[2], "{viewer{id}}", nil); r.code() != "UNAUTHENTICATED" {
			t.Errorf("it goes on: %s", r.Raw)
		}
	})
}

// What could take an account over wants a fresh login, which may come in the same request.
func TestADangerousStepWantsAFreshLogin(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cookie := w.enter(w.ann)
		w.clock.Advance(16 * time.Minute)
		const create = `createAPIKey(input:{label:"x"}){text}`
		if r := w.ask(cookie, "mutation{"+create+"}", nil); r.code() != "RELOGIN_REQUIRED" {
			t.Fatalf("%s", r.Raw)
		}
		r := w.ask(cookie, `mutation($p:String!){relogin(input:{password:$p}){session{id}} `+create+`}`, map[string]any{"p": password})
		if r.code() != "" || r.text("createAPIKey.text") == "" {
			t.Errorf("%s", r.Raw)
		}
	})
}
