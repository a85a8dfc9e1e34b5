package oauth

import (
	"context"

	"github.com/pontage/pontage"
)

// tokenRow is the part of a reader that finds a token.
type tokenRow interface {
	Token(ctx context.Context, id pontage.TokenID) (*pontage.Token, *pontage.Lineage, error)
}

// own finds the living lineage whose present bearer is id and that by may touch; everything else is the same NotFound.
func (s *Service) own(ctx context.Context, r tokenRow, by pontage.Actor, id pontage.TokenID) (*pontage.Lineage, error) {
	if !id.Valid() {
		return nil, errNotFound
	}
	_, l, err := r.Token(ctx, id)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	if !owns(by, l) || l.TokenID != id || !l.RevokedAt.IsZero() {
		return nil, errNotFound
	}
	return l, nil
}

// owns says whether by may touch tokens of l's account. The operator may where it names no account.
func owns(by pontage.Actor, l *pontage.Lineage) bool {
	if by.Kind == pontage.ActorOperator && by.AccountID == "" {
		return true
	}
	return by.AccountID != "" && by.AccountID == l.AccountID
}

// Token gives one token of by's account; NotFound for all others, for revoked ones and for ids that were rotated away.
func (s *Service) Token(ctx context.Context, by pontage.Actor, id pontage.TokenID) (*Detail, error) {
	l, err := s.own(ctx, s.store, by, id)
	if err != nil {
		return nil, err
	}
	return s.detail(ctx, *l)
}

func (s *Service) detail(ctx context.Context, l pontage.Lineage) (*Detail, error) {
	set, err := s.scopeSet(ctx, s.store, l.ScopeSetID, true)
	if err != nil {
		return nil, err
	}
	return &Detail{Lineage: l, Scopes: s.scopes.ScopeNames(set.ids)}, nil
}

// Tokens lists the tokens of by's account, newest first, without revoked ones and those that expired over 30 days ago. page.Limit must
// be positive, page.Skip not negative; InvalidInput at "limit" or "skip" otherwise.
func (s *Service) Tokens(ctx context.Context, by pontage.Actor, page pontage.Page) ([]Detail, error) {
	if page.Limit <= 0 {
		return nil, pontage.E(pontage.InvalidInput, "limit must be positive.").At("limit")
	}
	if page.Skip < 0 {
		return nil, pontage.E(pontage.InvalidInput, "skip must not be negative.").At("skip")
	}
	if by.AccountID == "" {
		return nil, pontage.E(pontage.Forbidden, "Tokens are listed for one account.")
	}
	var details []Detail
	err := s.store.Read(ctx, func(r pontage.Reader) error {
		lineages, err := s.visible(ctx, r, by.AccountID, page)
		if err != nil {
			return err
		}
		details, err = s.details(ctx, r, lineages)
		return err
	})
	return details, err
}

// maxStretch bounds how many rows that come before the page are held in memory at once.
const maxStretch = 10_000

// visible reads the page in one query. Only where revoked tokens lie among the newest, or far down the list, does it read on, in
// stretches of one snapshot: the store's list still has the revoked ones.
func (s *Service) visible(ctx context.Context, r pontage.Reader, account pontage.AccountID, page pontage.Page) ([]pontage.Lineage, error) {
	after := s.clock.Now().Add(-ListedAfterExpiry)
	skip := page.Skip
	seen := []pontage.Lineage{}
	for at := page.From(min(skip, maxStretch) + page.Limit); ; at.Skip += at.Limit {
		rows, err := r.Lineages(ctx, account, after, at)
		if err != nil {
			return nil, err
		}
		for _, l := range rows {
			switch {
			case !l.RevokedAt.IsZero():
			case skip > 0:
				skip--
			case len(seen) < page.Limit:
				seen = append(seen, l)
			}
		}
		if len(rows) < at.Limit || len(seen) == page.Limit {
			return seen, nil
		}
	}
}

// details names the scopes of all lineages with one read, each distinct set once.
func (s *Service) details(ctx context.Context, r setReader, lineages []pontage.Lineage) ([]Detail, error) {
	ids := make([]pontage.ScopeSetID, len(lineages))
	for i := range lineages {
		ids[i] = lineages[i].ScopeSetID
	}
	sets, err := s.scopeSets(ctx, r, ids, true)
	if err != nil {
		return nil, err
	}
	names := make(map[pontage.ScopeSetID][]string, len(sets))
	for id, set := range sets {
		names[id] = s.scopes.ScopeNames(set.ids)
	}
	details := make([]Detail, len(lineages))
	for i := range lineages {
		details[i] = Detail{Lineage: lineages[i], Scopes: names[lineages[i].ScopeSetID]}
	}
	return details, nil
}
