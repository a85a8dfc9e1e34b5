package storagetest_test

import (
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func TestAClientsScopesComeBackAndAreWrittenAnew(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		who := newTenant(t, store, 0)
		client, other := ownClient(t, store, &who), ownClient(t, store, &who)
		chosen := []pontage.ClientScope{{ClientID: client, ScopeID: "sco_1", Enabled: true, UpdatedAt: odd}, {ClientID: client, ScopeID: "sco_2", UpdatedAt: start}}
		write(t, store, func(tx pontage.Tx) error { return first(tx.PutClientScopes(ctx, nil), tx.PutClientScopes(ctx, chosen)) })
		chosen[0].UpdatedAt = oddUTC
		same(t, chosen)(store.ClientScopes(ctx, client))
		same(t, []pontage.ClientScope(nil))(store.ClientScopes(ctx, other))
		chosen[1].Enabled, chosen[1].UpdatedAt = true, oddUTC
		write(t, store, func(tx pontage.Tx) error { return tx.PutClientScopes(ctx, chosen[1:]) })
		same(t, chosen)(store.ClientScopes(ctx, client))
	})
}
