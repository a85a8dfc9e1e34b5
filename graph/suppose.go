package graph

import (
	"net/http"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/meter"
)

var (
	errSupposedAway = pontage.E(pontage.Unavailable, "The platform cannot answer now. Try again.").After(time.Second)
	errSupposedRate = pontage.E(pontage.RateLimited, "Too many requests.")
	errTokens       = pontage.E(pontage.InvalidInput, "That is met with a token alone: send one as bearer.").At(pontage.HeaderSimulate)
	errCalls        = pontage.E(pontage.InvalidInput, "That is met by calls to the APIs alone, not by GraphQL.").At(pontage.HeaderSimulate)
)

// suppose reads what a request is to meet in place of the truth.
func (a *api) suppose(r *http.Request, x *exchange) (err error) {
	if a.Suppose != nil {
		x.supposed, err = a.Suppose(r.Header)
	}
	return err
}

// meets refuses what an authenticated request supposes as it would be refused if that were so. What tokens meet is left to byToken.
func (a *api) meets(r *http.Request, x *exchange) error {
	s, now := x.supposed, a.Clock.Now()
	switch {
	case s.Outage != "" || s.Status != 0:
		return errCalls
	case s.Fact == pontage.FactRateUsed:
		return errSupposedRate.After(now.Truncate(time.Minute).Add(time.Minute).Sub(now))
	case s.Fact == pontage.FactPlatformStopping:
		return errSupposedAway
	case s.Fact == pontage.FactPlatformFailing:
		return s.Fact.Failure()
	case s.Fact != "" && s.Fact != pontage.FactScopeMissing && s.Fact != pontage.FactForeignAddress && a.Tokens.Supposed(s.Fact) == nil:
		return errCalls
	case s.Fact != "" && x.caller != model.CallerToken:
		return errTokens
	case pontage.Pause(r.Context(), s.Delay) != nil:
		return errSupposedAway // nobody reads it: the caller is gone
	}
	return nil
}

// allow counts a request against the rate of its account, unless it supposes that something refuses it.
func (a *api) allow(x *exchange, account pontage.AccountID) error {
	if x.supposed.Fact != "" {
		return nil
	}
	return a.allowRate(meter.RateKey{AccountID: account}, 0)
}
