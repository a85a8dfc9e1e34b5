package token

import "github.com/pontage/pontage"

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
