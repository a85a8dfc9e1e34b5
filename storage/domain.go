package storage

import (
	"context"

	"github.com/pontage/pontage"
)

const (
	domainColumns = "d.id, d.client_id, d.host, d.is_primary, d.settings, d.proof, d.proven_by, d.verified_at, d.logo_digest, d.created_at, d.updated_at"
	selectDomains = "SELECT " + domainColumns + " FROM domains d WHERE "
)

func domainTargets(d *pontage.Domain) []any {
	return []any{&d.ID, &d.ClientID, &d.Host, &d.Primary, jsonInto(&d.DomainSettings), &d.Proof, &d.ProvenBy, timeInto(&d.VerifiedAt), &d.LogoDigest,
		timeInto(&d.CreatedAt), timeInto(&d.UpdatedAt)}
}

// Domain implements pontage.DomainReader.
func (r reader) Domain(ctx context.Context, id pontage.DomainID) (*pontage.Domain, error) {
	return one(ctx, r, r.fixed(selectDomains+"d.id = ").value(func(s *statement) { s.string(string(id)) }), "domain", domainTargets)
}

// DomainByHost implements pontage.DomainReader.
func (r reader) DomainByHost(ctx context.Context, client pontage.ClientID, host string) (*pontage.Domain, error) {
	s := r.fixed(selectDomains + "d.client_id = ").value(func(s *statement) { s.string(string(client)) })
	return one(ctx, r, s.sql(" AND d.host = ").value(func(s *statement) { s.string(host) }), "domain", domainTargets)
}

// Domains implements pontage.DomainReader.
func (r reader) Domains(ctx context.Context, clients []pontage.ClientID, f pontage.DomainFilter, page pontage.Keyset) ([]pontage.Domain, error) {
	if len(clients) == 0 {
		return nil, nil
	}
	each := pageOfEach{columns: domainColumns, from: "domains d", alias: "d", parent: "d.client_id"}
	if page.By == pontage.SortByName {
		each.by = "host"
	}
	s := in(r.fixed(each.begin(page)), clients)
	return listEach(ctx, r, s.domainsLike(f), each, page, "domain", domainTargets)
}

// domainsLike adds what the filter asks of domains d.
func (s *statement) domainsLike(f pontage.DomainFilter) *statement {
	s.either(f.Primary, "d.is_primary").either(f.Verified, "d.verified_at IS NOT NULL").holds("d.host", f.Host)
	return s.either(f.Active, s.set("d.settings", "active")).either(f.TestMode, s.set("d.settings", "testMode"))
}

// DomainsOfSecrets implements pontage.DomainReader.
func (r reader) DomainsOfSecrets(ctx context.Context, secrets []pontage.SecretID, f pontage.DomainFilter, page pontage.Keyset) ([]pontage.LinkedDomain, error) {
	if len(secrets) == 0 {
		return nil, nil
	}
	each := pageOfEach{columns: "l.secret_id, " + domainColumns, from: "secret_domains l JOIN domains d ON d.id = l.domain_id", alias: "d", parent: "l.secret_id"}
	s := in(r.fixed(each.begin(page)), secrets)
	return listEach(ctx, r, s.domainsLike(f), each, page, "domain", func(l *pontage.LinkedDomain) []any {
		return append([]any{&l.SecretID}, domainTargets(&l.Domain)...)
	})
}

// CountDomains implements pontage.DomainReader.
func (r reader) CountDomains(ctx context.Context, account pontage.AccountID) (int, error) {
	s := r.fixed("SELECT count(*) FROM domains d JOIN clients c ON c.id = d.client_id WHERE c.deleted_at IS NULL AND c.account_id = ")
	return r.count(ctx, s.value(func(s *statement) { s.string(string(account)) }), "domain")
}

// DomainLogo implements pontage.DomainReader.
func (r reader) DomainLogo(ctx context.Context, id pontage.DomainID) ([]byte, error) {
	s := r.fixed("SELECT png FROM domain_logos WHERE domain_id = ").value(func(s *statement) { s.string(string(id)) })
	png, err := one(ctx, r, s, "logo", func(png *[]byte) []any { return []any{bytesInto(png)} })
	if err != nil {
		return nil, err
	}
	return *png, nil
}

// InsertDomain implements pontage.DomainWriter.
func (t tx) InsertDomain(ctx context.Context, d pontage.Domain) error {
	s := t.fixed("INSERT INTO domains (id, client_id, host, is_primary, settings, proof, proven_by, verified_at, logo_digest, created_at, updated_at) VALUES ")
	s.rows(1, func(int) {
		s.string(string(d.ID)).string(string(d.ClientID)).string(d.Host).flag(d.Primary).json(d.DomainSettings).string(d.Proof).string(string(d.ProvenBy))
		s.time(d.VerifiedAt).string(d.LogoDigest).moment(d.CreatedAt).moment(d.UpdatedAt)
	})
	return t.insertFresh(ctx, s, 1, "domain")
}

// UpdateDomain implements pontage.DomainWriter; after a Conflict the unit of work must end.
func (t tx) UpdateDomain(ctx context.Context, d pontage.Domain) error {
	s := t.fixed("UPDATE domains SET is_primary = ").value(func(s *statement) { s.flag(d.Primary) })
	s.sql(", settings = ").value(func(s *statement) { s.json(d.DomainSettings) })
	s.sql(", proof = ").value(func(s *statement) { s.string(d.Proof) })
	s.sql(", proven_by = ").value(func(s *statement) { s.string(string(d.ProvenBy)) })
	s.sql(", verified_at = ").value(func(s *statement) { s.time(d.VerifiedAt) })
	s.sql(", logo_digest = ").value(func(s *statement) { s.string(d.LogoDigest) })
	s.sql(", updated_at = ").value(func(s *statement) { s.moment(d.UpdatedAt) })
	n, err := t.change(ctx, s.sql(" WHERE id = ").value(func(s *statement) { s.string(string(d.ID)) }), "domain")
	return met(n, err, "domain")
}

// ClearPrimaryDomain implements pontage.DomainWriter.
func (t tx) ClearPrimaryDomain(ctx context.Context, client pontage.ClientID) error {
	s := t.fixed("UPDATE domains SET is_primary = FALSE WHERE is_primary AND client_id = ").value(func(s *statement) { s.string(string(client)) })
	_, err := t.change(ctx, s, "domain")
	return err
}

// DeleteDomain implements pontage.DomainWriter.
func (t tx) DeleteDomain(ctx context.Context, id pontage.DomainID) error {
	return t.deleteRow(ctx, "domains", string(id), "domain")
}

// PutDomainLogo implements pontage.DomainWriter.
func (t tx) PutDomainLogo(ctx context.Context, id pontage.DomainID, png []byte) error {
	s := t.fixed("DELETE FROM domain_logos WHERE domain_id = ").value(func(s *statement) { s.string(string(id)) })
	if len(png) > 0 {
		s = t.fixed("INSERT INTO domain_logos (domain_id, png) VALUES ")
		s.rows(1, func(int) { s.string(string(id)).hash(png) })
		s.sql(" ON CONFLICT (domain_id) DO UPDATE SET png = excluded.png")
	}
	_, err := t.change(ctx, s, "logo")
	return err
}
