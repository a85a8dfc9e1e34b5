package oauth

import (
	"context"

	"github.com/pontage/pontage"
)

// Revoke ends the token id of by's account, or of a client on which by has TokenWrite, with everything of its lineage, for good and on every instance once it returns. NotFound for
// tokens of others, for revoked ones and for ids that were rotated away.
func (s *Service) Revoke(ctx context.Context, by pontage.Actor, id pontage.TokenID) error {
	if by.Kind == pontage.ActorRefresh {
		return pontage.E(pontage.Forbidden, "A refresh token is good for its rotation alone.")
	}
	l, err := s.own(ctx, s.store, by, id, pontage.TokenWrite)
	if err != nil {
		return err
	}
	did, err := s.revokeLineage(ctx, by, l)
	if err == nil && !did {
		return errNotFound
	}
	return err
}

// revokeLineage is a write of its own; it says whether this call did it. Under a key of by's, what was revoked before is NotFound.
func (s *Service) revokeLineage(ctx context.Context, by pontage.Actor, l *pontage.Lineage) (bool, error) {
	did, token, once := false, l.TokenID, by.Once
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		err := once.Claim(ctx, tx)
		if err != nil {
			return err
		}
		if did, err = tx.RevokeLineage(ctx, l.ID, s.clock.Now()); err != nil {
			return err
		}
		ended, err := tx.Lineage(ctx, l.ID) // it may have been rotated since l was read; now it cannot be any more
		if err != nil {
			return err
		}
		token = ended.TokenID
		if !did && once != nil {
			return errNotFound
		}
		if did {
			if err := s.note(ctx, tx, by, "token.revoke", &Detail{Lineage: *ended}, nil); err != nil {
				return err
			}
		}
		return once.Keep(ctx, tx, nil)
	})
	s.changed(token)
	return did, err
}
