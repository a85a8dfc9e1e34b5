package oauth

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// draft is a pair that is not written yet. It is made before the unit of work so that a unit that runs again writes the same pair, and
// that nobody waits for it to be hashed. refresh is empty where no refresh token goes with the bearer.
type draft struct {
	at              time.Time
	bearer, refresh string
	token           pontage.Token
	refreshToken    pontage.RefreshToken
}

// draft makes a pair, or a bearer alone.
func (s *Service) draft(pair bool) *draft {
	at := s.clock.Now()
	d := &draft{at: at, token: pontage.Token{ID: pontage.NewTokenID(at), CreatedAt: at}}
	d.bearer = s.credentials.New(string(d.token.ID))
	d.token.KeyID, d.token.Hash = s.credentials.Keys.Hash(d.bearer)
	if pair {
		d.refreshToken = pontage.RefreshToken{ID: pontage.NewRefreshTokenID(at), TokenID: d.token.ID, CreatedAt: at}
		d.refresh = s.credentials.New(string(d.refreshToken.ID))
		d.refreshToken.KeyID, d.refreshToken.Hash = s.credentials.Keys.Hash(d.refresh)
	}
	return d
}

// Issue makes a token for by's account. An account, its user and the operator (acting for an account) also get a refresh token. A bearer gives
// only what it has: Forbidden at the field that goes beyond; without TTL its gift lives as long as itself. InvalidInput and
// Unprocessable name the field as a JSON pointer. A token of a client needs TokenWrite there; NotFound at "/clientId".
func (s *Service) Issue(ctx context.Context, by pontage.Actor, in IssueInput) (*Issued, error) {
	return s.issue(ctx, by, in, s.draft(by.Kind == pontage.ActorAccount || by.Kind == pontage.ActorUser || by.Kind == pontage.ActorOperator))
}

func (s *Service) issue(ctx context.Context, asking pontage.Actor, in IssueInput, d *draft) (*Issued, error) {
	by, err := s.forClient(ctx, s.store, asking, in.ClientID)
	if err != nil {
		return nil, err
	}
	if err := mayIssue(by); err != nil {
		return nil, err
	}
	ids, limits, err := s.checkIssue(ctx, by, in, platformToo(asking, by.AccountID))
	if err != nil {
		return nil, err
	}
	fresh := pontage.Lineage{
		Maker: pontage.Maker{Kind: by.Kind, ID: by.ID()},
		ID:    pontage.NewLineageID(d.at), AccountID: by.AccountID, ClientID: by.ClientID, DomainID: in.domain, Name: in.Name, TokenID: d.token.ID,
		Version: 1, Limits: limits, TTL: lifetime(in.TTL), CreatedAt: d.at, UpdatedAt: d.at,
	}
	var written pontage.Lineage
	err = s.unit(ctx, func(tx pontage.Tx) error {
		l := fresh
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		if _, err := s.forClient(ctx, tx, asking, in.ClientID); err != nil {
			return err
		}
		if err := s.settleIssue(ctx, tx, by, in, ids, &l); err != nil {
			return err
		}
		written = l
		if err := s.insertPair(ctx, tx, &l, d, true); err != nil {
			return err
		}
		made := s.issued(l, ids, d)
		if err := s.note(ctx, tx, by, "token.create", nil, &made.Detail); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, made)
	})
	if err != nil {
		return nil, err
	}
	s.remember(ids, written.ScopeSetID)
	return s.issued(written, ids, d), nil
}

// forClient makes by act for a client, where one is named: for its account, which pays. Needs TokenWrite there.
func (s *Service) forClient(ctx context.Context, r pontage.AuthorityReader, by pontage.Actor, client pontage.ClientID) (pontage.Actor, error) {
	if client == "" {
		return by, nil
	}
	a, err := pontage.Authorize(ctx, r, by, client, pontage.TokenWrite, s.clock.Now())
	if pontage.CodeOf(err) == pontage.NotFound {
		err = pontage.E(pontage.NotFound, "Not Found").At("/clientId")
	}
	if err != nil {
		return by, err
	}
	by.AccountID, by.ClientID = a.Client.AccountID, client
	return by, nil
}

