package account

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// MaxOverlap is how long an API key may live on beside the one that replaces it.
const MaxOverlap = 30 * 24 * time.Hour

// RotateKey makes a key that takes another one's place: with its label and, where it has one, its lifetime from now on. The old one ends
// after the overlap, so that what uses it can be changed without a gap. It fails as IssueKey does; NotFound for keys of others and for
// those that ended, InvalidInput at "/overlap".
func (s *Service) RotateKey(ctx context.Context, by pontage.Actor, id pontage.APIKeyID, overlap time.Duration) (*IssuedKey, error) {
	if overlap < 0 || overlap > MaxOverlap {
		return nil, pontage.E(pontage.InvalidInput, "The old key may live on for 0 to %d days.", int(MaxOverlap/(24*time.Hour))).At("/overlap")
	}
	var issued *IssuedKey
	err := s.store.Write(ctx, func(tx pontage.Tx) error {
		if err := by.Once.Claim(ctx, tx); err != nil {
			return err
		}
		old, err := s.liveKey(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if err := s.mayIssue(ctx, tx, by, old.AccountID); err != nil {
			return err
		}
		issued = s.newKey(pontage.APIKey{AccountID: old.AccountID, Label: old.Label})
		now, before := s.clock.Now(), keyFields(*old)
		if !old.ExpiresAt.IsZero() {
			issued.ExpiresAt = now.Add(old.ExpiresAt.Sub(old.CreatedAt))
		}
		if ends := now.Add(overlap); old.ExpiresAt.IsZero() || ends.Before(old.ExpiresAt) {
			old.ExpiresAt = ends
		}
		if err := tx.UpdateAPIKey(ctx, *old); err != nil {
			return err
		}
		if err := tx.InsertAPIKey(ctx, issued.APIKey); err != nil {
			return err
		}
		after := keyFields(*old)
		after["replacedBy"] = string(issued.ID)
		if err := s.note(ctx, tx, by, old.AccountID, "api_key.rotate", string(id), before, after); err != nil {
			return err
		}
		return by.Once.Keep(ctx, tx, issued)
	})
	s.known.Forget(id)
	if err != nil {
		return nil, err
	}
	return issued, nil
}

// liveKey finds a key that by manages and that has not ended; all others are NotFound.
func (s *Service) liveKey(ctx context.Context, tx pontage.Tx, by pontage.Actor, id pontage.APIKeyID) (*pontage.APIKey, error) {
	key, err := tx.APIKey(ctx, id)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	if !by.Manages(key.AccountID) || !pontage.Live(s.clock.Now(), key.ExpiresAt, key.RevokedAt) {
		return nil, errNotFound
	}
	return key, nil
}

// UsedKey is an API key and when it was last used, zero for never; within a minute.
type UsedKey struct {
	pontage.APIKey
	LastUsedAt time.Time
}

// KeyPage lists an account's API keys, newest first: live ones alone, ended ones alone, or all for nil. The operator, or the account
// itself; NotFound for other accounts.
func (s *Service) KeyPage(ctx context.Context, by pontage.Actor, account pontage.AccountID, live *bool, page pontage.Keyset) ([]UsedKey, error) {
	if !by.Manages(account) {
		return nil, errNotFound
	}
	keys, err := s.store.APIKeyPage(ctx, pontage.APIKeyQuery{AccountID: account, Live: live, Now: s.clock.Now(), Page: page})
	if err != nil {
		return nil, err
	}
	return s.withUse(ctx, keys)
}

// withUse reads the last use of keys in one go.
func (s *Service) withUse(ctx context.Context, keys []pontage.APIKey) ([]UsedKey, error) {
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = string(k.ID)
	}
	uses, err := s.store.CredentialUses(ctx, ids)
	if err != nil {
		return nil, err
	}
	used := make([]UsedKey, len(keys))
	for i, k := range keys {
		used[i] = UsedKey{k, uses[string(k.ID)]}
	}
	return used, nil
}

// touch notes that a key is used, once a minute. A database that cannot write just now must not keep anybody out.
func (s *Service) touch(ctx context.Context, id pontage.APIKeyID) {
	now := s.clock.Now()
	if last, ok := s.used.Get(id); ok && now.Sub(last) < touchEvery {
		return
	}
	s.used.Add(id, now)
	_ = s.store.Write(ctx, func(tx pontage.Tx) error {
		return tx.UseCredential(ctx, string(id), now, now.Add(-touchEvery).Add(time.Microsecond))
	})
}
