package partner

import (
	"context"

	"github.com/pontage/pontage"
)

// LinkSecret makes a secret good for a domain of the same client. Needs SecretWrite; NotFound for what is another client's.
func (s *Service) LinkSecret(ctx context.Context, by pontage.Actor, link pontage.SecretDomain) error {
	return s.changeLink(ctx, by, link, true)
}

// UnlinkSecret takes that back.
func (s *Service) UnlinkSecret(ctx context.Context, by pontage.Actor, link pontage.SecretDomain) error {
	return s.changeLink(ctx, by, link, false)
}

func (s *Service) changeLink(ctx context.Context, by pontage.Actor, link pontage.SecretDomain, linked bool) error {
	defer s.linked.Forget(link.SecretID)
	return s.changeSecret(ctx, by, link.SecretID, func(tx pontage.Tx, client *pontage.Client, secret *pontage.ClientSecret) (any, error) {
		d, err := tx.Domain(ctx, link.DomainID)
		if err != nil {
			return nil, hidden(err)
		}
		if d.ClientID != secret.ClientID {
			return nil, errNotFound
		}
		change, action := tx.LinkSecret, "client_secret.link"
		var before pontage.AuditFields
		after := pontage.AuditFields{"domain": string(d.ID), "host": d.Host}
		if !linked {
			change, action = tx.UnlinkSecret, "client_secret.unlink"
			before, after = after, nil
		}
		if changed, err := change(ctx, link); err != nil || !changed {
			return link, err
		}
		return link, s.note(ctx, tx, by, client, action, string(link.SecretID), before, after)
	})
}
