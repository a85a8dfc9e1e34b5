package account

import (
	"context"

	"github.com/pontage/pontage"
)

// Account gives an account. The operator, or the account itself; NotFound for others.
func (s *Service) Account(ctx context.Context, by pontage.Actor, id pontage.AccountID) (*pontage.Account, error) {
	if !by.Manages(id) {
		return nil, errNotFound
	}
	return s.store.Account(ctx, id)
}
