package account

import (
	"context"

	"github.com/pontage/pontage"
)

// IssuedKey is a new API key, the only time its text is shown.
type IssuedKey struct {
	pontage.APIKey
	// Text is the password for HTTP Basic, beside the account's e-mail.
	Text string
}

// CreateKey makes an API key. The operator, or the account itself; NotFound for other accounts, InvalidInput at "/label" for a label
// over 200 characters.
func (s *Service) CreateKey(ctx context.Context, by pontage.Actor, account pontage.AccountID, label string) (*IssuedKey, error) {
	if !by.Manages(account) {
		return nil, errNotFound
	}
	if err := pontage.CheckText(label, "/label"); err != nil {
		return nil, err
	}
	now := s.clock.Now()
	key := pontage.APIKey{ID: pontage.NewAPIKeyID(now), AccountID: account, Label: label, CreatedAt: now}
	text := s.credentials.New(string(key.ID))
	key.KeyID, key.Hash = s.credentials.Keys.Hash(text)
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.Account(ctx, account); err != nil {
			return err
		}
		if err := tx.InsertAPIKey(ctx, key); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, &IssuedKey{APIKey: key, Text: text})
	})
	if err != nil {
		return nil, err
	}
	return &IssuedKey{APIKey: key, Text: text}, nil
}

// Keys lists an account's API keys, revoked ones too. The operator, or the account itself; NotFound for other accounts.
func (s *Service) Keys(ctx context.Context, by pontage.Actor, account pontage.AccountID) ([]pontage.APIKey, error) {
	if !by.Manages(account) {
		return nil, errNotFound
	}
	return s.store.APIKeys(ctx, account)
}

// RevokeKey ends an API key for good. The operator, or the account itself; NotFound for keys of others and for revoked ones.
func (s *Service) RevokeKey(ctx context.Context, by pontage.Actor, id pontage.APIKeyID) error {
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		key, err := tx.APIKey(ctx, id)
		if pontage.CodeOf(err) == pontage.NotFound {
			return errNotFound
		}
		if err != nil {
			return err
		}
		if !by.Manages(key.AccountID) || !key.RevokedAt.IsZero() {
			return errNotFound
		}
		key.RevokedAt = s.clock.Now()
		if err := tx.UpdateAPIKey(ctx, *key); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, nil)
	})
	s.known.Remove(id)
	return err
}

// Key gives one API key, a revoked one too. The operator, or the account itself; NotFound for keys of others.
func (s *Service) Key(ctx context.Context, by pontage.Actor, id pontage.APIKeyID) (*pontage.APIKey, error) {
	key, err := s.store.APIKey(ctx, id)
	if pontage.CodeOf(err) == pontage.NotFound || err == nil && !by.Manages(key.AccountID) {
		return nil, errNotFound
	}
	return key, err
}
