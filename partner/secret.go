package partner

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// DefaultLabel names a secret that was given no name.
const DefaultLabel = "Standard Key"

// SecretInput asks for a client secret.
type SecretInput struct {
	ClientID pontage.ClientID
	// Label is at most 200 characters; empty means DefaultLabel.
	Label string
	// ExpiresAt is zero for a secret that does not expire; otherwise it lies in the future.
	ExpiresAt time.Time
}

// IssuedSecret is a new client secret, the only time its text is shown.
type IssuedSecret struct {
	pontage.ClientSecret
	Text string
}

// CreateSecret makes a secret beside those there are. Needs SecretWrite; InvalidInput at "/label" or "/expiresAt", PlanLimit where the
// account's plan has no room.
func (s *Service) CreateSecret(ctx context.Context, by pontage.Actor, in SecretInput) (*IssuedSecret, error) {
	if in.Label == "" {
		in.Label = DefaultLabel
	}
	if err := pontage.CheckText(in.Label, "/label"); err != nil {
		return nil, err
	}
	if err := s.checkFuture(in.ExpiresAt); err != nil {
		return nil, err
	}
	issued := s.newSecret(pontage.ClientSecret{ClientID: in.ClientID, Label: in.Label, ExpiresAt: in.ExpiresAt})
	err := s.change(ctx, by, in.ClientID, pontage.SecretWrite, func(tx pontage.Tx, a *pontage.Authority) (any, error) {
		if err := s.room(ctx, tx, by, a.Client.AccountID, s.secretsOf(in.ClientID)); err != nil {
			return nil, err
		}
		return issued, s.insertSecret(ctx, tx, by, &a.Client, issued)
	})
	if err != nil {
		return nil, err
	}
	return issued, nil
}

// checkFuture refuses an end that has passed; zero is none.
func (s *Service) checkFuture(at time.Time) error {
	if !at.IsZero() && !at.After(s.clock.Now()) {
		return pontage.E(pontage.InvalidInput, "The time has passed already.").At("/expiresAt")
	}
	return nil
}

// newSecret gives a secret its id and text.
func (s *Service) newSecret(secret pontage.ClientSecret) *IssuedSecret {
	secret.CreatedAt = s.clock.Now()
	secret.ID = pontage.NewSecretID(secret.CreatedAt)
	text := s.credentials.New(string(secret.ID))
	secret.KeyID, secret.Hash = s.credentials.Keys.Hash(text)
	return &IssuedSecret{ClientSecret: secret, Text: text}
}

func (s *Service) insertSecret(ctx context.Context, tx pontage.Tx, by pontage.Actor, of *pontage.Client, issued *IssuedSecret) error {
	if err := tx.InsertClientSecret(ctx, issued.ClientSecret); err != nil {
		return err
	}
	return s.note(ctx, tx, by, of, "client_secret.create", string(issued.ID), nil, secretFields(issued.ClientSecret))
}

// secretFields are what the audit log says of a secret.
func secretFields(secret pontage.ClientSecret) pontage.AuditFields {
	return pontage.AuditFields{"label": secret.Label, "expiresAt": moment(secret.ExpiresAt), "revokedAt": moment(secret.RevokedAt)}
}

// moment writes a time for the audit log; empty for none.
func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.RFC3339)
}

// RevokeSecret ends a secret for good. Needs SecretWrite; NotFound for secrets of others and for those that ended.
func (s *Service) RevokeSecret(ctx context.Context, by pontage.Actor, id pontage.SecretID) error {
	err := s.changeSecret(ctx, by, id, func(tx pontage.Tx, client *pontage.Client, secret *pontage.ClientSecret) (any, error) {
		before := secretFields(*secret)
		secret.RevokedAt = s.clock.Now()
		if err := tx.UpdateClientSecret(ctx, *secret); err != nil {
			return nil, err
		}
		return secret, s.note(ctx, tx, by, client, "client_secret.revoke", string(id), before, secretFields(*secret))
	})
	s.known.Forget(id)
	return err
}

// changeSecret is change for a secret that has not ended; all others are NotFound.
func (s *Service) changeSecret(ctx context.Context, by pontage.Actor, id pontage.SecretID, do func(pontage.Tx, *pontage.Client, *pontage.ClientSecret) (any, error)) error {
	return s.once(ctx, by, func(tx pontage.Tx) (any, error) {
		secret, err := tx.ClientSecret(ctx, id)
		if err != nil {
			return nil, hidden(err)
		}
		a, err := s.lock(ctx, tx, by, secret.ClientID, pontage.SecretWrite)
		if err != nil {
			return nil, err
		}
		// Whoever had the lock before may have ended it.
		if secret, err = tx.ClientSecret(ctx, id); err != nil {
			return nil, hidden(err)
		}
		if !secret.RevokedAt.IsZero() {
			return nil, errNotFound
		}
		return do(tx, &a.Client, secret)
	})
}
