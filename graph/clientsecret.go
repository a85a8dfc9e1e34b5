package graph

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/partner"
)

func placeOfSecret(s *pontage.UsedSecret) pontage.Place {
	return pontage.Place{At: s.CreatedAt, ID: string(s.ID)}
}

// secrets reads a page of a client's secrets.
func (r *Resolver) secrets(ctx context.Context, client pontage.ClientID, q *question, f *model.ClientSecretFilter) ([]pontage.UsedSecret, error) {
	b := exchangeOf(ctx).batches
	if _, err := b.authority(ctx, client, pontage.SecretRead); err != nil {
		return nil, err
	}
	active := onlyActive(f)
	return b.secrets.get(ctx, client, q, active, func(ctx context.Context, clients []pontage.ClientID) (map[pontage.ClientID][]pontage.UsedSecret, error) {
		all, err := r.Partners.SecretsOf(ctx, b.seen(), clients, active, q.keyset())
		seeSecrets(b, all)
		return all, err
	})
}

func onlyActive(f *model.ClientSecretFilter) *bool {
	if f == nil {
		return nil
	}
	return f.Active
}

// secretsByID gives those of several secrets that the caller may see.
func (r *Resolver) secretsByID(ctx context.Context, by pontage.Actor, ids []pontage.SecretID) (map[pontage.SecretID]pontage.UsedSecret, error) {
	all, err := r.Partners.SecretsByID(ctx, by, ids)
	seeSecrets(exchangeOf(ctx).batches, map[string][]pontage.UsedSecret{"": slices.Collect(maps.Values(all))})
	return all, err
}

// secretsOfDomain reads a page of the secrets that are good for a domain.
func (r *Resolver) secretsOfDomain(ctx context.Context, d *pontage.Domain, q *question, f *model.ClientSecretFilter) ([]pontage.UsedSecret, error) {
	b := exchangeOf(ctx).batches
	if _, err := b.authority(ctx, d.ClientID, pontage.SecretRead); err != nil {
		return nil, err
	}
	active := onlyActive(f)
	return b.linkedSecrets.get(ctx, d.ID, q, active, func(ctx context.Context, domains []pontage.DomainID) (map[pontage.DomainID][]pontage.UsedSecret, error) {
		all, err := r.Partners.SecretsOfDomains(ctx, b.seen(), domains, active, q.keyset())
		seeSecrets(b, all)
		return all, err
	})
}

func (r *Resolver) createSecret(ctx context.Context, in model.CreateClientSecretInput) (*partner.IssuedSecret, error) {
	asked := partner.SecretInput{ClientID: in.ClientID, Label: in.Label}
	if in.ExpiresAt != nil {
		asked.ExpiresAt = *in.ExpiresAt
	}
	return repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*partner.IssuedSecret, error) {
		return r.Partners.CreateSecret(ctx, by, asked)
	})
}

func (r *Resolver) rotateSecret(ctx context.Context, in model.RotateClientSecretInput) (*partner.RotatedSecret, error) {
	rotated, err := repeatable(ctx, func(ctx context.Context, by pontage.Actor) (*partner.RotatedSecret, error) {
		return r.Partners.RotateSecret(ctx, by, in.ID, time.Duration(in.OverlapSeconds)*time.Second)
	})
	return rotated, renamed(err, "/input/overlap", "/input/overlapSeconds")
}

func (r *Resolver) revokeSecret(ctx context.Context, id pontage.SecretID) error {
	return repeatedly(ctx, func(ctx context.Context, by pontage.Actor) error { return r.Partners.RevokeSecret(ctx, by, id) })
}

func (r *Resolver) linkSecret(ctx context.Context, in model.LinkClientSecretInput, rule func(ctx context.Context, by pontage.Actor, link pontage.SecretDomain) error) (*model.LinkClientSecretPayload, error) {
	err := repeatedly(ctx, func(ctx context.Context, by pontage.Actor) error {
		return rule(ctx, by, pontage.SecretDomain{SecretID: in.SecretID, DomainID: in.DomainID})
	})
	return &model.LinkClientSecretPayload{SecretID: in.SecretID, DomainID: in.DomainID}, err
}

// unused is a secret that was just made.
func unused(s *partner.IssuedSecret) pontage.UsedSecret {
	return pontage.UsedSecret{ClientSecret: s.ClientSecret}
}
