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
		added = &pontage.DomainURL{ID: pontage.NewDomainURLID(now), ClientID: d.ClientID, DomainID: domain, Kind: kind, URL: url, Active: true, CreatedAt: now}
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
func (s *Service) SetURLActive(ctx context.Context, by pontage.Actor, id pontage.DomainURLID, active bool) (changed *pontage.DomainURL, err error) {
	err = s.changeURL(ctx, by, id, func(tx pontage.Tx, a *pontage.Authority, u *pontage.DomainURL) error {
		before := urlFields(u)
		u.Active, changed = active, u
		if err := tx.SetDomainURLActive(ctx, id, active); err != nil {
			return err
		}
		return s.note(ctx, tx, by, &a.Client, "domain_url.update", string(id), before, urlFields(u))
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
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
