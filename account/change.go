package account

import (
	"context"

	"github.com/pontage/pontage"
)

// ChangePassword sets a new password of by's user after a recent login. All other sessions and all mailed links end, and the person is
// told. ReloginRequired; InvalidInput at "/password".
func (s *Service) ChangePassword(ctx context.Context, by pontage.Actor, password string) error {
	if by.Kind != pontage.ActorUser {
		return errNoSession
	}
	user, err := s.store.User(ctx, by.UserID)
	if err != nil {
		return err
	}
	if err := checkPassword(password, user.Email, "/password"); err != nil {
		return err
	}
	if err := s.store.Write(ctx, func(tx pontage.Tx) error { _, err := s.recent(ctx, tx, by); return err }); err != nil {
		return err // before the work of hashing
	}
	hash, err := s.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx pontage.Tx) error {
		user, err := s.recent(ctx, tx, by)
		if err != nil {
			return err
		}
		if err := s.putPassword(ctx, tx, user, hash, by.SessionID); err != nil {
			return err
		}
		if err := tx.EndConfirmationsOf(ctx, user.ID, s.clock.Now()); err != nil {
			return err
		}
		if err := s.note(ctx, tx, by, user.AccountID, "user.change_password", string(user.ID), nil, nil); err != nil {
			return err
		}
		return s.postPasswordChanged(ctx, tx, by, user)
	})
}

// RequestEmailChange mails a link to a new address of by's user after a recent login, and a notice to the old one. For an address that has
// an account the answer is the same, and its owner gets a mail that says so. ReloginRequired; InvalidInput at "/email"; RateLimited for
// many requests from one address.
func (s *Service) RequestEmailChange(ctx context.Context, by pontage.Actor, email string) error {
	if by.Kind != pontage.ActorUser {
		return errNoSession
	}
	if err := checkEmail(email); err != nil {
		return err
	}
	if _, err := s.take(ctx, mailsPerAddress.from(by.Address)); err != nil {
		return err
	}
	var user *pontage.User
	err := s.store.Write(ctx, func(tx pontage.Tx) (err error) {
		if user, err = s.recent(ctx, tx, by); err != nil {
			return err
		}
		if err := s.note(ctx, tx, by, user.AccountID, "user.request_email_change", string(user.ID), nil, nil); err != nil {
			return err
		}
		return s.post(ctx, tx, "email_change_requested", user.Email, noticeLife, letter{Name: user.Profile.Name, From: addressText(by)})
	})
	if err != nil {
		return err
	}
	return s.writeTo(ctx, email, func(tx pontage.Tx) error {
		owner, err := tx.UserByEmail(ctx, email)
		if err == nil && owner.ID != user.ID {
			return s.post(ctx, tx, "already_registered", owner.Email, noticeLife, letter{Name: owner.Profile.Name})
		}
		if err != nil && pontage.CodeOf(err) != pontage.NotFound {
			return err
		}
		return s.confirm(ctx, tx, pontage.Confirmation{Kind: pontage.ConfirmEmail, Email: email, UserID: user.ID}, user.Profile.Name)
	})
}

// ConfirmEmailChange follows such a link: user and account have the new address, the old one is told, and all other links end.
// InvalidInput at "/code"; Conflict where the address was taken meanwhile.
func (s *Service) ConfirmEmailChange(ctx context.Context, by pontage.Actor, code string) error {
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		c, err := s.redeem(ctx, tx, pontage.ConfirmEmail, code)
		if err != nil {
			return err
		}
		user, err := tx.LockUser(ctx, c.UserID)
		if err != nil {
			return err
		}
		if !user.DeletedAt.IsZero() {
			return errLink
		}
		return s.moveTo(ctx, tx, by, user, c.Email)
	})
	if pontage.CodeOf(err) == pontage.Conflict {
		return pontage.E(pontage.Conflict, "This e-mail address has an account already.").Because(err)
	}
	s.known.ForgetAll()
	return err
}

// moveTo gives user and account another address.
func (s *Service) moveTo(ctx context.Context, tx pontage.Tx, by pontage.Actor, user *pontage.User, email string) error {
	now, old := s.clock.Now(), user.Email
	account, err := tx.Account(ctx, user.AccountID)
	if err != nil {
		return err
	}
	account.Email, user.Email, user.VerifiedAt = email, email, now
	if err := tx.UpdateAccount(ctx, *account); err != nil {
		return err
	}
	if err := tx.UpdateUser(ctx, *user); err != nil {
		return err
	}
	if err := tx.EndConfirmationsOf(ctx, user.ID, now); err != nil {
		return err
	}
	if err := s.noteUser(ctx, tx, by, user, "user.change_email", string(user.ID), nil, nil); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, user, "Your e-mail address was changed", "It is the user name of your API keys too.", string(user.ID)); err != nil {
		return err
	}
	return s.post(ctx, tx, "email_changed", old, noticeLife, letter{Name: user.Profile.Name})
}

func addressText(by pontage.Actor) string {
	if !by.Address.IsValid() {
		return ""
	}
	return by.Address.String()
}
