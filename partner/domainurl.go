package partner

import (
	"context"
	"strconv"

	"github.com/pontage/pontage"
)

// maxURLs bounds the URLs of a domain.
const maxURLs = 50

// AddURL gives a domain an URL, which is active at once. Needs DomainWrite; InvalidInput at "/url" or "/kind", Conflict where it is there.
func (s *Service) AddURL(ctx context.Context, by pontage.Actor, domain pontage.DomainID, kind pontage.DomainURLKind, url string) (added *pontage.DomainURL, err error) {
	if kind != pontage.URLCallback && kind != pontage.URLWebhook {
		return nil, pontage.E(pontage.InvalidInput, "An URL is a callback or a webhook.").At("/kind")
	}
	if err := checkURL(url, "/url"); err != nil || url == "" {
		return nil, orNeeded(err)
	}
	err = s.changeDomain(ctx, by, domain, func(tx pontage.Tx, a *pontage.Authority, d *pontage.Domain) (any, error) {
		all, err := tx.DomainURLs(ctx, []pontage.DomainID{domain})
		if err != nil {
			return nil, err
		}
		if len(all) >= maxURLs {
			return nil, pontage.E(pontage.InvalidInput, "A domain has at most %d URLs.", maxURLs).At("/url")
		}
		now := s.clock.Now()
		added = &pontage.DomainURL{ID: pontage.NewDomainURLID(now), DomainID: domain, Kind: kind, URL: url, Active: true, CreatedAt: now}
		if err := tx.InsertDomainURL(ctx, *added); pontage.CodeOf(err) == pontage.Conflict {
			return nil, pontage.E(pontage.Conflict, "The domain has this URL already.").At("/url")
		} else if err != nil {
			return nil, err
		}
		return added, s.note(ctx, tx, by, &a.Client, "domain_url.create", string(added.ID), nil, urlFields(added))
	})
	if err != nil {
		return nil, err
	}
	return added, nil
}

func orNeeded(err error) error {
	if err == nil {
		err = pontage.E(pontage.InvalidInput, "An URL is needed.").At("/url")
	}
	return err
}

func urlFields(u *pontage.DomainURL) pontage.AuditFields {
	return pontage.AuditFields{"domain": string(u.DomainID), "kind": string(u.Kind), "url": u.URL, "active": strconv.FormatBool(u.Active)}
}

// SetURLActive turns an URL on or off: what is off receives nothing. Needs DomainWrite; NotFound for URLs of others.
func (s *Service) SetURLActive(ctx context.Context, by pontage.Actor, id pontage.DomainURLID, active bool) error {
	return s.changeURL(ctx, by, id, func(tx pontage.Tx, a *pontage.Authority, u *pontage.DomainURL) error {
		before := urlFields(u)
		u.Active = active
		if err := tx.SetDomainURLActive(ctx, id, active); err != nil {
			return err
		}
		return s.note(ctx, tx, by, &a.Client, "domain_url.update", string(id), before, urlFields(u))
	})
}

// RemoveURL deletes an URL. Needs DomainWrite; NotFound for URLs of others.
func (s *Service) RemoveURL(ctx context.Context, by pontage.Actor, id pontage.DomainURLID) error {
	return s.changeURL(ctx, by, id, func(tx pontage.Tx, a *pontage.Authority, u *pontage.DomainURL) error {
		if err := tx.DeleteDomainURL(ctx, id); err != nil {
			return err
		}
		return s.note(ctx, tx, by, &a.Client, "domain_url.delete", string(id), urlFields(u), nil)
	})
}

func (s *Service) changeURL(ctx context.Context, by pontage.Actor, id pontage.DomainURLID, do func(pontage.Tx, *pontage.Authority, *pontage.DomainURL) error) error {
	u, err := s.store.DomainURL(ctx, id)
	if err != nil {
		return hidden(err)
	}
	return s.changeDomain(ctx, by, u.DomainID, func(tx pontage.Tx, a *pontage.Authority, _ *pontage.Domain) (any, error) {
		if u, err = tx.DomainURL(ctx, id); err != nil {
			return nil, hidden(err)
		}
		return u, do(tx, a, u)
	})
}

// Callback says whether an URL is registered for a domain exactly as it is written, and active.
func (s *Service) Callback(ctx context.Context, domain pontage.DomainID, url string) (bool, error) {
	all, err := s.store.DomainURLs(ctx, []pontage.DomainID{domain})
	for _, u := range all {
		if u.Kind == pontage.URLCallback && u.Active && u.URL == url {
			return true, nil
		}
	}
	return false, err
}

// LinkSecret makes a secret good for a domain of the same client. Needs SecretWrite; NotFound for what is another client's.
func (s *Service) LinkSecret(ctx context.Context, by pontage.Actor, link pontage.SecretDomain) error {
	return s.changeLink(ctx, by, link, "client_secret.link", pontage.Tx.LinkSecret)
}

// UnlinkSecret takes that back.
func (s *Service) UnlinkSecret(ctx context.Context, by pontage.Actor, link pontage.SecretDomain) error {
	return s.changeLink(ctx, by, link, "client_secret.unlink", pontage.Tx.UnlinkSecret)
}

func (s *Service) changeLink(ctx context.Context, by pontage.Actor, link pontage.SecretDomain, action string, do func(pontage.Tx, context.Context, pontage.SecretDomain) (bool, error)) error {
	err := s.changeSecret(ctx, by, link.SecretID, func(tx pontage.Tx, client *pontage.Client, secret *pontage.ClientSecret) (any, error) {
		d, err := tx.Domain(ctx, link.DomainID)
		if err != nil {
			return nil, hidden(err)
		}
		if d.ClientID != secret.ClientID {
			return nil, errNotFound
		}
		changed, err := do(tx, ctx, link)
		if err != nil || !changed {
			return secret, err
		}
		return secret, s.note(ctx, tx, by, client, action, string(link.SecretID), nil, pontage.AuditFields{"domain": string(d.ID), "host": d.Host})
	})
	return err
}
