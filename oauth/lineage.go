package oauth

import (
	"context"
	"slices"

	"github.com/pontage/pontage"
)

// Remaining is what is left of the limits at this moment, never below zero; what does not bound is nil.
func (d Detail) Remaining() pontage.Limits { return left(d.Limits, d.Usage) }

// ByLineage gives the tokens with these lineage ids that by may see, in one read and one for their scopes, and two where some are of other
// accounts. Others and revoked ones are
// left out: what Token answers with NotFound.
func (s *Service) ByLineage(ctx context.Context, by pontage.Actor, ids []pontage.LineageID) (map[pontage.LineageID]Detail, error) {
	found := make(map[pontage.LineageID]Detail, len(ids))
	err := s.store.Read(ctx, func(r pontage.Reader) error {
		rows, err := r.LineagesByID(ctx, ids)
		if err != nil {
			return err
		}
		seen, err := s.visible(ctx, r, by, rows)
		if err != nil {
			return err
		}
		details, err := s.details(ctx, r, seen)
		for _, d := range details {
			found[d.ID] = d
		}
		return err
	})
	return found, err
}

// visible keeps the living tokens that by owns, and those of clients on which by has TokenRead.
func (s *Service) visible(ctx context.Context, r pontage.Reader, by pontage.Actor, rows []pontage.Lineage) ([]pontage.Lineage, error) {
	var others []pontage.ClientID
	for _, l := range rows {
		if !owns(by, &l) && l.ClientID != "" && !slices.Contains(others, l.ClientID) {
			others = append(others, l.ClientID)
		}
	}
	var on map[pontage.ClientID]*pontage.Authority
	if len(others) > 0 {
		var err error
		if on, err = pontage.Authorities(ctx, r, by, others, s.clock.Now()); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(rows, func(l pontage.Lineage) bool {
		a := on[l.ClientID]
		return !l.RevokedAt.IsZero() || !owns(by, &l) && (a == nil || !a.Holds(pontage.TokenRead))
	}), nil
}

// Lineage gives one token by its lineage's id; NotFound and Forbidden where Token would say so.
func (s *Service) Lineage(ctx context.Context, by pontage.Actor, id pontage.LineageID) (*Detail, error) {
	l, err := s.living(ctx, by, id, pontage.TokenRead)
	if err != nil {
		return nil, err
	}
	return s.detail(ctx, *l)
}

// Bearer gives the id of the bearer that a token has now, for callers of Update and Revoke who know the token by its lineage. Needs what they
// need; NotFound for tokens of others and for revoked ones.
func (s *Service) Bearer(ctx context.Context, by pontage.Actor, id pontage.LineageID) (pontage.TokenID, error) {
	l, err := s.living(ctx, by, id, pontage.TokenWrite)
	if err != nil {
		return "", err
	}
	return l.TokenID, nil
}

// living gives a token that is not revoked and that by may touch.
func (s *Service) living(ctx context.Context, by pontage.Actor, id pontage.LineageID, p pontage.Permission) (*pontage.Lineage, error) {
	l, err := s.store.Lineage(ctx, id)
	if pontage.CodeOf(err) == pontage.NotFound || err == nil && !l.RevokedAt.IsZero() {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	return l, s.mayTouch(ctx, s.store, by, l, p)
}

// RefreshedToken proves the text of a refresh token, one that was used before too, and gives the id of the bearer it came with, for
// callers of Rotate who know no other name of it. Everything that is not ours is Unauthenticated at "refresh".
func (s *Service) RefreshedToken(ctx context.Context, text string) (pontage.TokenID, error) {
	rt, _, err := s.refreshRow(ctx, s.store, text)
	if rt == nil {
		return "", err
	}
	return rt.TokenID, nil
}
