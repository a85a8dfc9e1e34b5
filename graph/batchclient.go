package graph

import (
	"context"

	"github.com/pontage/pontage"
)

// ownedClient names a client and the account it belongs to.
type ownedClient struct {
	id      pontage.ClientID
	account pontage.AccountID
}

func owned(c *pontage.Client) ownedClient { return ownedClient{c.ID, c.AccountID} }

// expectClient notes a client, if there is one, below which fields are going to ask.
func (b *batches) expectClient(c *pontage.Client) {
	if c != nil {
		b.permissions.expect(owned(c))
		b.secrets.expect(c.ID)
	}
}

// permissionsOn says what by may on clients.
func permissionsOn(ctx context.Context, rules Members, by pontage.Actor, keys []ownedClient) (map[ownedClient][]pontage.Permission, error) {
	clients, all := make([]pontage.Client, len(keys)), make(map[ownedClient][]pontage.Permission, len(keys))
	for i, k := range keys {
		clients[i].ID, clients[i].AccountID = k.id, k.account
	}
	held, err := rules.PermissionsOn(ctx, by, clients)
	for _, k := range keys {
		all[k] = held[k.id]
	}
	return all, err
}
