package account

import (
	"context"

	"github.com/pontage/pontage"
)

// SetPassword gives an account's user a password and ends all their sessions; where the account has no user yet, it makes one whose
// e-mail counts as proven. The operator only; NotFound for an unknown account, InvalidInput at "/password".
func (s *Service) SetPassword(ctx context.Context, by pontage.Actor, account pontage.AccountID, password string) (*pontage.User, error) {
	if by.Kind != pontage.ActorOperator {
		return nil, errOperator
	}
	a, err := s.store.Account(ctx, account)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(password, a.Email, "/password"); err != nil {
		return nil, err
	}
	hash, err := s.passwords.hash(ctx, password)
	if err != nil {
		return nil, err
	}
	user, err := s.setPassword(ctx, by, account, hash)
	if pontage.CodeOf(err) == pontage.Conflict { // somebody else made the user at the same moment, so now there is one
		user, err = s.setPassword(ctx, by, account, hash)
	}
	return user, err
}

func (s *Service) setPassword(ctx context.Context, by pontage.Actor, account pontage.AccountID, hash string) (user *pontage.User, err error) {
	err = s.store.Write(ctx, func(tx pontage.Tx) error {
		if user, err = s.userOf(ctx, tx, account); err != nil {
			return err
		}
		if err := s.putPassword(ctx, tx, user, hash, ""); err != nil {
			return err
		}
		return s.note(ctx, tx, by, account, "user.set_password", string(user.ID), nil, nil)
	})
	if err != nil {
		return nil, err
	}
	return user, nil
}

// userOf locks the account's user, or makes one under the account's e-mail.
func (s *Service) userOf(ctx context.Context, tx pontage.Tx, account pontage.AccountID) (*pontage.User, error) {
	a, err := tx.Account(ctx, account)
	if err != nil {
		return nil, err
	}
	user, err := tx.UserOfAccount(ctx, account)
	if pontage.CodeOf(err) == pontage.NotFound {
		user = s.newUser(a)
		return user, tx.InsertUser(ctx, *user)
	}
	if err != nil {
		return nil, err
	}
	if !user.DeletedAt.IsZero() {
		return nil, errNotFound
	}
	return tx.LockUser(ctx, user.ID)
}

// newUser is the person of an account whose e-mail is proven.
func (s *Service) newUser(a *pontage.Account) *pontage.User {
	now := s.clock.Now()
	return &pontage.User{
		ID: pontage.NewUserID(now), AccountID: a.ID, Email: a.Email, Profile: pontage.Profile{Name: a.Name}, CreatedAt: now, VerifiedAt: now,
	}
}

// putPassword writes the password and ends every session that was begun with another, but for one that may be left.
func (s *Service) putPassword(ctx context.Context, tx pontage.Tx, user *pontage.User, hash string, except pontage.SessionID) error {
	now := s.clock.Now()
	user.Password, user.PasswordAt = hash, now
	if _, err := tx.EndSessions(ctx, user.ID, except, now); err != nil {
		return err
	}
	return tx.UpdateUser(ctx, *user)
}
