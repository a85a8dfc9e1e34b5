package token

import (
	"strings"

	"github.com/pontage/pontage"
)

// sandboxPrefix stands in front of the hosts of a sandbox; partners may leave it out.
const sandboxPrefix = "test."

// hostOf gives the host as this instance writes it: lower-case, and with the prefix its own host has.
func (a *api) hostOf(domain string) string {
	domain = strings.ToLower(domain)
	if strings.HasPrefix(a.PlatformHost, sandboxPrefix) && !strings.HasPrefix(domain, sandboxPrefix) {
		return sandboxPrefix + domain
	}
	return domain
}

// scopeName gives the name behind an id, the id itself where the catalogue has lost it.
func (a *api) scopeName(id pontage.ScopeID) string {
	if s, ok := a.Catalog.ScopeByID(id); ok {
		return s.Name
	}
	return string(id)
}

func (a *api) scopeHost(id pontage.ScopeID) string {
	if s, ok := a.Catalog.ScopeByID(id); ok {
		return s.Host
	}
	return ""
}
