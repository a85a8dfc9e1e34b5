package account

import (
	"context"
	"fmt"
	"strings"

	"github.com/pontage/pontage"
)

// forfeit is what the confirmation of a deletion ends with where something is left.
const forfeit = " forfeit"

// DeleteInput asks for the end of an account. Confirmation is typed: the account's e-mail, and " forfeit" behind it where money or
// subscriptions are left, which are lost.
type DeleteInput struct {
	AccountID    pontage.AccountID
	Confirmation string
}

// DeleteAccount ends an account for good: sessions, API keys, clients, secrets and tokens, at once and on every instance. Nothing of the
// person is left but ids; the books keep their sums, and a balance stays where it is, out of anybody's reach. The account's user after a
// recent login, or the operator. ReloginRequired; InvalidInput at "/confirmation", saying what is left and what to type; Conflict while
// calls are being paid; NotFound for other accounts.
func (s *Service) DeleteAccount(ctx context.Context, by pontage.Actor, in DeleteInput) error {
	if by.Kind != pontage.ActorOperator && (by.Kind != pontage.ActorUser || by.AccountID != in.AccountID) {
		return errNotFound
	}
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if by.Kind == pontage.ActorUser {
			if _, err := s.recent(ctx, tx, by); err != nil {
				return err
			}
		}
		account, err := tx.Account(ctx, in.AccountID)
		if err != nil {
			return err
		}
		// Tokens before wallet before subscriptions, as calls lock them.
		if err := tx.EndCredentials(ctx, account.ID, s.clock.Now()); err != nil {
			return err
		}
		left, err := s.left(ctx, tx, account.ID)
		if err != nil {
			return err
		}
		if err := checkFarewell(account.Email, left, in.Confirmation); err != nil {
			return err
		}
		return s.depart(ctx, tx, by, account, left)
	})
	s.known.ForgetAll()
	s.changed()
	return err
}

// left says what an account would lose, empty for nothing.
func (s *Service) left(ctx context.Context, tx pontage.Tx, account pontage.AccountID) (string, error) {
	wallet, err := tx.LockWallet(ctx, account)
	if err != nil {
		return "", err
	}
	if wallet.Held > 0 {
		return "", pontage.E(pontage.Conflict, "Calls of this account are being paid just now. Try again in a minute.")
	}
	var left []string
	if wallet.Balance > 0 {
		left = append(left, fmt.Sprintf("%s in the wallet", wallet.Balance))
	}
	now, active := s.clock.Now(), 0
	for skip := 0; ; skip += sweepRows {
		all, err := tx.Subscriptions(ctx, pontage.SubscriptionQuery{AccountID: account, Page: pontage.Page{Skip: skip, Limit: sweepRows}})
		if err != nil {
			return "", err
		}
		for _, b := range all {
			if now.Before(b.ExpiresAt) && b.UsedRequests < b.TotalRequests {
				active++
			}
		}
		if len(all) < sweepRows {
			break
		}
	}
	if active > 0 {
		left = append(left, fmt.Sprintf("%d subscription(s) with calls left", active))
	}
	return strings.Join(left, " and "), nil
}

func checkFarewell(email, left, typed string) error {
	want := email
	if left != "" {
		want += forfeit
	}
	switch {
	case strings.EqualFold(typed, want):
		return nil
	case left != "":
		return pontage.E(pontage.InvalidInput, "There are %s. Use them up or ask for them back; or type %q to lose them.", left, want).At("/confirmation")
	}
	return pontage.E(pontage.InvalidInput, "Type %q to confirm.", want).At("/confirmation")
}

// depart takes everything away and leaves a name that says nothing.
func (s *Service) depart(ctx context.Context, tx pontage.Tx, by pontage.Actor, account *pontage.Account, left string) error {
	now := s.clock.Now()
	if err := tx.StopRenewals(ctx, account.ID, now); err != nil {
		return err
	}
	if _, err := tx.DeleteEchoes(ctx, account.ID); err != nil {
		return err
	}
	user, err := tx.UserOfAccount(ctx, account.ID)
	if err != nil && pontage.CodeOf(err) != pontage.NotFound {
		return err
	}
	if err == nil {
		if err := s.forget(ctx, tx, user, left); err != nil {
			return err
		}
	}
	account.Email, account.Name = nobody(string(account.ID)), ""
	if account.DisabledAt.IsZero() {
		account.DisabledAt = now
	}
	if err := tx.UpdateAccount(ctx, *account); err != nil {
		return err
	}
	return s.note(ctx, tx, by, account.ID, "account.delete", string(account.ID), nil, pontage.AuditFields{"left": left})
}

func (s *Service) forget(ctx context.Context, tx pontage.Tx, user *pontage.User, left string) error {
	if err := tx.ForgetUser(ctx, *user); err != nil {
		return err
	}
	l := letter{Name: user.Profile.Name}
	if left != "" {
		l.Detail = "Lost with it: " + left + "."
	}
	if err := s.post(ctx, tx, "account_deleted", user.Email, noticeLife, l); err != nil {
		return err
	}
	user.Email, user.Password, user.Profile, user.DeletedAt = nobody(string(user.ID)), "", pontage.Profile{}, s.clock.Now()
	return tx.UpdateUser(ctx, *user)
}

// nobody is the address of who is gone; .invalid receives no mail.
func nobody(id string) string { return id + "@deleted.invalid" }
