package oauth

import (
	"context"
	"slices"
	"time"

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
	list := listing{account: by.AccountID, after: s.clock.Now().Add(-ListedAfterExpiry), page: page}
	whole, err := list.read(ctx, s.store)
	if err == nil && !whole {
		err = s.store.Read(ctx, func(r pontage.Reader) error { return list.readAll(ctx, r) })
	}
	if err != nil {
		return nil, err
	}
	return s.details(ctx, s.store, list.seen)
}

// maxStretch bounds how many rows that come before the page are held in memory at once.
const maxStretch = 10_000

// listing collects a page of an account's tokens. Mostly one query is enough. Only where revoked tokens lie among the newest, or far
// down the list, are there more, in stretches of one snapshot: the store's list still has the revoked ones.
type listing struct {
	account pontage.AccountID
	after   time.Time
	page    pontage.Page
	// at is how many rows were read, skipped how many of them came before the page.
	at, skipped int
	seen        []pontage.Lineage
}

// lineageReader is the part of a reader that lists tokens.
type lineageReader interface {
	Lineages(ctx context.Context, account pontage.AccountID, endedAfter time.Time, page pontage.Page) ([]pontage.Lineage, error)
}

// readAll begins anew and reads until the page is whole.
func (l *listing) readAll(ctx context.Context, r pontage.Reader) error {
	l.at, l.skipped, l.seen = 0, 0, nil
	for {
		if whole, err := l.read(ctx, r); err != nil || whole {
			return err
		}
	}
}

// read takes one stretch and says whether the page is whole.
func (l *listing) read(ctx context.Context, r lineageReader) (whole bool, err error) {
	n := min(l.page.Skip, maxStretch) + l.page.Limit
	stretch := l.page.From(n)
	stretch.Skip = l.at
	rows, err := r.Lineages(ctx, l.account, l.after, stretch)
	l.at += n
	got := len(rows)
	rows = slices.DeleteFunc(rows, func(row pontage.Lineage) bool { return !row.RevokedAt.IsZero() })
	before := min(l.page.Skip-l.skipped, len(rows))
	l.skipped += before
	rows = rows[before:][:min(len(rows)-before, l.page.Limit-len(l.seen))]
	if l.seen == nil {
		l.seen = rows
	} else {
		l.seen = append(l.seen, rows...)
	}
	return got < n || len(l.seen) == l.page.Limit, err
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
