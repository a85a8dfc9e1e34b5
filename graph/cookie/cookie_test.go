package cookie_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/graph/cookie"
)

var now = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)

func session() account.IssuedSession {
	return account.IssuedSession{Session: pontage.Session{ExpiresAt: now.Add(time.Hour)}, Text: "pt_live_text"}
}

func at() time.Time { return now }

// Scripts must not read the cookie, other sites not send it, and no network see it: only on one's own machine it travels in the clear.
func TestTheCookieIsKeptFromOthers(t *testing.T) {
	for url, secure := range map[string]bool{
		"https://oauth.example.com": true, "http://oauth.example.com": true, "http://192.168.1.5:8080": true, "https://localhost": true,
		"http://localhost:8080": false, "http://oauth.pontage.localhost": false, "http://127.0.0.1:1": false, "http://[::1]:1": false,
		"http://localhost.example.com": true, "http://notlocalhost": true,
	} {
		h := http.Header{}
		cookie.New("production", url, at).Set(h, session())
		c, err := http.ParseSetCookie(h.Get("Set-Cookie"))
		if err != nil {
			t.Fatal(err)
		}
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 3600 || c.Secure != secure ||
			strings.HasPrefix(c.Name, "__Host-") != secure {
			t.Errorf("%s: %s", url, h.Get("Set-Cookie"))
		}
	}
}

// An answer says one thing about the cookie: the last.
func TestAnAnswerSetsOneCookie(t *testing.T) {
	s, h := cookie.New("sandbox", "http://localhost", at), http.Header{"Set-Cookie": {"other=1"}}
	s.Clear(h)
	s.Set(h, session())
	if lines := h.Values("Set-Cookie"); len(lines) != 2 || !strings.Contains(lines[1], "pontage_sandbox=pt_live_text") {
		t.Errorf("%q", lines)
	}
	s.Clear(h)
	if lines := h.Values("Set-Cookie"); len(lines) != 2 || !strings.Contains(lines[1], "Max-Age=0") {
		t.Errorf("%q", lines)
	}
}

// Production and sandbox share a host, so they must not share a cookie.
func TestInstancesDoNotReadEachOther(t *testing.T) {
	h := http.Header{}
	cookie.New("production", "http://localhost:8080", at).Set(h, session())
	c, err := http.ParseSetCookie(h.Get("Set-Cookie"))
	if err != nil {
		t.Fatal(err)
	}
	r := &http.Request{Header: http.Header{}}
	r.AddCookie(c)
	if cookie.New("production", "http://localhost:8080", at).Text(r) != "pt_live_text" || cookie.New("sandbox", "http://localhost:8081", at).Text(r) != "" {
		t.Errorf("%q", r.Header)
	}
}
