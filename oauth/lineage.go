package oauth

import (
	"context"

	"github.com/pontage/pontage"
)

// Remaining is what is left of the limits at this moment, never below zero; what does not bound is nil.
func (d Detail) Remaining() pontage.Limits { return left(d.Limits, d.Usage) }

// ByLineage gives the tokens with these lineage ids that by may see, in one read and one for their scopes. Others and revoked ones are
// left out: what Token answers with NotFound.
func (s *Service) ByLineage(ctx context.Context, by pontage.Actor, ids []pontage.LineageID) (map[pontage.LineageID]Detail, error) {
	found := make(map[pontage.LineageID]Detail, len(ids))
	err := s.store.Read(ctx, func(r pontage.Reader) error {
		rows, err := r.LineagesByID(ctx, ids)
		if err != nil {
			return err
		}
		seen := rows[:0]
		for _, l := range rows {
			if owns(by, &l) && l.RevokedAt.IsZero() {
				seen = append(seen, l)
			}
		}
		details, err := s.details(ctx, r, seen)
		for _, d := range details {
			found[d.ID] = d
		}
		return err
	})
	return found, err
}

// Lineage gives one token by its lineage's id; NotFound where Token would say so.
func (s *Service) Lineage(ctx context.Context, by pontage.Actor, id pontage.LineageID) (*Detail, error) {
	found, err := s.ByLineage(ctx, by, []pontage.LineageID{id})
	if err != nil {
		return nil, err
	}
	d, ok := found[id]
	if !ok {
		return nil, errNotFound
	}
	return &d, nil
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
