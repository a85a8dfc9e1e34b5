package partner

import (
	"context"
	"time"

	"github.com/pontage/pontage"
)

// MaxOverlap is how long a secret may live on beside the one that replaces it.
const MaxOverlap = 30 * 24 * time.Hour

// RotatedSecret is a new secret and the one that it replaces.
type RotatedSecret struct {
	IssuedSecret
	Replaced pontage.ClientSecret
}

// RotateSecret makes a secret that takes another one's place: with its label, its links to domains and, where it has one, its lifetime from now on. The old one
// ends after the overlap, so that what uses it can be changed without a gap. Needs SecretWrite; NotFound for secrets of others and for
// those that ended, InvalidInput at "/overlap".
func (s *Service) RotateSecret(ctx context.Context, by pontage.Actor, id pontage.SecretID, overlap time.Duration) (rotated *RotatedSecret, err error) {
	if overlap < 0 || overlap > MaxOverlap {
		return nil, pontage.E(pontage.InvalidInput, "The old secret may live on for 0 to %d days.", int(MaxOverlap/(24*time.Hour))).At("/overlap")
	}
	err = s.changeSecret(ctx, by, id, func(tx pontage.Tx, client *pontage.Client, old *pontage.ClientSecret) (any, error) {
		now, before := s.clock.Now(), secretFields(*old)
		if !pontage.Live(now, old.ExpiresAt, old.RevokedAt) {
			return nil, errNotFound
		}
		next := pontage.ClientSecret{ClientID: old.ClientID, Label: old.Label}
		if !old.ExpiresAt.IsZero() {
			next.ExpiresAt = now.Add(old.ExpiresAt.Sub(old.CreatedAt))
		}
		rotated = &RotatedSecret{IssuedSecret: *s.newSecret(next)}
		err := s.replace(ctx, tx, by, client, old, &rotated.IssuedSecret, now.Add(overlap), before)
		rotated.Replaced = *old
		return rotated, err
	})
	s.known.Forget(id)
	if err != nil {
		return nil, err
	}
	return rotated, nil
}

// replace writes the new secret and lets the old one end.
func (s *Service) replace(ctx context.Context, tx pontage.Tx, by pontage.Actor, client *pontage.Client, old *pontage.ClientSecret, issued *IssuedSecret, ends time.Time, before pontage.AuditFields) error {
	if old.ExpiresAt.IsZero() || ends.Before(old.ExpiresAt) {
		old.ExpiresAt = ends
	}
	if err := tx.UpdateClientSecret(ctx, *old); err != nil {
		return err
	}
	if err := tx.InsertClientSecret(ctx, issued.ClientSecret); err != nil {
		return err
	}
	links, err := tx.SecretDomains(ctx, []pontage.SecretID{old.ID}, nil)
	if err != nil {
		return err
	}
	for _, link := range links {
		link.SecretID = issued.ID
		if _, err := tx.LinkSecret(ctx, link); err != nil {
			return err
		}
	}
	after := secretFields(*old)
	after["replacedBy"] = string(issued.ID)
	return s.note(ctx, tx, by, client, "client_secret.rotate", string(old.ID), before, after)
}
