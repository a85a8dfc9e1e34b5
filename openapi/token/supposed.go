package token

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
)

// The facts that an operation of ours can meet: with any credential, and with a token alone.
var (
	anyCredential = []pontage.Fact{"", pontage.FactRateUsed, pontage.FactPlatformStopping, pontage.FactPlatformFailing}
	tokenOnly     = []pontage.Fact{pontage.FactTokenUnknown, pontage.FactTokenExpired, pontage.FactTokenRevoked, pontage.FactScopeMissing,
		pontage.FactForeignAddress}

	errStopping = pontage.E(pontage.Unavailable, "The platform cannot answer now. Try again.").After(time.Second)
	errTokens   = pontage.E(pontage.InvalidInput, "That is met with a token alone: send one as bearer.").At(pontage.HeaderSimulate)
	errCalls    = pontage.E(pontage.InvalidInput, "That is met by calls to the APIs alone, not by the platform's own operations.").At(pontage.HeaderSimulate)
)

// supposed reads what the request is to meet, and refuses what cannot be met here.
func (a *api) supposed(r *http.Request) (pontage.Supposition, error) {
	if a.Play == nil {
		return pontage.Supposition{}, nil
	}
	s, err := a.Play.Suppose(r.Header)
	if err != nil {
		return s, err
	}
	bearer := strings.HasPrefix(strings.ToLower(r.Header.Get("Authorization")), "bearer ")
	switch {
	case s.Outage != "" || s.Status != 0:
		return s, errCalls
	case slices.Contains(anyCredential, s.Fact):
		return s, nil
	case !slices.Contains(tokenOnly, s.Fact):
		return s, errCalls
	case !bearer || strings.Contains(r.Header.Get("Authorization"), refreshMark):
		return s, errTokens
	}
	return s, nil
}

// allowSupposed counts the request against its rate, unless that is supposed to be used up, or we to be away.
func (a *api) allowSupposed(w http.ResponseWriter, key meter.RateKey, perMinute int64, fact pontage.Fact) error {
	switch fact {
	case pontage.FactRateUsed:
		state, refusal := a.Meter.RefuseRate(key, perMinute)
		return tellRate(w, state, refusal)
	case pontage.FactPlatformStopping:
		return errStopping
	case pontage.FactPlatformFailing:
		return fact.Failure()
	}
	return a.allowRate(w, key, perMinute)
}
