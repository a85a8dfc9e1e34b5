package account

import (
	"context"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// confirming is what kinds of links differ by.
type confirming struct {
	life time.Duration
	// page of the dashboard and letter of the mail.
	page, letter string
}

var confirmations = map[pontage.ConfirmationKind]confirming{
	pontage.ConfirmRegistration: {24 * time.Hour, "verify-email", "verify_email"},
	pontage.ConfirmInvitation:   {7 * 24 * time.Hour, "accept-invitation", "invitation"},
	pontage.ConfirmEmail:        {2 * time.Hour, "confirm-email", "email_change"},
	pontage.ConfirmReset:        {time.Hour, "reset-password", "reset_password"},
}

const confirmationPrefix = "cnf_"

var errLink = pontage.E(pontage.InvalidInput, "This link is not good any more. Ask for a new one.").At("/code")

// confirm writes a link that is good once, and mails it. What the confirmation is about must be filled in.
func (s *Service) confirm(ctx context.Context, tx pontage.Tx, c pontage.Confirmation, name string) error {
	now, kind := s.clock.Now(), confirmations[c.Kind]
	c.ID, c.CreatedAt, c.ExpiresAt = pontage.NewConfirmationID(now), now, now.Add(kind.life)
	code := s.credentials.New(string(c.ID))
	c.KeyID, c.Hash = s.credentials.Keys.Hash(code)
	if err := tx.InsertConfirmation(ctx, c); err != nil {
		return err
	}
	return s.post(ctx, tx, kind.letter, c.Email, kind.life, letter{
		Name: name, Link: s.link(kind.page, code), Code: code, Life: lasting(kind.life),
	})
}

// read gives the confirmation of a code that is still good. Whatever is wrong with it is the same InvalidInput at "/code"; forgeries are
// refused before anything is read.
func (s *Service) read(ctx context.Context, r pontage.ConfirmationReader, kind pontage.ConfirmationKind, code string) (*pontage.Confirmation, error) {
	id, ok := s.credentials.Parse(code)
	if !ok || !strings.HasPrefix(id, confirmationPrefix) {
		return nil, errLink
	}
	c, err := r.Confirmation(ctx, pontage.ConfirmationID(id))
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, errLink
	}
	if err != nil {
		return nil, err
	}
	if c.Kind != kind || !s.credentials.Keys.Matches(code, c.KeyID, c.Hash) || !pontage.Live(s.clock.Now(), c.ExpiresAt, c.UsedAt) {
		return nil, errLink
	}
	return c, nil
}

// redeem reads a confirmation and uses it up: of any number who try at once, one succeeds.
func (s *Service) redeem(ctx context.Context, tx pontage.Tx, kind pontage.ConfirmationKind, code string) (*pontage.Confirmation, error) {
	c, err := s.read(ctx, tx, kind, code)
	if err != nil {
		return nil, err
	}
	used, err := tx.UseConfirmation(ctx, c.ID, s.clock.Now())
	if err == nil && !used {
		err = errLink
	}
	return c, err
}
