package graph

import (
	"context"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
)

// seeClient remembers what the caller may do on a client, below which fields are going to ask.
func (b *batches) seeClient(a *pontage.Authority) {
	b.authorities.put(a.Client.ID, a)
	b.expectBelow(a.Client.ID)
}

// expectClients notes clients below which fields are going to ask.
func (b *batches) expectClients(ids ...pontage.ClientID) {
	b.authorities.expect(ids...)
	b.expectBelow(ids...)
}

func (b *batches) expectBelow(ids ...pontage.ClientID) {
	b.secrets.expect(ids...)
	b.domains.expect(ids...)
	b.scopes.expect(ids...)
}

// seeDomains notes domains below which fields are going to ask, seeSecrets secrets.
func seeDomains[K comparable](b *batches, pages map[K][]pontage.Domain) {
	for _, page := range pages {
		for i := range page {
			b.authorities.expect(page[i].ClientID)
			b.urls.expect(page[i].ID)
			b.linkedSecrets.expect(page[i].ID)
		}
	}
}

func seeSecrets[K comparable](b *batches, pages map[K][]pontage.UsedSecret) {
	for _, page := range pages {
		for i := range page {
			b.authorities.expect(page[i].ClientID)
			b.linkedDomains.expect(page[i].ID)
		}
	}
}

// authority says what the caller may do on a client, if that includes p: NotFound and Forbidden as pontage.Authorize has it.
func (b *batches) authority(ctx context.Context, client pontage.ClientID, p pontage.Permission) (*pontage.Authority, error) {
	a, ok, err := b.authorities.get(ctx, client)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errNoNode
	}
	return a, a.Require(p)
}

// permissions are what the caller may do on a client; nothing on one that is gone.
func (b *batches) permissions(ctx context.Context, client pontage.ClientID) ([]pontage.Permission, error) {
	a, ok, err := b.authorities.get(ctx, client)
	if err != nil || !ok {
		return []pontage.Permission{}, err
	}
	return a.Held(), nil
}

// seen are the authorities that the request knows.
func (b *batches) seen() partner.Authorities { return b.authorities.all() }
