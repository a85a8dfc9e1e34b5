package account

import (
	"context"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// IssuedKey is a new API key, the only time its text is shown.
type IssuedKey struct {
	pontage.APIKey
	// Text is the password for HTTP Basic, beside the account's e-mail.
	Text string
}

// KeyInput asks for an API key.
type KeyInput struct {
	AccountID pontage.AccountID
	// Label is at most 200 characters and may be empty.
	Label string
	// ExpiresAt is zero for a key that does not expire; otherwise it lies in the future.
	ExpiresAt time.Time
}

// CreateKey makes an API key that does not expire; see IssueKey.
func (s *Service) CreateKey(ctx context.Context, by pontage.Actor, account pontage.AccountID, label string) (*IssuedKey, error) {
	return s.IssueKey(ctx, by, KeyInput{AccountID: account, Label: label})
}

// IssueKey makes an API key. The operator, the account itself, or its user after a recent login; NotFound for other accounts, InvalidInput
// at "/label" or "/expiresAt", ReloginRequired, LimitExhausted where the account has 100 live keys.
func (s *Service) IssueKey(ctx context.Context, by pontage.Actor, in KeyInput) (*IssuedKey, error) {
	now := s.clock.Now()
	if !by.Manages(in.AccountID) {
		return nil, errNotFound
	}
	in.Label = strings.TrimSpace(in.Label)
	if err := pontage.CheckText(in.Label, "/label"); err != nil {
		return nil, err
	}
	if !in.ExpiresAt.IsZero() && !in.ExpiresAt.After(now) {
		return nil, pontage.E(pontage.InvalidInput, "The time has passed already.").At("/expiresAt")
	}
	issued := s.newKey(pontage.APIKey{AccountID: in.AccountID, Label: in.Label, ExpiresAt: in.ExpiresAt})
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		if err := s.mayIssue(ctx, tx, by, in.AccountID); err != nil {
			return err
		}
		if err := tx.InsertAPIKey(ctx, issued.APIKey); err != nil {
			return err
		}
		if err := s.note(ctx, tx, by, in.AccountID, "api_key.create", string(issued.ID), nil, keyFields(issued.APIKey)); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, issued)
	})
	if err != nil {
		return nil, err
	}
	return issued, nil
}

// newKey completes a key with everything that makes it one.
func (s *Service) newKey(key pontage.APIKey) *IssuedKey {
	now := s.clock.Now()
	key.ID, key.CreatedAt = pontage.NewAPIKeyID(now), now
	text := s.credentials.New(string(key.ID))
	key.KeyID, key.Hash = s.credentials.Keys.Hash(text)
	return &IssuedKey{APIKey: key, Text: text}
}

// mostKeys is how many live API keys an account may have.
const mostKeys = 100

// mayIssue wants a recent login of people, and room.
func (s *Service) mayIssue(ctx context.Context, tx pontage.Tx, by pontage.Actor, account pontage.AccountID) error {
	if by.Kind == pontage.ActorUser {
		if _, err := s.recent(ctx, tx, by); err != nil {
			return err
		}
	}
	if _, err := tx.Account(ctx, account); err != nil {
		return err
	}
	keys, err := tx.APIKeys(ctx, account)
	if err != nil {
		return err
	}
	now, live := s.clock.Now(), 0
	for _, k := range keys {
		if pontage.Live(now, k.ExpiresAt, k.RevokedAt) {
			live++
		}
	}
	if live >= mostKeys {
		return pontage.E(pontage.LimitExhausted, "An account has at most %d API keys. Revoke one that is not used any more.", mostKeys)
	}
	return nil
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
		if err := s.note(ctx, tx, by, key.AccountID, "api_key.revoke", string(id), keyFields(*key), nil); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, nil)
	})
	s.known.Forget(id)
	return err
}

// keyFields are what the audit log shows of a key.
func keyFields(k pontage.APIKey) pontage.AuditFields {
	f := pontage.AuditFields{"label": k.Label}
	if !k.ExpiresAt.IsZero() {
		f["expiresAt"] = k.ExpiresAt.Format(time.RFC3339)
	}
	return f
}
