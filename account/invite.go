package account

import (
	"context"

	"github.com/pontage/pontage"
)

// Invite mails the person of an account without a user a link to choose a password. The operator only; NotFound for an unknown account,
// Conflict where there is a user.
func (s *Service) Invite(ctx context.Context, by pontage.Actor, account pontage.AccountID) error {
	if by.Kind != pontage.ActorOperator {
		return errOperator
	}
	return s.store.Write(ctx, func(tx pontage.Tx) error {
		a, err := tx.Account(ctx, account)
		if err != nil {
			return err
		}
		switch _, err := tx.UserOfAccount(ctx, account); {
		case err == nil:
			return pontage.E(pontage.Conflict, "This account has a user already.")
		case pontage.CodeOf(err) != pontage.NotFound:
			return err
		}
		if err := s.note(ctx, tx, by, a.ID, "account.invite", string(a.ID), nil, nil); err != nil {
			return err
		}
		return s.confirm(ctx, tx, pontage.Confirmation{Kind: pontage.ConfirmInvitation, Email: a.Email, AccountID: a.ID}, a.Name)
	})
}

// AcceptInvitation makes the user of an invitation. InvalidInput at "/code" or "/password"; Conflict where there is one meanwhile.
func (s *Service) AcceptInvitation(ctx context.Context, by pontage.Actor, code, password string) (user *pontage.User, err error) {
	c, err := s.read(ctx, s.store, pontage.ConfirmInvitation, code)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(password, c.Email, "/password"); err != nil {
		return nil, err
	}
	hash, err := s.passwords.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	err = s.store.Write(ctx, func(tx pontage.Tx) error {
		c, err := s.redeem(ctx, tx, pontage.ConfirmInvitation, code)
		if err != nil {
			return err
		}
		a, err := tx.Account(ctx, c.AccountID)
		if err != nil {
			return err
		}
		user = s.newUser(a)
		user.Password, user.PasswordAt = hash, s.clock.Now()
		if err := tx.InsertUser(ctx, *user); err != nil {
			return err
		}
		return s.noteUser(ctx, tx, by, user, "user.accept_invitation", string(user.ID), nil, nil)
	})
	if pontage.CodeOf(err) == pontage.Conflict {
		return nil, pontage.E(pontage.Conflict, "This account has a user already.").Because(err)
	}
	if err != nil {
		return nil, err
	}
	return user, nil
}
