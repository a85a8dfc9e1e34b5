package catalog

import (
	"context"
	"fmt"
	"slices"

	"github.com/pontage/pontage"
)

// maxScopes bounds what one token may hold, and how many patterns may be asked for.
const maxScopes = 2000

// Expand gives the scopes that the patterns mean for this account now: sorted by id, each once, at most 2,000. A star stands for
// the method, the host, a leading part of the host, or the path; it never includes the scopes that write tokens on the platform's
// own API, which must be named in full. Without platformToo the platform's scopes are left out whatever the pattern.
//
// Errors: InvalidInput at "/scopes" (none, or more than 2,000 patterns) or "/scopes/<i>" (malformed); Unprocessable at
// "/scopes/<i>" where a pattern matches nothing that is enabled for the account, at "/scopes" where there are too many.
func (s *Service) Expand(ctx context.Context, account pontage.AccountID, patterns []string, platformToo bool) ([]pontage.ScopeID, error) {
	if len(patterns) == 0 || len(patterns) > maxScopes {
		return nil, pontage.E(pontage.InvalidInput, "Between 1 and %d scopes are needed.", maxScopes).At("/scopes")
	}
	snap := s.current.Load()
	access, err := s.accessOf(ctx, snap, account)
	if err != nil {
		return nil, err
	}
	allowed := func(sc *pontage.Scope) bool {
		return (platformToo || !snap.platform(sc)) && snap.enabledFor(sc, access)
	}
	found := map[pontage.ScopeID]struct{}{}
	for i, text := range patterns {
		if err := snap.expandOne(text, allowed, found); err != nil {
			return nil, err.At(fmt.Sprintf("/scopes/%d", i))
		}
	}
	if len(found) > maxScopes {
		return nil, pontage.E(pontage.Unprocessable, "The scopes come to %d, at most %d are possible.", len(found), maxScopes).At("/scopes")
	}
	return sortedIDs(found), nil
}

// expandOne adds what one pattern means to found.
func (s *snapshot) expandOne(text string, allowed func(*pontage.Scope) bool, found map[pontage.ScopeID]struct{}) *pontage.Error {
	p, err := parsePattern(text)
	if err != nil {
		return err
	}
	any := false
	for _, sc := range s.candidates(p) {
		if p.matches(sc, s.prefix) && allowed(sc) && (p.literal() || !s.writesTokens(sc)) {
			found[sc.ID] = struct{}{}
			any = true
		}
	}
	if !any {
		return pontage.E(pontage.Unprocessable, "Scope %q matches nothing that is enabled for this account.", clip(text))
	}
	return nil
}

// candidates are the scopes a pattern could mean: a literal one is looked up.
func (s *snapshot) candidates(p pattern) []*pontage.Scope {
	if !p.literal() {
		return s.scopes
	}
	for _, host := range [2]string{p.host, s.prefix + p.host} {
		if sc := s.scopeByName[scopeName(p.method, host, p.segment)]; sc != nil {
			return []*pontage.Scope{sc}
		}
	}
	return nil
}

// writesTokens marks the scopes with which a bearer makes, changes or ends tokens (R5).
func (s *snapshot) writesTokens(sc *pontage.Scope) bool {
	return sc.Segment == "tokens" && sc.Method != "GET" && sc.Method != "HEAD" && s.platform(sc)
}

func sortedIDs(set map[pontage.ScopeID]struct{}) []pontage.ScopeID {
	ids := make([]pontage.ScopeID, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// ScopeNames gives the names of the scopes, sorted; ids that are not in the catalogue are left out.
func (s *Service) ScopeNames(ids []pontage.ScopeID) []string {
	snap, names := s.current.Load(), make([]string, 0, len(ids))
	for _, id := range ids {
		if sc := snap.scopeByID[id]; sc != nil {
			names = append(names, sc.Name)
		}
	}
	slices.Sort(names)
	return names
}

// ScopeByID gives a scope, a disabled one too; it must not be changed.
func (s *Service) ScopeByID(id pontage.ScopeID) (*pontage.Scope, bool) {
	sc, ok := s.current.Load().scopeByID[id]
	return sc, ok
}

// ScopeIDs gives the scopes that names mean, for filters of lists: what is disabled counts too, stars are allowed, and the result
// is never nil. InvalidInput at "scopes" for a name that is malformed or unknown.
func (s *Service) ScopeIDs(names []string) ([]pontage.ScopeID, error) {
	snap, found := s.current.Load(), map[pontage.ScopeID]struct{}{}
	for _, name := range names {
		p, err := parsePattern(name)
		if err != nil {
			return nil, err.At("scopes")
		}
		known := false
		for _, sc := range snap.candidates(p) {
			if p.matches(sc, snap.prefix) {
				found[sc.ID] = struct{}{}
				known = true
			}
		}
		if !known {
			return nil, pontage.E(pontage.InvalidInput, "Scope %q is not known.", clip(name)).At("scopes")
		}
	}
	return sortedIDs(found), nil
}

// OperationByID gives an operation, a disabled one too; it must not be changed.
func (s *Service) OperationByID(id pontage.OperationID) (*pontage.Operation, bool) {
	o, ok := s.current.Load().operationByID[id]
	return o, ok
}
