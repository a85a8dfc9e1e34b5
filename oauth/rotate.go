package oauth

import (
	"context"
	"errors"

	"github.com/pontage/pontage"
)

// Rotate exchanges the refresh token in by.Refresh for a new pair with the same lineage: limits, counters and lifetime stay, scopes
// that are gone are dropped, the old pair is dead. The refresh token must belong to the token id, and to by's account and client where by
// names them, or to a client on which by's user has TokenWrite: Forbidden for a member without. Whatever is wrong with it is Unauthenticated at "refresh"; if it was used before, the whole lineage is revoked
// first. Unavailable means that nothing was decided. The only safe repeat is the one under the same key: by.Once.
func (s *Service) Rotate(ctx context.Context, by pontage.Actor, id pontage.TokenID) (*Issued, error) {
	return s.rotate(ctx, by, id, s.draft(true))
}

func (s *Service) rotate(ctx context.Context, by pontage.Actor, id pontage.TokenID, d *draft) (*Issued, error) {
	if by.Kind != pontage.ActorRefresh {
		return nil, pontage.E(pontage.Forbidden, "Only a refresh token rotates its token.")
	}
	for range maxAttempts {
		issued, l, err := s.tryRotate(ctx, by, id, d)
		switch {
		case errors.Is(err, errReplay):
			return nil, s.punish(ctx, l)
		case pontage.CodeOf(err) != pontage.Conflict:
			return issued, err
		}
	}
	return nil, errBusy()
}

// tryRotate looks at the refresh token, asks the catalogue outside of the unit what is left of the scopes, and exchanges. Conflict
// means that the lineage changed in between.
func (s *Service) tryRotate(ctx context.Context, by pontage.Actor, id pontage.TokenID, d *draft) (*Issued, *pontage.Lineage, error) {
	var seen *pontage.Lineage
	var set *scopeSet
	err := s.store.Read(ctx, func(r pontage.Reader) error {
		// Of the same snapshot: a refresh token that the same request has used is no second use.
		err := by.Once.Check(ctx, r)
		if err != nil {
			return err
		}
		if _, seen, err = s.presented(ctx, r, by, id); err != nil {
			return err
		}
		set, err = s.scopeSet(ctx, r, seen.ScopeSetID, true)
		return err
	})
	if err != nil {
		return nil, seen, err
	}
	ids, err := s.remaining(ctx, seen.AccountID, seen.ClientID, set.ids)
	if err != nil {
		return nil, seen, err
	}
	var next pontage.Lineage
	err = s.store.Write(ctx, func(tx pontage.Tx) error {
		if err = by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		if next, err = s.exchange(ctx, tx, by, id, seen, ids, d); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, s.issued(next, ids, d))
	})
	s.changed(id)
	if err != nil {
		return nil, seen, err
	}
	s.remember(ids, next.ScopeSetID)
	return s.issued(next, ids, d), seen, nil
}

// presented finds refresh token and lineage and says errReplay or errRefresh where the exchange must not be. The lineage is given
// with errReplay too.
func (s *Service) presented(ctx context.Context, r pontage.Reader, by pontage.Actor, id pontage.TokenID) (*pontage.RefreshToken, *pontage.Lineage, error) {
	rt, l, err := s.refreshRow(ctx, r, by.Refresh)
	if err != nil {
		return rt, l, err
	}
	now := s.clock.Now()
	foreign := by.ClientID != "" && l.ClientID != "" && by.ClientID != l.ClientID
	over := !l.RevokedAt.IsZero() || !now.Before(l.ExpiresAt.Add(RefreshMargin))
	if foreign || over || rt.TokenID != id || l.TokenID != id {
		return nil, nil, errRefresh
	}
	if err := s.mayRotate(ctx, r, by, l); err != nil {
		return nil, nil, err
	}
	if err := enabled(ctx, r, owner{l.AccountID, l.ClientID}); errors.Is(err, errUnauthorized) {
		return nil, nil, errRefresh
	} else if err != nil {
		return nil, nil, err
	}
	return rt, l, nil
}

