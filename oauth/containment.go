package oauth

import (
	"net/netip"
	"time"

	"github.com/pontage/pontage"
)

// terms are what a token may still do.
type terms struct {
	scopes    pontage.ScopeMembers
	limits    pontage.Limits // what is left of them
	expiresAt time.Time
}

func termsOf(l *pontage.Lineage, scopes pontage.ScopeMembers) terms {
	return terms{scopes: scopes, limits: left(l.Limits, l.Usage), expiresAt: l.ExpiresAt}
}

// within says what of t goes beyond outer: Forbidden at the first such field, or nil.
func (t terms) within(outer terms) error {
	for id := range t.scopes {
		if _, ok := outer.scopes[id]; !ok {
			return beyond("/scopes", "these scopes go")
		}
	}
	for _, c := range limitTable {
		inner, bound := c.of(t.limits), c.of(outer.limits)
		if bound != nil && (inner == nil || *inner > *bound) {
			return beyond("/limits/"+c.name, "this limit goes")
		}
	}
	if t.expiresAt.After(outer.expiresAt) {
		return beyond("/ttl", "this lifetime goes")
	}
	if !addressesWithin(t.limits.IP, outer.limits.IP) {
		return beyond("/limits/ip", "these addresses go")
	}
	return nil
}

// addressesWithin says whether every inner prefix lies in one outer prefix; an empty list is every address.
func addressesWithin(inner, outer []netip.Prefix) bool {
	if len(outer) == 0 {
		return true
	}
	if len(inner) == 0 {
		return false
	}
	for _, p := range inner {
		if !prefixWithin(p, outer) {
			return false
		}
	}
	return true
}

func prefixWithin(p netip.Prefix, outer []netip.Prefix) bool {
	for _, o := range outer {
		if o.Bits() <= p.Bits() && o.Contains(p.Addr()) {
			return true
		}
	}
	return false
}

func beyond(field, what string) error {
	return pontage.E(pontage.Forbidden, "A token can give only what it has: %s beyond its own.", what).At(field)
}
