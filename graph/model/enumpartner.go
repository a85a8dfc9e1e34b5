package model

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// MarshalDomainProofMethod writes a way to prove a host.
func MarshalDomainProofMethod(m pontage.ProofMethod) graphql.Marshaler { return capitals(string(m)) }

// UnmarshalDomainProofMethod reads a way to prove a host.
func UnmarshalDomainProofMethod(v any) (pontage.ProofMethod, error) {
	s, err := small(v)
	return pontage.ProofMethod(s), err
}

// MarshalDomainURLKind writes a kind of URL.
func MarshalDomainURLKind(k pontage.DomainURLKind) graphql.Marshaler { return capitals(string(k)) }

// UnmarshalDomainURLKind reads a kind of URL.
func UnmarshalDomainURLKind(v any) (pontage.DomainURLKind, error) {
	s, err := small(v)
	return pontage.DomainURLKind(s), err
}

// MarshalClientScopeState writes a state.
func MarshalClientScopeState(s partner.ScopeState) graphql.Marshaler { return capitals(string(s)) }

// UnmarshalClientScopeState reads a state.
func UnmarshalClientScopeState(v any) (partner.ScopeState, error) {
	s, err := small(v)
	return partner.ScopeState(s), err
}
