package model

import (
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// The pages of a client's scopes.
type (
	ClientScopeConnection = Connection[ClientScope]
	ClientScopeEdge       = Edge[ClientScope]
)

// ClientScope is a scope as one client sees it.
type ClientScope struct {
	ID     string
	Scope  Scope
	State  partner.ScopeState
	Reason *string
}

const (
	clientScopePrefix = "csc_"
	clientPrefix      = "cli_"
	scopePrefix       = "sco_"
)

// ClientScopeID is made of the ids of a client and a scope.
func ClientScopeID(client pontage.ClientID, scope pontage.ScopeID) string {
	return clientScopePrefix + strings.TrimPrefix(string(client), clientPrefix) + "_" + strings.TrimPrefix(string(scope), scopePrefix)
}

// ParseClientScopeID takes such an id apart.
func ParseClientScopeID(id string) (client pontage.ClientID, scope pontage.ScopeID) {
	one, other, _ := strings.Cut(strings.TrimPrefix(id, clientScopePrefix), "_")
	return pontage.ClientID(clientPrefix + one), pontage.ScopeID(scopePrefix + other)
}

// ClientScopeFilter says which scopes of a client a list shows; nil fields do not narrow it.
type ClientScopeFilter struct {
	State      *partner.ScopeState
	Host, Name *string
}

// ClientScopeOrder is how such a list is sorted.
type ClientScopeOrder string

// The orders.
const (
	NameAscending   ClientScopeOrder = "NAME_ASCENDING"
	NameDescending  ClientScopeOrder = "NAME_DESCENDING"
	PriceAscending  ClientScopeOrder = "PRICE_ASCENDING"
	PriceDescending ClientScopeOrder = "PRICE_DESCENDING"
)

// EnableClientScopeInput and its siblings are the inputs and payloads of the mutations on a client's scopes.
type (
	EnableClientScopeInput struct {
		ClientID pontage.ClientID
		ScopeID  pontage.ScopeID
	}
	EnableClientScopePayload  struct{ ClientScope ClientScope }
	DisableClientScopeInput   = EnableClientScopeInput
	DisableClientScopePayload = EnableClientScopePayload
)
