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

// CreateSecret makes a secret beside those there are. The operator, or the client's account; NotFound for clients of others,
// InvalidInput at "/label" or "/expiresAt".
func (s *Service) CreateSecret(ctx context.Context, by pontage.Actor, in SecretInput) (*IssuedSecret, error) {
	now := s.clock.Now()
	if in.Label == "" {
		in.Label = DefaultLabel
	}
	if err := pontage.CheckText(in.Label, "/label"); err != nil {
		return nil, err
	}
	if !in.ExpiresAt.IsZero() && !in.ExpiresAt.After(now) {
		return nil, pontage.E(pontage.InvalidInput, "The time has passed already.").At("/expiresAt")
	}
	secret := pontage.ClientSecret{
		ID: pontage.NewSecretID(now), ClientID: in.ClientID, Label: in.Label, CreatedAt: now, ExpiresAt: in.ExpiresAt,
	}
	text := s.credentials.New(string(secret.ID))
	secret.KeyID, secret.Hash = s.credentials.Keys.Hash(text)
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		if _, err := own(ctx, tx, by, in.ClientID); err != nil {
			return err
		}
		if err := tx.InsertClientSecret(ctx, secret); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, &IssuedSecret{ClientSecret: secret, Text: text})
	})
	if err != nil {
		return nil, err
	}
	return &IssuedSecret{ClientSecret: secret, Text: text}, nil
}

// Secrets lists a client's secrets, revoked ones too. The operator, or the client's account; NotFound for clients of others.
func (s *Service) Secrets(ctx context.Context, by pontage.Actor, client pontage.ClientID) ([]pontage.ClientSecret, error) {
	if _, err := own(ctx, s.store, by, client); err != nil {
		return nil, err
	}
	return s.store.ClientSecrets(ctx, client)
}

// RevokeSecret ends a secret for good. The operator, or the client's account; NotFound for secrets of others and for revoked ones.
func (s *Service) RevokeSecret(ctx context.Context, by pontage.Actor, id pontage.SecretID) error {
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		secret, err := tx.ClientSecret(ctx, id)
		if pontage.CodeOf(err) == pontage.NotFound {
			return errNotFound
		}
		if err != nil {
			return err
		}
		if _, err := own(ctx, tx, by, secret.ClientID); err != nil {
			return err
		}
		if !secret.RevokedAt.IsZero() {
			return errNotFound
		}
		secret.RevokedAt = s.clock.Now()
		if err := tx.UpdateClientSecret(ctx, *secret); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, nil)
	})
	s.known.Forget(id)
	return err
}
