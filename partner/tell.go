package partner

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/pontage/pontage"
)

// take counts something that may happen a bounded number of times: RateLimited, saying when again.
func (s *Service) take(ctx context.Context, tx pontage.Tx, what, whose string, window time.Duration, most int) error {
	now := s.clock.Now()
	key := what + " " + base64.RawURLEncoding.EncodeToString(pontage.HashParts(what, whose))
	full, err := tx.TakeHit(ctx, pontage.RateHit{ID: pontage.NewRateHitID(now), Key: key, At: now, ExpiresAt: now.Add(window)}, most)
	if err == nil && !full.IsZero() {
		err = pontage.E(pontage.RateLimited, "Too many attempts. Try again later.").After(full.Sub(now))
	}
	return err
}

// tell notifies a person, if there is one.
func (s *Service) tell(ctx context.Context, tx pontage.Tx, user pontage.UserID, title, text, target string) error {
	if user == "" {
		return nil
	}
	return pontage.Notify(ctx, tx, s.credentials.Keys, pontage.Notification{
		UserID: user, Kind: pontage.NotifyAccess, Title: title, Text: text, Target: target, CreatedAt: s.clock.Now(),
	})
}

// tellOwner notifies the user of a client's account, if there is one.
func (s *Service) tellOwner(ctx context.Context, tx pontage.Tx, client *pontage.Client, title, text, target string) error {
	user, err := tx.UserOfAccount(ctx, client.AccountID)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, user.ID, title, text, target)
}
