package oauth

import (
	"context"
	"slices"
	"time"

	"github.com/pontage/pontage"
)

// tokenRow is the part of a reader that finds a token.
type tokenRow interface {
	pontage.AuthorityReader
	Token(ctx context.Context, id pontage.TokenID) (*pontage.Token, *pontage.Lineage, error)
}

// own finds the living lineage whose present bearer is id and to which by may do p; everything else is the same NotFound, but that a member
// of the token's client whose role lacks p is told so: Forbidden.
func (s *Service) own(ctx context.Context, r tokenRow, by pontage.Actor, id pontage.TokenID, p pontage.Permission) (*pontage.Lineage, error) {
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
	if l.TokenID != id || !l.RevokedAt.IsZero() {
		return nil, errNotFound
	}
	return l, s.mayTouch(ctx, r, by, l, p)
}

// mayTouch lets pass who owns a token, and members of its client who hold p.
func (s *Service) mayTouch(ctx context.Context, r pontage.AuthorityReader, by pontage.Actor, l *pontage.Lineage, p pontage.Permission) error {
	if owns(by, l) {
		return nil
	}
	if l.ClientID == "" {
		return errNotFound
	}
	_, err := pontage.Authorize(ctx, r, by, l.ClientID, p, s.clock.Now())
	if pontage.CodeOf(err) == pontage.NotFound {
		return errNotFound
	}
	return err
}

// owns says whether by may touch tokens of l's account. The operator may where it names no account.
func owns(by pontage.Actor, l *pontage.Lineage) bool {
	if by.Kind == pontage.ActorOperator && by.AccountID == "" {
		return true
	}
	return by.AccountID != "" && by.AccountID == l.AccountID
}

// Token gives one token of by's account, or of a client on which by has TokenRead; NotFound for all others, for revoked ones and for ids that were rotated away.
func (s *Service) Token(ctx context.Context, by pontage.Actor, id pontage.TokenID) (*Detail, error) {
	l, err := s.own(ctx, s.store, by, id, pontage.TokenRead)
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
	if by.AccountID == "" {
		return nil, pontage.E(pontage.Forbidden, "Tokens are listed for one account.")
	}
	return s.list(ctx, listing{account: by.AccountID, page: page})
}

func (s *Service) list(ctx context.Context, l listing) ([]Detail, error) {
	if l.page.Limit <= 0 {
		return nil, pontage.E(pontage.InvalidInput, "limit must be positive.").At("limit")
	}
	if l.page.Skip < 0 {
		return nil, pontage.E(pontage.InvalidInput, "skip must not be negative.").At("skip")
	}
	l.after = s.clock.Now().Add(-ListedAfterExpiry)
	whole, err := l.read(ctx, s.store)
	if err == nil && !whole {
		err = s.store.Read(ctx, func(r pontage.Reader) error { return l.readAll(ctx, r) })
	}
	if err != nil {
		return nil, err
	}
	return s.details(ctx, s.store, l.seen)
}

// TokenPage is Tokens, as far as they fit the query, whose account is by's. Forbidden for who has none; InvalidInput at "limit".
func (s *Service) TokenPage(ctx context.Context, by pontage.Actor, q pontage.LineageQuery) ([]Detail, error) {
	if by.AccountID == "" {
		return nil, pontage.E(pontage.Forbidden, "Tokens are listed for one account.")
	}
	q.AccountID = by.AccountID
	return s.find(ctx, q)
}

// ClientTokens is TokenPage for those of a client. Needs TokenRead.
func (s *Service) ClientTokens(ctx context.Context, by pontage.Actor, client pontage.ClientID, q pontage.LineageQuery) ([]Detail, error) {
	a, err := pontage.Authorize(ctx, s.store, by, client, pontage.TokenRead, s.clock.Now())
	if err != nil {
		return nil, err
	}
	q.AccountID, q.ClientID = a.Client.AccountID, &client
	return s.find(ctx, q)
}

func (s *Service) find(ctx context.Context, q pontage.LineageQuery) ([]Detail, error) {
	q.Now = s.clock.Now()
	q.EndedAfter = q.Now.Add(-ListedAfterExpiry)
	found, err := s.store.LineagePage(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.details(ctx, s.store, found)
}

// Makers says who made tokens, in one read. Whoever asks was given these tokens.
func (s *Service) Makers(ctx context.Context, ids []pontage.LineageID) (map[pontage.LineageID]pontage.Maker, error) {
	return s.store.LineageMakers(ctx, ids)
}

// Bearers gives a page of the bearers that each of several tokens had and has, newest first, in one read: only those that are the token's now
// for current true, only earlier ones for false. Whoever asks was given these tokens.
func (s *Service) Bearers(ctx context.Context, ids []pontage.LineageID, current *bool, page pontage.Keyset) (map[pontage.LineageID][]pontage.Bearer, error) {
	all, err := s.store.Bearers(ctx, ids, current, page)
	found := make(map[pontage.LineageID][]pontage.Bearer, len(ids))
	for _, b := range all {
		found[b.LineageID] = append(found[b.LineageID], b)
	}
	return found, err
}

// maxStretch bounds how many rows that come before the page are held in memory at once.
const maxStretch = 10_000

// listing collects a page of an account's tokens, or of a client's. Mostly one query is enough. Only where revoked tokens lie among the newest, or far
// down the list, are there more, in stretches of one snapshot: the store's list still has the revoked ones.
type listing struct {
	account pontage.AccountID
	client  pontage.ClientID
	after   time.Time
	page    pontage.Page
	// at is how many rows were read, skipped how many of them came before the page.
	at, skipped int
	seen        []pontage.Lineage
}

// lineageReader is the part of a reader that lists tokens.
type lineageReader interface {
	Lineages(ctx context.Context, account pontage.AccountID, endedAfter time.Time, page pontage.Page) ([]pontage.Lineage, error)
	ClientLineages(ctx context.Context, client pontage.ClientID, endedAfter time.Time, page pontage.Page) ([]pontage.Lineage, error)
}

// rows reads a stretch.
func (l *listing) rows(ctx context.Context, r lineageReader, stretch pontage.Page) ([]pontage.Lineage, error) {
	if l.client != "" {
		return r.ClientLineages(ctx, l.client, l.after, stretch)
	}
	return r.Lineages(ctx, l.account, l.after, stretch)
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
	rows, err := l.rows(ctx, r, stretch)
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
