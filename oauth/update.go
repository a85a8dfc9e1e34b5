package oauth

import (
	"context"

	"github.com/pontage/pontage"
)

// Update changes name, scopes, lifetime or limits of the token id, of by's account or of a client on which by has TokenWrite. NotFound for tokens of others, for revoked ones and for ids that
// were rotated away. A bearer may narrow any token of its account; whatever it widens must lie within its own terms, else Forbidden.
func (s *Service) Update(ctx context.Context, by pontage.Actor, id pontage.TokenID, in UpdateInput) (*Detail, error) {
	if by.Kind == pontage.ActorRefresh || by.Kind == pontage.ActorToken && by.Bearer == nil {
		return nil, pontage.E(pontage.Forbidden, "These credentials cannot change tokens.")
	}
	if in.Name != nil {
		if err := pontage.CheckText(*in.Name, "/name"); err != nil {
			return nil, err
		}
	}
	old, err := s.own(ctx, s.store, by, id, pontage.TokenWrite)
	if err != nil {
		return nil, err
	}
	var ids []pontage.ScopeID
	if in.Scopes != nil {
		if ids, err = s.expandFor(ctx, old.AccountID, old.ClientID, *in.Scopes, platformToo(by, old.AccountID)); err != nil {
			return nil, err
		}
	}
	var written pontage.Lineage
	err = s.unit(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		if written, err = s.rewrite(ctx, tx, by, id, in, ids); err != nil || by.Once == nil {
			return err
		}
		// What the cache of scope sets holds may be rolled back with this unit, so nothing of it is remembered.
		set, err := s.scopeSet(ctx, tx, written.ScopeSetID, false)
		if err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, &Detail{Lineage: written, Scopes: s.scopes.ScopeNames(set.ids)})
	})
	s.changed(id)
	if err != nil {
		return nil, err
	}
	return s.detail(ctx, written)
}

// rewrite is the unit of Update: it works on the newest row, so that of two updates at once each changes only its own fields.
func (s *Service) rewrite(ctx context.Context, tx pontage.Tx, by pontage.Actor, id pontage.TokenID, in UpdateInput, ids []pontage.ScopeID) (pontage.Lineage, error) {
	old, err := s.own(ctx, tx, by, id, pontage.TokenWrite)
	if err != nil {
		return pontage.Lineage{}, err
	}
	next := *old
	next.UpdatedAt, next.Version = s.clock.Now(), old.Version+1
	if in.Name != nil {
		next.Name = *in.Name
	}
	if in.TTL != nil {
		next.TTL = lifetime(*in.TTL)
		next.ExpiresAt = next.UpdatedAt.Add(next.TTL)
	}
	if next.Limits, err = checkLimits(in.Limits.apply(old.Limits)); err != nil {
		return next, err
	}
	if ids != nil {
		if next.ScopeSetID, err = s.intern(ctx, tx, ids); err != nil {
			return next, err
		}
	}
	if by.Kind == pontage.ActorToken {
		if err := s.mayWiden(ctx, tx, by, old, &next); err != nil {
			return next, err
		}
	}
	if err := tx.UpdateLineage(ctx, next); err != nil {
		return next, err
	}
	return next, s.noteChange(ctx, tx, by, "token.update", *old, next)
}

// mayWiden lets a bearer narrow freely, and widen only into what it could have given itself.
func (s *Service) mayWiden(ctx context.Context, tx pontage.Tx, by pontage.Actor, old, next *pontage.Lineage) error {
	before, err := s.scopeSet(ctx, tx, old.ScopeSetID, false)
	if err != nil {
		return err
	}
	after, err := s.scopeSet(ctx, tx, next.ScopeSetID, false)
	if err != nil {
		return err
	}
	own, err := s.bearerTerms(ctx, tx, by, next.UpdatedAt)
	if err != nil {
		return err
	}
	if termsOf(next, after.members).within(termsOf(old, before.members)) == nil {
		return nil
	}
	return termsOf(next, after.members).within(own)
}
