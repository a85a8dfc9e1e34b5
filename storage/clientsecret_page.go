package storage

import (
	"context"

	"github.com/pontage/pontage"
)

const (
	usedSecretColumns = clientSecretColumns + ", u.last_used_at"
	usedSecrets       = "client_secrets s LEFT JOIN credential_uses u ON u.id = s.id"
)

func usedSecretTargets(s *pontage.UsedSecret) []any {
	return append(clientSecretTargets(&s.ClientSecret), timeInto(&s.LastUsedAt))
}

// UsedSecret implements pontage.ClientReader.
func (r reader) UsedSecret(ctx context.Context, id pontage.SecretID) (*pontage.UsedSecret, error) {
	s := r.fixed("SELECT " + usedSecretColumns + " FROM " + usedSecrets + " WHERE s.id = ")
	return one(ctx, r, s.value(func(s *statement) { s.string(string(id)) }), "client secret", usedSecretTargets)
}

// SecretsOf implements pontage.ClientReader.
func (r reader) SecretsOf(ctx context.Context, clients []pontage.ClientID, f pontage.SecretFilter, page pontage.Keyset) ([]pontage.UsedSecret, error) {
	if len(clients) == 0 {
		return nil, nil
	}
	each := pageOfEach{columns: usedSecretColumns, from: usedSecrets, alias: "s", parent: "s.client_id"}
	s := in(r.fixed(each.begin(page)), clients)
	return listEach(ctx, r, s.secretsLike(f), each, page, "client secret", usedSecretTargets)
}

// secretsLike adds what the filter asks of secrets s.
func (s *statement) secretsLike(f pontage.SecretFilter) *statement {
	if f.Active == nil {
		return s
	}
	s.sql(" AND (s.revoked_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > ").value(func(s *statement) { s.moment(f.At) })
	return s.sql(")) = ").value(func(s *statement) { s.flag(*f.Active) })
}

// SecretsOfDomains implements pontage.ClientReader.
func (r reader) SecretsOfDomains(ctx context.Context, domains []pontage.DomainID, f pontage.SecretFilter, page pontage.Keyset) ([]pontage.LinkedSecret, error) {
	if len(domains) == 0 {
		return nil, nil
	}
	each := pageOfEach{columns: "l.domain_id, " + usedSecretColumns, from: "secret_domains l JOIN client_secrets s ON s.id = l.secret_id LEFT JOIN credential_uses u ON u.id = s.id",
		alias: "s", parent: "l.domain_id"}
	s := in(r.fixed(each.begin(page)), domains)
	return listEach(ctx, r, s.secretsLike(f), each, page, "client secret", func(l *pontage.LinkedSecret) []any {
		return append([]any{&l.DomainID}, usedSecretTargets(&l.UsedSecret)...)
	})
}
