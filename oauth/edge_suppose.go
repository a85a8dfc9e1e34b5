package oauth

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/pontage/pontage"
)

// The facts that a token can be supposed to meet at the endpoints, and those that scopes can.
var (
	tokenFacts = []pontage.Fact{pontage.FactTokenUnknown, pontage.FactTokenExpired, pontage.FactTokenRevoked}
	scopeFacts = []pontage.Fact{pontage.FactScopeMissing, pontage.FactScopeClosed}

	errSupposedRate = pontage.E(pontage.RateLimited, "Too many requests.")
	errSupposedAway = pontage.E(pontage.Unavailable, "The platform cannot answer now. Try again.").After(time.Second)
	errNotHere      = pontage.E(pontage.InvalidInput, "That cannot be met at this endpoint.").At(pontage.HeaderSimulate)
)

// admit counts a proved client's request against its rate, or refuses it as it would be if what the request supposes were so: who the client
// is comes first, and what is supposed takes nothing.
func (e *edge) admit(r *http.Request, by pontage.Actor) error {
	if e.service.suppose == nil {
		return e.service.allow(by)
	}
	s, err := e.service.suppose(r.Header)
	if err == nil {
		err = e.meets(r, s)
	}
	if err == nil {
		err = e.service.allow(by)
	}
	if err == nil && pontage.Pause(r.Context(), s.Delay) != nil {
		err = errSupposedAway // nobody reads it: the caller is gone
	}
	return err
}

// meets refuses what is supposed: as the endpoint would, or because it has no such answer.
func (e *edge) meets(r *http.Request, s pontage.Supposition) error {
	rotates := r.URL.Path == tokenPath && r.PostForm.Get("grant_type") == "refresh_token"
	switch {
	case s.Outage != "" || s.Status != 0:
		return errNotHere
	case s.Fact == "":
		return nil
	case s.Fact == pontage.FactRateUsed:
		return errSupposedRate.After(untilNextMinute(e.service.clock.Now()))
	case s.Fact == pontage.FactPlatformStopping:
		return errSupposedAway
	case s.Fact == pontage.FactPlatformFailing:
		return s.Fact.Failure()
	case slices.Contains(tokenFacts, s.Fact) && rotates:
		return errRefresh
	case slices.Contains(tokenFacts, s.Fact) && r.URL.Path != tokenPath:
		return nil // the endpoint says so in its answer: see without
	case slices.Contains(scopeFacts, s.Fact) && r.URL.Path == tokenPath && !rotates:
		return pontage.E(pontage.Forbidden, "The client may not have this scope.").At("/scopes")
	}
	return errNotHere
}

func untilNextMinute(now time.Time) time.Duration {
	return now.Truncate(time.Minute).Add(time.Minute).Sub(now)
}

type supposedKey struct{}

// without says whether a request supposes that its token is no good.
func (e *edge) without(r *http.Request) bool {
	if e.service.suppose == nil {
		return false
	}
	s, err := e.service.suppose(r.Header)
	return err == nil && slices.Contains(tokenFacts, s.Fact)
}

// supposing tells the rules behind fosite about it.
func (e *edge) supposing(r *http.Request) context.Context {
	return context.WithValue(r.Context(), supposedKey{}, e.without(r))
}

// isSupposedGone is what supposing told.
func isSupposedGone(ctx context.Context) bool {
	gone, _ := ctx.Value(supposedKey{}).(bool)
	return gone
}