// mayRotate lets pass whoever shows the refresh token and nothing else, who owns its token, and members of its client who hold TokenWrite.
func (s *Service) mayRotate(ctx context.Context, r pontage.AuthorityReader, by pontage.Actor, l *pontage.Lineage) error {
	if by.AccountID == "" || by.AccountID == l.AccountID {
		return nil
	}
	if by.UserID != "" {
		by.Kind = pontage.ActorUser // it is the person who is a member
	}
	err := s.mayTouch(ctx, r, by, l, pontage.TokenWrite)
	if pontage.CodeOf(err) == pontage.NotFound {
		return errRefresh
	}
	return err
}

// refreshRow proves the text of a refresh token: errRefresh where it is not ours, errReplay with its rows where it was used.
func (s *Service) refreshRow(ctx context.Context, r pontage.TokenReader, text string) (*pontage.RefreshToken, *pontage.Lineage, error) {
	refreshID, ok := s.refreshID(text)
	if !ok {
		return nil, nil, errRefresh
	}
	rt, err := r.RefreshToken(ctx, refreshID)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, nil, errRefresh
	}
	if err != nil {
		return nil, nil, err
	}
	if !s.credentials.Keys.Matches(text, rt.KeyID, rt.Hash) {
		return nil, nil, errRefresh
	}
	l, err := r.Lineage(ctx, rt.LineageID)
	if err != nil {
		return nil, nil, err
	}
	if !rt.UsedAt.IsZero() {
		return rt, l, errReplay
	}
	return rt, l, nil
}

// remaining drops scopes that are gone, disabled, no longer granted, or not enabled for the client.
func (s *Service) remaining(ctx context.Context, account pontage.AccountID, client pontage.ClientID, ids []pontage.ScopeID) ([]pontage.ScopeID, error) {
	access, err := s.scopes.Access(ctx, account)
	if err != nil {
		return nil, err
	}
	granted := newScopeSet(access.Scopes).members
	kept := make([]pontage.ScopeID, 0, len(ids))
	for _, id := range ids {
		scope, ok := s.scopes.ScopeByID(id)
		if !ok || !scope.Enabled {
			continue
		}
		if _, ok := granted[id]; ok || !scope.Restricted {
			kept = append(kept, id)
		}
	}
	return s.withinClient(ctx, client, kept)
}

// exchange is the unit of Rotate.
func (s *Service) exchange(ctx context.Context, tx pontage.Tx, by pontage.Actor, id pontage.TokenID, seen *pontage.Lineage, ids []pontage.ScopeID, d *draft) (pontage.Lineage, error) {
	rt, l, err := s.presented(ctx, tx, by, id)
	if err != nil {
		return pontage.Lineage{}, err
	}
	if l.ScopeSetID != seen.ScopeSetID {
		return pontage.Lineage{}, pontage.E(pontage.Conflict, "The token was changed meanwhile.")
	}
	first, err := tx.UseRefreshToken(ctx, rt.ID, d.at)
	if err != nil {
		return pontage.Lineage{}, err
	}
	if !first {
		return pontage.Lineage{}, errReplay
	}
	next := *l
	next.TokenID, next.Version, next.UpdatedAt = d.token.ID, l.Version+1, d.at
	next.ExpiresAt = d.at.Add(l.TTL)
	if next.ScopeSetID, err = s.intern(ctx, tx, ids); err != nil {
		return next, err
	}
	if err := s.insertPair(ctx, tx, &next, d, false); err != nil {
		return next, err
	}
	if err := tx.UpdateLineage(ctx, next); err != nil {
		return next, err
	}
	return next, s.noteChange(ctx, tx, by, "token.rotate", *l, next)
}

// punish revokes the lineage of a refresh token that came twice, in a write of its own and even if the caller has hung up: one of
// the two who hold it stole it.
func (s *Service) punish(ctx context.Context, l *pontage.Lineage) error {
	did, err := s.revokeLineage(context.WithoutCancel(ctx), pontage.System(), l)
	if err != nil {
		return err
	}
	if did {
		s.log.WarnContext(ctx, "a refresh token was used twice, its tokens are revoked", "lineage", l.ID, "account", l.AccountID)
	}
	return errRefresh
}
