package storage

import (
	"context"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// EndCredentials implements pontage.DepartureWriter.
func (t tx) EndCredentials(ctx context.Context, account pontage.AccountID, at time.Time) error {
	t.cache.forgetLineages()
	for _, set := range []string{
		"UPDATE api_keys SET revoked_at = @ WHERE revoked_at IS NULL AND account_id = ",
		"UPDATE client_secrets SET revoked_at = @ WHERE revoked_at IS NULL AND client_id IN (SELECT id FROM clients WHERE account_id = ",
		"UPDATE clients SET disabled_at = @ WHERE disabled_at IS NULL AND account_id = ",
		"UPDATE lineages SET version = version + 1, updated_at = @, revoked_at = @ WHERE revoked_at IS NULL AND account_id = ",
	} {
		if err := t.changeAt(ctx, set, string(account), at); err != nil {
			return err
		}
	}
	return nil
}

// StopRenewals implements pontage.DepartureWriter.
func (t tx) StopRenewals(ctx context.Context, account pontage.AccountID, at time.Time) error {
	t.cache.forgetSubscriptions()
	return t.changeAt(ctx, "UPDATE subscriptions SET auto_renew = FALSE, updated_at = @ WHERE auto_renew AND account_id = ", string(account), at)
}

// changeAt runs a statement that ends with an id and has @ where it wants the time.
func (t tx) changeAt(ctx context.Context, text, id string, at time.Time) error {
	s := t.fixed("").at(text, "@", at)
	s.value(func(s *statement) { s.string(id) })
	if strings.Contains(text, "(SELECT") {
		s.sql(")")
	}
	_, err := t.change(ctx, s, "account")
	return err
}

// at adds text that has mark wherever it wants the time.
func (s *statement) at(text, mark string, at time.Time) *statement {
	for i, piece := range strings.Split(text, mark) {
		if i > 0 {
			s.value(func(s *statement) { s.moment(at) })
		}
		s.sql(piece)
	}
	return s
}

// ForgetUser implements pontage.DepartureWriter.
func (t tx) ForgetUser(ctx context.Context, user pontage.User) error {
	for _, table := range []string{"postal_addresses", "notifications", "notification_preferences", "sessions", "confirmations", "members"} {
		s := t.fixed("DELETE FROM " + table + " WHERE user_id = ").value(func(s *statement) { s.string(string(user.ID)) })
		if _, err := t.change(ctx, s, "user"); err != nil {
			return err
		}
	}
	for _, of := range []string{"confirmations WHERE email_key", "mails WHERE lower(recipient)", "members WHERE email_key"} {
		s := t.fixed("DELETE FROM " + of + " = ").value(func(s *statement) { s.string(strings.ToLower(user.Email)) })
		if _, err := t.change(ctx, s, "user"); err != nil {
			return err
		}
	}
	return nil
}
