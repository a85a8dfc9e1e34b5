package graph

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/meter"
)

// maxBearer bounds what is looked at of a bearer, in bytes.
const maxBearer = 512

var (
	errUnauthorized = pontage.E(pontage.Unauthenticated, "Unauthorized")
	errAddress      = pontage.E(pontage.AddressRefused, "The token may not be used from this address.")
)

// authenticate proves who calls. Without credentials a request is anyone's; with bad ones it is nobody's.
func (a *api) authenticate(r *http.Request, x *exchange) error {
	address := a.address(r)
	x.actor = pontage.Visitor(address, r.UserAgent())
	if err := a.suppose(r, x); err != nil {
		return err
	}
	lines := r.Header.Values("Authorization")
	var err error
	switch scheme, credential, _ := strings.Cut(strings.Join(lines, ""), " "); {
	case len(lines) == 0:
		err = a.bySession(r, x)
	case len(lines) > 1:
		err = errUnauthorized
	case strings.EqualFold(scheme, "Basic"):
		err = a.byAccount(r, x)
	case strings.EqualFold(scheme, "Bearer"):
		err = a.byToken(r, x, strings.TrimSpace(credential), address)
	default:
		err = errUnauthorized
	}
	x.actor.Address, x.actor.UserAgent, x.actor.Request = address, r.UserAgent(), x.id
	if err == nil {
		err = a.meets(r, x)
	}
	return err
}

// bySession takes the person of a session cookie. A cookie whose session has ended proves nothing and is taken away: it must not keep
// anybody from logging in again.
func (a *api) bySession(r *http.Request, x *exchange) error {
	if a.Sessions == nil {
		return nil
	}
	text := a.Sessions.Text(r)
	if text == "" {
		return nil
	}
	by, err := a.Accounts.AuthenticateSession(r.Context(), x.actor, text)
	if pontage.CodeOf(err) == pontage.Unauthenticated {
		a.Sessions.Clear(x.header)
		return nil
	}
	if err != nil {
		return err
	}
	x.become(by, text)
	return a.allow(x, by.AccountID)
}

func (a *api) byAccount(r *http.Request, x *exchange) error {
	email, key, ok := r.BasicAuth()
	if !ok {
		return errUnauthorized
	}
	by, err := a.Accounts.Authenticate(r.Context(), email, key)
	if err != nil {
		return err
	}
	x.caller, x.actor, x.secret = model.CallerAccount, by, key
	return a.allow(x, by.AccountID)
}

// byToken leaves scope and rate to the fields: each has its own.
func (a *api) byToken(r *http.Request, x *exchange, bearer string, address netip.Addr) error {
	if bearer == "" || len(bearer) > maxBearer {
		return errUnauthorized
	}
	by, lineage, members, err := a.Tokens.Authenticate(r.Context(), bearer)
	if err != nil {
		return err
	}
	if err := a.Tokens.Supposed(x.supposed.Fact); err != nil {
		return err
	}
	lineage = x.supposed.Fact.Token(lineage, address, a.Clock.Now())
	if x.supposed.Fact == pontage.FactScopeMissing {
		members = nil
	}
	if len(lineage.Limits.IP) > 0 && !pontage.Contains(lineage.Limits.IP, address) {
		return errAddress
	}
	x.caller, x.actor, x.members, x.secret = model.CallerToken, by, members, bearer
	return nil
}

func (a *api) allowRate(key meter.RateKey, perMinute int64) error {
	if _, refusal := a.Meter.AllowRate(key, perMinute); refusal != nil {
		return refusal
	}
	return nil
}

func (a *api) address(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return pontage.ClientAddress(peer.Addr(), r.Header.Values("X-Forwarded-For"), a.TrustedProxies)
}

// challenge names the ways to authenticate; to a client that sent a bearer only that one, so that browsers ask for no password.
func challenge(h, asked http.Header) {
	bearer := `Bearer realm="Pontage"`
	if scheme, _, _ := strings.Cut(asked.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		h.Set("WWW-Authenticate", bearer+`, error="invalid_token"`)
		return
	}
	h["Www-Authenticate"] = []string{`Basic realm="Pontage", charset="UTF-8"`, bearer}
}
