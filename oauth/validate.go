package oauth

import (
	"net/netip"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

const (
	// maxScopes bounds what one token may hold, and what a request may name one by one.
	maxScopes = 2_000
	// maxPatterns bounds the wildcards of one request; a list of plain names may be as long as the token's own.
	maxPatterns = 100
)

func checkPatterns(patterns []string) error {
	if patterns == nil {
		return pontage.E(pontage.InvalidInput, "missing scopes array").At("/scopes")
	}
	if len(patterns) == 0 {
		return pontage.E(pontage.Unprocessable, "Name at least one scope.").At("/scopes")
	}
	wildcards := 0
	for _, p := range patterns {
		if strings.Contains(p, "*") {
			wildcards++
		}
	}
	if wildcards > maxPatterns || len(patterns) > maxScopes {
		return pontage.E(pontage.InvalidInput, "At most %d scopes, %d of them with wildcards, are allowed.", maxScopes, maxPatterns).
			At("/scopes")
	}
	return nil
}

// checkLimits refuses what cannot be meant and gives the limits with a canonical IP list.
func checkLimits(l pontage.Limits) (pontage.Limits, error) {
	for _, c := range limitTable {
		if v := c.of(l); v != nil && (*v < 0 || *v > c.max) {
			return l, pontage.E(pontage.InvalidInput, "A limit lies between 0 and %s.", c.text(c.max)).At("/limits/" + c.name)
		}
	}
	if len(l.IP) > maxAddresses {
		return l, pontage.E(pontage.InvalidInput, "At most %d addresses are allowed.", maxAddresses).At("/limits/ip")
	}
	var list []netip.Prefix
	for i, p := range l.IP {
		canonical, ok := canonicalPrefix(p)
		if !ok {
			return l, badAddress(i)
		}
		list = append(list, canonical)
	}
	l.IP = list
	return l, nil
}

// lifetime applies default and maximum.
func lifetime(ttl time.Duration) time.Duration {
	if ttl <= 0 || ttl > MaxTTL {
		return MaxTTL
	}
	return ttl.Truncate(time.Microsecond)
}
