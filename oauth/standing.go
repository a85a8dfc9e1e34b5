package oauth

import (
	"context"

	"github.com/pontage/pontage"
)

// owner is whose a bearer is.
type owner struct {
	account pontage.AccountID
	client  pontage.ClientID
}

// ownerReader is the part of a reader that knows who is disabled.
type ownerReader interface {
	Disabled(ctx context.Context, account pontage.AccountID, client pontage.ClientID) (bool, error)
}

// enabled refuses what belongs to a disabled account or client.
func enabled(ctx context.Context, r ownerReader, whose owner) error {
	disabled, err := r.Disabled(ctx, whose.account, whose.client)
	if err == nil && disabled {
		err = errUnauthorized
	}
	return err
}

// Forget makes what is remembered of these tokens be read again: whoever changes a lineage past this Service, and be it a counter, tells
// it before the change is answered. Other instances see it within pontage.Freshness.
func (s *Service) Forget(tokens ...pontage.TokenID) { s.bearers.Forget(tokens...) }

// ForgetOwners makes what is remembered of accounts and clients be read again: whoever shuts one out, lets it in, or changes the scopes of
// a client tells it.
func (s *Service) ForgetOwners() {
	s.bearers.ForgetAll()
	s.chosen.ForgetAll()
}

// changed forgets a token that this Service has changed.
func (s *Service) changed(id pontage.TokenID) {
	s.admitted.Remove(id)
	s.bearers.Forget(id)
}
