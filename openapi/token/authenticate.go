package token

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/openapi"
)

const (
	// maxBearer bounds what is looked at of a bearer, in bytes.
	maxBearer = 512
	// refreshMark tells a refresh token from a bearer by its form; whether it is good is for Rotate to say.
	refreshMark = "_ref_"
	// refreshRate is how often a minute one refresh token may be tried; it is good for one time anyway.
	refreshRate = 60
)

var (
	errUnauthorized = pontage.E(pontage.Unauthenticated, "Unauthorized")
	errNoScope      = pontage.E(pontage.ScopeMissing, "The token does not hold the scope of this operation.")
	errAddress      = pontage.E(pontage.AddressRefused, "The token may not be used from this address.")
)

// authenticate proves who calls, in one of the three ways, and counts the request against the rate.
func (a *api) authenticate(w http.ResponseWriter, r *http.Request, op *openapi.Operation) (pontage.Actor, error) {
	supposed, err := a.supposed(r)
	if err != nil {
		return pontage.Actor{}, err
	}
	lines := r.Header.Values("Authorization")
	if len(lines) != 1 {
		return pontage.Actor{}, errUnauthorized
	}
	address := a.address(r)
	scheme, credential, _ := strings.Cut(lines[0], " ")
	credential = strings.TrimSpace(credential)
	var by pontage.Actor
	switch {
	case strings.EqualFold(scheme, "Basic"):
		by, err = a.byAccount(w, r, supposed.Fact)
	case !strings.EqualFold(scheme, "Bearer") || credential == "" || len(credential) > maxBearer:
		err = errUnauthorized
	case op.ID == "updateToken" && strings.Contains(credential, refreshMark):
		by, err = a.byRefresh(w, credential, supposed.Fact)
	default:
		by, err = a.byToken(w, r, op, caller{credential, address, supposed.Fact})
	}
	by.Address = address
	if err == nil && pontage.Pause(r.Context(), supposed.Delay) != nil {
		err = errStopping // nobody reads it: the caller is gone
	}
	return by, err
}

// caller is a bearer, where it came from, and what is to be supposed of it.
type caller struct {
	bearer  string
	address netip.Addr
	fact    pontage.Fact
}

func (a *api) byAccount(w http.ResponseWriter, r *http.Request, fact pontage.Fact) (pontage.Actor, error) {
	email, key, ok := r.BasicAuth()
	if !ok {
		return pontage.Actor{}, errUnauthorized
	}
	by, err := a.Accounts.Authenticate(r.Context(), email, key)
	if err != nil {
		return by, err
	}
	return by, a.allowSupposed(w, meter.RateKey{AccountID: by.AccountID}, 0, fact)
}

// byRefresh leaves the proof to Rotate. Only what has our form and MAC is counted, so that forgeries do not fill the table.
func (a *api) byRefresh(w http.ResponseWriter, credential string, fact pontage.Fact) (pontage.Actor, error) {
	by := pontage.Actor{Kind: pontage.ActorRefresh, Refresh: credential}
	if !a.OAuth.IsRefreshToken(credential) {
		return by, nil
	}
	id := credential[:strings.LastIndexByte(credential, '_')]
	return by, a.allowSupposed(w, meter.RateKey{LineageID: pontage.LineageID(id)}, refreshRate, fact)
}

// byToken is the order of every call's decision, as far as it goes for operations that cost nothing: token, scope, address, rate.
func (a *api) byToken(w http.ResponseWriter, r *http.Request, op *openapi.Operation, from caller) (pontage.Actor, error) {
	by, lineage, members, err := a.OAuth.Authenticate(r.Context(), from.bearer)
	if err != nil {
		return by, err
	}
	if err := a.OAuth.Supposed(from.fact); err != nil {
		return by, err
	}
	lineage = from.fact.Token(lineage, from.address, a.Config.Clock.Now())
	if from.fact == pontage.FactScopeMissing {
		members = nil
	}
	match, err := a.Catalog.Match(op.Method, a.PlatformHost, samplePath(op.Path))
	if err != nil {
		return by, err
	}
	if _, ok := members[match.Scope.ID]; !ok {
		return by, errNoScope
	}
	if len(lineage.Limits.IP) > 0 && !pontage.Contains(lineage.Limits.IP, from.address) {
		return by, errAddress
	}
	return by, a.allowSupposed(w, meter.RateKey{LineageID: lineage.ID, ScopeID: match.Scope.ID}, match.Scope.RatePerMinute, from.fact)
}

// samplePath fills a template so that it matches its own operation: which scope an operation has does not hang on what a
// stranger wrote into the path.
func samplePath(template string) string {
	return strings.NewReplacer("{token}", "0", "{id}", "0", "{domain}", "0").Replace(template)
}

func (a *api) address(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return pontage.ClientAddress(peer.Addr(), r.Header.Values("X-Forwarded-For"), a.TrustedProxies)
}

// challenge names the ways to authenticate; to a client that sent a bearer only that one, so that browsers ask for no password.
func challenge(r *http.Request) []string {
	bearer := `Bearer realm="Pontage"`
	if scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		return []string{bearer + `, error="invalid_token"`}
	}
	return []string{`Basic realm="Pontage", charset="UTF-8"`, bearer}
}

// identify gives the account and the secret of a request that authenticate let pass. A refresh token is proved here, one that was used
// too: whoever repeats a rotation has no other.
func (a *api) identify(r *http.Request, by pontage.Actor) (pontage.AccountID, string, error) {
	if _, key, ok := r.BasicAuth(); ok {
		return by.AccountID, key, nil
	}
	if by.Kind == pontage.ActorRefresh {
		account, err := a.OAuth.RefreshOwner(r.Context(), by.Refresh)
		return account, by.Refresh, err
	}
	_, bearer, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return by.AccountID, strings.TrimSpace(bearer), nil
}
