package partner

import (
	"context"

	"github.com/pontage/pontage"
)

// permanentOwner says whether a member keeps the client from being nobody's.
func permanentOwner(m pontage.Member) bool {
	return m.RoleID == pontage.RoleOwner && m.UserID != "" && m.ExpiresAt.IsZero()
}

// keepOwner refuses to let the last owner go: there must be another one, or a user of the client's account.
func (s *Service) keepOwner(ctx context.Context, tx pontage.Tx, client *pontage.Client) error {
	n, err := tx.CountOwners(ctx, client.ID)
	if err != nil || n > 1 {
		return err
	}
	user, err := tx.UserOfAccount(ctx, client.AccountID)
	if err == nil && user.DeletedAt.IsZero() {
		return nil
	}
	if err != nil && pontage.CodeOf(err) != pontage.NotFound {
		return err
	}
	return pontage.E(pontage.Conflict, "The last owner stays. Make somebody else owner first.")
}
