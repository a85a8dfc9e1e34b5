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
func (s *Service) expandFor(ctx context.Context, account pontage.AccountID, client pontage.ClientID, patterns []string, platform bool) ([]pontage.ScopeID, error) {
	ids, err := s.expand(ctx, account, patterns, platform)
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
		named, err := s.scopes.Expand(ctx, account, []string{pattern}, platform)
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

// platformToo says whether what by makes for an account may carry scopes of the platform itself, by which a token shows and changes what is the
// account's. It may not where it is made by a member of a client, nor by a client's credentials: members may have made those.
func platformToo(by pontage.Actor, account pontage.AccountID) bool {
	return by.Kind != pontage.ActorClient && (by.Kind != pontage.ActorUser || by.AccountID == account)
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
