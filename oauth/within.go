package oauth

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pontage/pontage"
)

// expandFor is expand for a token of a client, which carries what the client enabled: patterns mean no more than that, and a scope that is
// named and not enabled is Unprocessable at "/scopes/<i>".
func (s *Service) expandFor(ctx context.Context, account pontage.AccountID, client pontage.ClientID, patterns []string) ([]pontage.ScopeID, error) {
	ids, err := s.expand(ctx, account, patterns)
	if err != nil || client == "" {
		return ids, err
	}
	kept, err := s.withinClient(ctx, client, ids)
	if err != nil || len(kept) == len(ids) {
		return kept, err
	}
	for i, pattern := range patterns {
		if strings.Contains(pattern, "*") {
			continue
		}
		named, err := s.scopes.Expand(ctx, account, []string{pattern}, true)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(named, func(id pontage.ScopeID) bool { return !slices.Contains(kept, id) }) {
			return nil, pontage.E(pontage.Unprocessable, "This scope is not enabled for the client.").At(fmt.Sprintf("/scopes/%d", i))
		}
	}
	if len(kept) == 0 {
		return nil, pontage.E(pontage.Unprocessable, "None of these scopes is enabled for the client.").At("/scopes")
	}
	return kept, nil
}

// withinClient leaves what a client's tokens may carry; a token without a client is not bound.
func (s *Service) withinClient(ctx context.Context, client pontage.ClientID, ids []pontage.ScopeID) ([]pontage.ScopeID, error) {
	if client == "" {
		return ids, nil
	}
	chosen, err := s.chosen.Get(client, func() ([]pontage.ClientScope, error) { return s.store.ClientScopes(ctx, client) })
	if err != nil {
		return nil, err
	}
	return pontage.WithinClient(chosen, ids), nil
}
