package account

import (
	"context"

	"github.com/pontage/pontage"
)

// RequestPasswordReset mails a link to choose a new password. The answer is the same whether there is such a person or not. InvalidInput
// at "/email", RateLimited for many requests from one address.
func (s *Service) RequestPasswordReset(ctx context.Context, by pontage.Actor, email string) error {
	if err := checkEmail(email); err != nil {
		return err
	}
	if _, err := s.take(ctx, mailsPerAddress.from(by.Address)); err != nil {
		return err
	}
	return s.writeTo(ctx, email, func(tx pontage.Tx) error {
		user, err := tx.UserByEmail(ctx, email)
		if pontage.CodeOf(err) == pontage.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		return s.confirm(ctx, tx, pontage.Confirmation{Kind: pontage.ConfirmReset, Email: user.Email, UserID: user.ID}, user.Profile.Name)
	})
}

// ResetPassword follows such a link: it sets the password, ends all sessions and all other links, and says so by mail. InvalidInput at
// "/code" or "/password".
func (s *Service) ResetPassword(ctx context.Context, by pontage.Actor, code, password string) error {
	c, err := s.read(ctx, s.store, pontage.ConfirmReset, code)
	if err != nil {
		return err
	}
	if err := checkPassword(password, c.Email, "/password"); err != nil {
		return err
	}
	hash, err := s.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx pontage.Tx) error {
		c, err := s.redeem(ctx, tx, pontage.ConfirmReset, code)
		if err != nil {
			return err
		}
		user, err := tx.LockUser(ctx, c.UserID)
		if err != nil {
			return err
		}
		if err := tx.EndConfirmationsOf(ctx, user.ID, s.clock.Now()); err != nil {
			return err
		}
		if err := s.putPassword(ctx, tx, user, hash, ""); err != nil {
			return err
		}
		if err := s.noteUser(ctx, tx, by, user, "user.reset_password", string(user.ID), nil, nil); err != nil {
			return err
		}
		return s.postPasswordChanged(ctx, tx, by, user)
	})
}

func (s *Service) postPasswordChanged(ctx context.Context, tx pontage.Tx, by pontage.Actor, user *pontage.User) error {
	if err := s.tell(ctx, tx, user, "Your password was changed", "All other sessions have ended.", string(user.ID)); err != nil {
		return err
	}
	return s.post(ctx, tx, "password_changed", user.Email, noticeLife, letter{Name: user.Profile.Name, From: addressText(by)})
}
