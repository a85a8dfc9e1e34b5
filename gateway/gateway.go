package gateway

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

var (
	errUnknownHost = pontage.E(pontage.NotFound, "No API has this host. Call an API by its host, or by path below /apis/<host>/.")
	errPlatform    = pontage.E(pontage.OperationNotFound, "This API is served by the platform itself, not through the gateway.")
	errUpgrade     = pontage.E(pontage.InvalidInput, "The connection cannot be upgraded: APIs are called by plain requests.").At("Upgrade")
	errTooLarge    = pontage.E(pontage.TooLarge, "The body is larger than the API accepts. Nothing was charged.")
	errGone        = pontage.E(pontage.Unavailable, "The call was given up before it was decided.")
	errStillStale  = pontage.E(pontage.Unavailable, "The token is being changed. Try again.")
)

// ServeHTTP serves one call, from its bearer to the last byte of the answer.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := g.begin(w, r)
	defer c.record()
	if c.judge() {
		c.pass()
	}
}

// judge decides the call and says whether it is admitted; whatever else it comes to is answered.
func (c *call) judge() bool {
	if err := c.enter(); err != nil {
		c.refuse(pontage.Public(err))
		return false
	}
	if c.answerOptions() {
		return false
	}
	if err := c.decide(); err != nil {
		if c.in.Context().Err() != nil { // the partner gave up while waiting; nothing is held
			err = errGone.Because(err)
		}
		c.refuse(pontage.Public(err))
		return false
	}
	if !c.decision.Admitted {
		c.refuseDecision()
		return false
	}
	return true
}

// enter says what is called, as far as that can be told without the catalogue's operations.
func (c *call) enter() error {
	if method := c.in.Method; method == http.MethodConnect || method == http.MethodTrace {
		c.w.Header().Set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
		return pontage.E(pontage.MethodNotAllowed, "The method %s is not served.", method)
	}
	if upgrades(c.in.Header) {
		return errUpgrade
	}
	entry, ok := readEntry(c.in, c.g.Catalog.HasHost)
	if !ok || c.elsewhere && entry.host != bareHost(c.in.Host) {
		return errUnknownHost
	}
	c.entry = entry
	return nil
}

// upgrades says whether the request insists on another protocol. The offer to go on in HTTP/2 may be ignored, and is: some
// clients make it on every plain connection.
func upgrades(h http.Header) bool {
	if !strings.Contains(strings.ToLower(strings.Join(h["Connection"], ",")), "upgrade") {
		return false
	}
	offer := strings.ToLower(strings.TrimSpace(strings.Join(h["Upgrade"], ",")))
	return offer != "" && offer != "h2c"
}

// decide admits, matches and reserves, in the order of the rules: who, what, whether it is paid.
func (c *call) decide() error {
	ctx := c.in.Context()
	bearer, admission, err := c.admit(ctx)
	if err != nil {
		return err
	}
	if err := c.find(); err != nil {
		return err
	}
	c.attempt = pontage.Attempt{
		CallID: c.id, Admission: *admission, Match: c.match, Method: c.in.Method, Host: c.entry.host,
		Address: c.origin.address, Hold: c.hold(), Repeatable: c.repeatable, Suppose: c.attempt.Suppose,
	}
	if c.attempt.Access, err = c.g.Catalog.Access(ctx, admission.AccountID); err != nil {
		return err
	}
	if c.attempt.Key, err = c.readKey(); err != nil {
		return err
	}
	c.decision, err = c.g.Meter.Reserve(ctx, c.attempt)
	if errors.Is(err, meter.ErrStale) {
		c.decision, err = c.reserveAnew(ctx, bearer, c.attempt)
	}
	return err
}

// admit says who calls, once it is known what is to be supposed of that.
func (c *call) admit(ctx context.Context) (bearer string, admission *pontage.Admission, err error) {
	if c.g.Suppose != nil {
		if c.attempt.Suppose, err = c.g.Suppose(c.in.Header); err != nil {
			return "", nil, err
		}
	}
	if bearer, err = readBearer(c.in.Header); err != nil {
		return "", nil, err
	}
	if admission, err = c.g.Admit.Admit(ctx, bearer); err != nil {
		return "", nil, err
	}
	c.account = admission.AccountID
	if fact := c.attempt.Suppose.Fact; fact != "" {
		err = c.g.Admit.Supposed(fact)
	}
	return bearer, admission, err
}

// reserveAnew decides once more with facts read past the cache: the token was changed since they were cached.
func (c *call) reserveAnew(ctx context.Context, bearer string, attempt pontage.Attempt) (*pontage.Decision, error) {
	admission, err := c.g.Admit.Readmit(ctx, bearer)
	if err != nil {
		return nil, err
	}
	attempt.Admission = *admission
	decision, err := c.g.Meter.Reserve(ctx, attempt)
	if errors.Is(err, meter.ErrStale) {
		return nil, errStillStale.After(retrySoon)
	}
	return decision, err
}

// find matches the operation and refuses what must not hold anything: an unsafe path, a body that is too large, an API without
// upstream. That no operation fits is left to the decision, which refuses a dead token first.
func (c *call) find() error {
	c.timeout = c.g.HeaderTimeout
	match, err := c.g.Catalog.Match(c.in.Method, c.entry.host, c.entry.path)
	switch code := pontage.CodeOf(err); code {
	case "":
	case pontage.OperationNotFound, pontage.MethodNotAllowed, pontage.NotFound:
		c.unmatched = err
		return nil
	default:
		return err
	}
	if match.API.Platform {
		return errPlatform
	}
	c.match, c.entry.host = match, match.API.Host
	if c.elsewhere {
		return nil
	}
	if match.API.HeaderTimeout > 0 {
		c.timeout = match.API.HeaderTimeout
	}
	c.maxBody = c.g.MaxBody
	if match.API.MaxBody > 0 {
		c.maxBody = match.API.MaxBody
	}
	if c.in.ContentLength > c.maxBody {
		return errTooLarge
	}
	if upstream, ok := c.g.Upstream.(Readier); ok {
		return upstream.Ready(match)
	}
	return nil
}
