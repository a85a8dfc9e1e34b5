package oauth

import (
	"context"
	"errors"
	"time"

	"github.com/pontage/pontage"
)

// The refusals that need no detail are made once: admission answers them without allocating.
var (
	errUnauthorized = pontage.E(pontage.Unauthenticated, "Unauthorized")
	errExpired      = pontage.E(pontage.TokenExpired, "The token has expired.")
	errRevoked      = pontage.E(pontage.TokenRevoked, "The token was revoked.")
	errReplaced     = pontage.E(pontage.TokenRevoked, "The token was replaced by a newer one.")
	errNotFound     = pontage.E(pontage.NotFound, "Not Found")
	errFormat       = pontage.E(pontage.InvalidInput, "Invalid Token Format")
	// errRefresh answers every refresh token that is not good; it never says why.
	errRefresh = pontage.E(pontage.Unauthenticated, "Unauthorized").At("refresh")
	// errReplay is a second use; it is turned into errRefresh once the lineage is revoked.
	errReplay     = pontage.E(pontage.Unauthenticated, "Unauthorized").At("refresh")
	errMissingSet = errors.New("oauth: a lineage's scope set is missing")
)

// maxAttempts bounds how often a unit that lost a race runs again. Each loss means that another one won, so it is only reached
// by that many writers of one token at once.
const maxAttempts = 64

// unit writes once; a lost race runs do again on the newer rows.
func (s *Service) unit(ctx context.Context, do func(pontage.Tx) error) error {
	for range maxAttempts {
		err := s.store.Write(ctx, do)
		if pontage.CodeOf(err) != pontage.Conflict {
			return err
		}
	}
	return errBusy()
}

func errBusy() error {
	return pontage.E(pontage.Unavailable, "Too many changes at once. Try again.").After(time.Second)
}
