package catalog

import (
	"cmp"
	"slices"

	"github.com/pontage/pontage"
)

// Offer is an API as it is sold: what can be called, and on which terms. The rows belong to the catalogue and must not be changed.
type Offer struct {
	API *pontage.API
	// Operations are the enabled ones, by path and method.
	Operations []OfferedOperation
	// prefix is the instance's.
	prefix string
}

// OfferedOperation is an operation with the scope that opens and prices it.
type OfferedOperation struct {
	Operation *pontage.Operation
	Scope     *pontage.Scope
}

// Offer gives an enabled API by its host, with the instance's prefix or without; ok is false where there is none.
func (s *Service) Offer(host string) (offer Offer, ok bool) {
	snap := s.current.Load()
	index := snap.host(host)
	if index == nil {
		return Offer{}, false
	}
	offer.API, offer.prefix = index.api, snap.prefix
	for _, o := range snap.operationByID {
		if scope := snap.scopeByID[o.ScopeID]; o.APIID == index.api.ID && o.Enabled && scope != nil {
			offer.Operations = append(offer.Operations, OfferedOperation{Operation: o, Scope: scope})
		}
	}
	slices.SortFunc(offer.Operations, func(a, b OfferedOperation) int {
		return cmp.Or(cmp.Compare(a.Operation.Path, b.Operation.Path), cmp.Compare(a.Operation.Method, b.Operation.Method))
	})
	return offer, true
}

// Serves says whether a document's server with this host is the one the API was imported under.
func (o Offer) Serves(host string) bool { return o.prefix+normalHost(host) == o.API.Host }

// Find gives the operation of a method and a path template as the document writes it, below its server's path; ok is false where it is
// not offered.
func (o Offer) Find(method, path string) (operation OfferedOperation, ok bool) {
	path = escapeTemplate(path)
	at, ok := slices.BinarySearchFunc(o.Operations, [2]string{path, method}, func(a OfferedOperation, key [2]string) int {
		return cmp.Or(cmp.Compare(a.Operation.Path, key[0]), cmp.Compare(a.Operation.Method, key[1]))
	})
	if !ok {
		return OfferedOperation{}, false
	}
	return o.Operations[at], true
}