func mayIssue(by pontage.Actor) error {
	switch by.Kind {
	case pontage.ActorAccount, pontage.ActorUser, pontage.ActorClient, pontage.ActorToken, pontage.ActorOperator:
		if by.AccountID != "" && (by.Kind != pontage.ActorToken || by.Bearer != nil) {
			return nil
		}
	}
	return pontage.E(pontage.Forbidden, "These credentials cannot make tokens.")
}

func (s *Service) checkIssue(ctx context.Context, by pontage.Actor, in IssueInput, platform bool) ([]pontage.ScopeID, pontage.Limits, error) {
	if err := pontage.CheckText(in.Name, "/name"); err != nil {
		return nil, in.Limits, err
	}
	limits, err := checkLimits(in.Limits)
	if err != nil {
		return nil, limits, err
	}
	ids, err := s.expandFor(ctx, by.AccountID, by.ClientID, in.Scopes, platform)
	return ids, limits, err
}

// expand reads the catalogue in memory, outside of any unit of work.
func (s *Service) expand(ctx context.Context, account pontage.AccountID, patterns []string, platform bool) ([]pontage.ScopeID, error) {
	if err := checkPatterns(patterns); err != nil {
		return nil, err
	}
	ids, err := s.scopes.Expand(ctx, account, patterns, platform)
	if err != nil {
		return nil, err
	}
	if len(ids) > maxScopes {
		return nil, pontage.E(pontage.Unprocessable, "A token has at most %d scopes.", maxScopes).At("/scopes")
	}
	return ids, nil
}

// settleIssue fills in what needs the database: the scope set, and what the giving bearer has left at this moment.
func (s *Service) settleIssue(ctx context.Context, tx pontage.Tx, by pontage.Actor, in IssueInput, ids []pontage.ScopeID, l *pontage.Lineage) error {
	l.ExpiresAt = l.CreatedAt.Add(l.TTL)
	if by.Kind == pontage.ActorToken {
		own, err := s.bearerTerms(ctx, tx, by, l.CreatedAt)
		if err != nil {
			return err
		}
		if in.TTL <= 0 && l.ExpiresAt.After(own.expiresAt) {
			l.ExpiresAt, l.TTL = own.expiresAt, own.expiresAt.Sub(l.CreatedAt)
		}
		if err := termsOf(l, newScopeSet(ids).members).within(own); err != nil {
			return err
		}
	}
	set, err := s.intern(ctx, tx, ids)
	l.ScopeSetID = set
	return err
}

// bearerTerms reads what the bearer behind by may still give; one that ended since it was authenticated gives nothing.
func (s *Service) bearerTerms(ctx context.Context, tx pontage.Tx, by pontage.Actor, now time.Time) (terms, error) {
	l, err := tx.Lineage(ctx, by.Bearer.ID)
	if err != nil {
		return terms{}, err
	}
	if err := alive(l, by.Bearer.TokenID, now); err != nil {
		return terms{}, err
	}
	set, err := s.scopeSet(ctx, tx, l.ScopeSetID, false)
	if err != nil {
		return terms{}, err
	}
	return termsOf(l, set.members), nil
}

// insertPair writes bearer and refresh token of l, and l itself where it is new.
func (s *Service) insertPair(ctx context.Context, tx pontage.Tx, l *pontage.Lineage, d *draft, fresh bool) error {
	if fresh {
		if err := tx.InsertLineage(ctx, *l); err != nil {
			return err
		}
	}
	token := d.token
	token.LineageID = l.ID
	if err := tx.InsertToken(ctx, token); err != nil || d.refresh == "" {
		return err
	}
	refresh := d.refreshToken
	refresh.LineageID, refresh.ExpiresAt = l.ID, l.ExpiresAt.Add(RefreshMargin)
	return tx.InsertRefreshToken(ctx, refresh)
}

func (s *Service) issued(l pontage.Lineage, ids []pontage.ScopeID, d *draft) *Issued {
	return &Issued{
		Detail: Detail{Lineage: l, Scopes: s.scopes.ScopeNames(ids)}, Bearer: d.bearer, RefreshToken: d.refresh,
	}
}
