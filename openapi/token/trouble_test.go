package token_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi/token"
	"github.com/pontage/pontage/storage/storagetest"
)

// troubled is a meter whose wallet is out of order.
type troubled struct {
	token.Meter
	fail func() error
}

func (m troubled) Wallet(context.Context, pontage.Actor) (*pontage.Wallet, error) {
	return nil, m.fail()
}

// When the platform is in trouble, a client is told so, with a request id to ask about and nothing of the inside.
func TestTroubleIsShownAsOurs(t *testing.T) {
	for name, c := range map[string]struct {
		fail           func() error
		status, number int
		retry          string
	}{
		"database away": {func() error {
			return pontage.E(pontage.Unavailable, "The database cannot be reached.").After(1500 * time.Millisecond)
		}, 503, 1503, "2"},
		"foreign error": {func() error { return context.DeadlineExceeded }, 500, 1500, ""},
		"panic":         {func() error { panic("secret") }, 500, 1500, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)), func(c2 *token.Config) { c2.Meter = troubled{c2.Meter, c.fail} })
			r := w.client.do("GET", "/wallet", basic(w.ann), "").fails(c.status, c.number, "")
			if r.env.RequestID == "" || r.env.RequestID != r.header.Get("Pontage-Request-Id") || r.header.Get("Retry-After") != c.retry {
				t.Errorf("%s: %v", r.body, r.header)
			}
			if strings.Contains(string(r.body), "secret") || strings.Contains(string(r.body), "deadline") {
				t.Errorf("the inside is shown: %s", r.body)
			}
		})
	}
}

// A database that is away is never taken for a wrong password.
func TestAuthenticationSaysWhenTheDatabaseIsAway(t *testing.T) {
	store := storagetest.Open(t, storagetest.SQLite(t))
	w := newWorld(t, store, func(c *token.Config) { c.Accounts = away{} })
	w.client.do("GET", "/wallet", basic(w.ann), "").fails(503, 1503, "")
}

type away struct{}

func (away) Authenticate(context.Context, string, string) (pontage.Actor, error) {
	return pontage.Actor{}, pontage.E(pontage.Unavailable, "The database cannot be reached.")
}

// The 10,001st request in a minute is refused with the time to wait; other accounts go on.
func TestTheRateIsLimitedPerAccount(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	r := w.client.do("GET", "/wallet", basic(w.ann), "").ok(nil)
	if r.header.Get("RateLimit-Policy") != `"default";q=10000;w=60` || !strings.HasPrefix(r.header.Get("RateLimit"), `"default";r=9999;t=`) {
		t.Errorf("headers: %v", r.header)
	}
	for range 9_999 {
		if _, refusal := w.meter.AllowRate(rateKey(w.ann), 0); refusal != nil {
			t.Fatal(refusal)
		}
	}
	r = w.client.do("GET", "/wallet", basic(w.ann), "").fails(429, 1429, "")
	if r.header.Get("Retry-After") == "" || !strings.HasPrefix(r.header.Get("RateLimit"), `"default";r=0;t=`) {
		t.Errorf("headers: %v", r.header)
	}
	w.client.do("GET", "/wallet", basic(w.bob), "").ok(nil)
	w.clock.Advance(62 * time.Second)
	w.client.do("GET", "/wallet", basic(w.ann), "").ok(nil)
}

// A refresh token that is tried over and over costs the database little.
func TestOneRefreshTokenIsTriedAtMostSixtyTimesAMinute(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	made := w.create(w.ann, `{"scopes":["`+startScope+`"]}`)
	for range 60 {
		w.client.do("PATCH", "/tokens/65f0c0ffee0123456789abcd", bearer(*made.RefreshToken), "").fails(401, 130, "Unauthorized")
	}
	w.client.do("PATCH", "/tokens/"+made.id(), bearer(*made.RefreshToken), "").fails(429, 1429, "")
	w.clock.Advance(62 * time.Second)
	w.client.do("PATCH", "/tokens/"+made.id(), bearer(*made.RefreshToken), "a=b", "Content-Type", "application/x-www-form-urlencoded").ok(nil)
}
