package storage

import (
	"context"

	"github.com/pontage/pontage"
)

const selectDomainURLs = "SELECT u.id, d.client_id, u.domain_id, u.kind, u.url, u.active, u.created_at FROM domain_urls u JOIN domains d ON d.id = u.domain_id WHERE "

func domainURLTargets(u *pontage.DomainURL) []any {
	return []any{&u.ID, &u.ClientID, &u.DomainID, &u.Kind, &u.URL, &u.Active, timeInto(&u.CreatedAt)}
}

// DomainURLs implements pontage.DomainReader.
func (r reader) DomainURLs(ctx context.Context, domains []pontage.DomainID) ([]pontage.DomainURL, error) {
	if len(domains) == 0 {
		return nil, nil
	}
	s := in(r.fixed(selectDomainURLs+"u.domain_id IN "), domains).sql(" ORDER BY u.created_at, u.id")
	return list(ctx, r, s, "URL", domainURLTargets)
}

// DomainURL implements pontage.DomainReader.
func (r reader) DomainURL(ctx context.Context, id pontage.DomainURLID) (*pontage.DomainURL, error) {
	return one(ctx, r, r.fixed(selectDomainURLs+"u.id = ").value(func(s *statement) { s.string(string(id)) }), "URL", domainURLTargets)
}

// InsertDomainURL implements pontage.DomainWriter.
func (t tx) InsertDomainURL(ctx context.Context, u pontage.DomainURL) error {
	s := t.fixed("INSERT INTO domain_urls (id, domain_id, kind, url, active, created_at) VALUES ")
	s.rows(1, func(int) {
		s.string(string(u.ID)).string(string(u.DomainID)).string(string(u.Kind)).string(u.URL).flag(u.Active).moment(u.CreatedAt)
	})
	return t.insertFresh(ctx, s, 1, "URL")
}

// SetDomainURLActive implements pontage.DomainWriter.
func (t tx) SetDomainURLActive(ctx context.Context, id pontage.DomainURLID, active bool) error {
	s := t.fixed("UPDATE domain_urls SET active = ").value(func(s *statement) { s.flag(active) })
	n, err := t.change(ctx, s.sql(" WHERE id = ").value(func(s *statement) { s.string(string(id)) }), "URL")
	return met(n, err, "URL")
}

// DeleteDomainURL implements pontage.DomainWriter.
func (t tx) DeleteDomainURL(ctx context.Context, id pontage.DomainURLID) error {
	return t.deleteRow(ctx, "domain_urls", string(id), "URL")
}

// SecretDomains implements pontage.DomainReader.
func (r reader) SecretDomains(ctx context.Context, secrets []pontage.SecretID, domains []pontage.DomainID) ([]pontage.SecretDomain, error) {
	s := r.fixed("SELECT secret_id, domain_id FROM secret_domains WHERE ")
	if len(secrets) > 0 {
		in(s.sql("secret_id IN "), secrets)
	} else if len(domains) > 0 {
		in(s.sql("domain_id IN "), domains)
	} else {
		return nil, nil
	}
	return list(ctx, r, s.sql(" ORDER BY secret_id, domain_id"), "link", func(l *pontage.SecretDomain) []any { return []any{&l.SecretID, &l.DomainID} })
}

// LinkSecret implements pontage.DomainWriter.
func (t tx) LinkSecret(ctx context.Context, link pontage.SecretDomain) (bool, error) {
	s := t.fixed("INSERT INTO secret_domains (secret_id, domain_id) VALUES ")
	s.rows(1, func(int) { s.string(string(link.SecretID)).string(string(link.DomainID)) })
	n, err := t.change(ctx, s.sql(" ON CONFLICT DO NOTHING"), "link")
	return n > 0, err
}

// UnlinkSecret implements pontage.DomainWriter.
func (t tx) UnlinkSecret(ctx context.Context, link pontage.SecretDomain) (bool, error) {
	s := t.fixed("DELETE FROM secret_domains WHERE secret_id = ").value(func(s *statement) { s.string(string(link.SecretID)) })
	n, err := t.change(ctx, s.sql(" AND domain_id = ").value(func(s *statement) { s.string(string(link.DomainID)) }), "link")
	return n > 0, err
}
