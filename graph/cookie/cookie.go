package cookie

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
)

// maxText bounds what is looked at of a cookie, in bytes.
const maxText = 512

// Session is the cookie of one instance's sessions. A browser sends cookies to every port of a host, so each instance has a name of its own.
type Session struct {
	name   string
	secure bool
	clock  pontage.Clock
}

// New makes the cookie of an instance that browsers reach at publicURL. It is for HTTPS alone and bound to the host, unless the host is
// the browser's own machine by plain HTTP.
func New(instance, publicURL string, clock pontage.Clock) Session {
	s := Session{name: "pontage_" + instance, secure: !isLocal(publicURL), clock: clock}
	if s.secure {
		s.name = "__Host-" + s.name
	}
	return s
}

// isLocal says whether a URL is plain HTTP on this machine.
func isLocal(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "http" && pontage.IsLocalName(u.Hostname())
}

// Text is what the request's cookie holds, empty without one.
func (s Session) Text(r *http.Request) string {
	c, err := r.Cookie(s.name)
	if err != nil || len(c.Value) > maxText {
		return ""
	}
	return c.Value
}

// Set puts a session into an answer's headers, in place of what was put there before.
func (s Session) Set(h http.Header, session account.IssuedSession) {
	s.write(h, session.Text, int(session.ExpiresAt.Sub(s.clock.Now()).Seconds()))
}

// Clear takes the cookie away.
func (s Session) Clear(h http.Header) { s.write(h, "", -1) }

func (s Session) write(h http.Header, text string, maxAge int) {
	h["Set-Cookie"] = slices.DeleteFunc(h["Set-Cookie"], func(line string) bool { return strings.HasPrefix(line, s.name+"=") })
	c := http.Cookie{Name: s.name, Value: text, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	h.Add("Set-Cookie", c.String())
}
