package token

import (
	"math"
	"strings"

	"github.com/pontage/pontage"
)

const (
	defaultLimit = 100
	// deepest is the most that can be skipped; there is nothing behind it, and no sum with it overflows.
	deepest = math.MaxInt32
)

// page reads skip and limit, which the document has checked.
func page(skip, limit *int64) pontage.Page {
	p := pontage.Page{Limit: defaultLimit}
	if limit != nil {
		p.Limit = int(min(*limit, defaultLimit))
	}
	if skip != nil {
		p.Skip = int(min(*skip, deepest))
	}
	return p
}

// scopeFilter reads a list of scope names; nil means all.
func (a *api) scopeFilter(text *string) ([]pontage.ScopeID, error) {
	if text == nil {
		return nil, nil
	}
	return a.Catalog.ScopeIDs(strings.Split(*text, ","))
}
