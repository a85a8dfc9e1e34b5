package pontage

import (
	"context"
	"slices"
	"time"
)

// ClientScope is a client's choice about one scope of the catalogue.
type ClientScope struct {
	ClientID  ClientID
	ScopeID   ScopeID
	Enabled   bool
	UpdatedAt time.Time
}

// ClientScopeReader reads what clients chose.
type ClientScopeReader interface {
	// ClientScopes gives all choices of these clients, by scope id, in one query; none means that a client is not bound.
	ClientScopes(ctx context.Context, clients ...ClientID) ([]ClientScope, error)
}

// ClientScopeWriter writes it. Whoever calls it has locked the client.
type ClientScopeWriter interface {
	// PutClientScopes inserts choices or writes them anew.
	PutClientScopes(ctx context.Context, chosen []ClientScope) error
}

// WithinClient leaves of ids what a client's tokens may carry: all of it where the client chose nothing, else what it enabled.
func WithinClient(chosen []ClientScope, ids []ScopeID) []ScopeID {
	if len(chosen) == 0 {
		return ids
	}
	enabled := make(ScopeMembers, len(chosen))
	for _, c := range chosen {
		if c.Enabled {
			enabled[c.ScopeID] = struct{}{}
		}
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id ScopeID) bool { _, ok := enabled[id]; return !ok })
}
