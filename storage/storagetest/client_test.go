package storagetest_test

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// What is deleted must be out of every list and dead in every credential, and nothing of another client with it.
func TestADeletedClientTakesItsCredentialsAlongAndNothingElse(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		who := newTenant(t, store, 0)
		of := map[pontage.ClientID]tenant{}
		var ids []pontage.ClientID
		for range 2 {
			mine := who
			id := ownClient(t, store, &mine)
			of[id], ids = mine, append(ids, id)
			write(t, store, func(tx pontage.Tx) error {
				return first(tx.InsertClientSecret(ctx, pontage.ClientSecret{ID: pontage.SecretID("sec_" + id), ClientID: id, CreatedAt: start}),
					tx.InsertClientSecret(ctx, pontage.ClientSecret{ID: pontage.SecretID("sec_old" + id), ClientID: id, CreatedAt: odd, RevokedAt: odd}),
					tx.InsertDomain(ctx, pontage.Domain{ID: pontage.DomainID("dom_" + id), ClientID: id, Host: "shop.example", CreatedAt: start, UpdatedAt: start}),
					tx.PutClientScopes(ctx, []pontage.ClientScope{{ClientID: id, ScopeID: scope, Enabled: true, UpdatedAt: start}}))
			})
		}
		gone, stays, at := ids[0], ids[1], start.Add(time.Hour)
		write(t, store, func(tx pontage.Tx) error {
			c, err := tx.LockClient(ctx, gone)
			if err != nil || c.ID != gone {
				t.Errorf("%v, %v", c, err)
			}
			return tx.DeleteClient(ctx, gone, at)
		})
		same(t, &pontage.Client{ID: gone, AccountID: who.account, Name: "shop", CreatedAt: start, DisabledAt: at, DeletedAt: at})(store.Client(ctx, gone))
		left := pontage.Client{ID: stays, AccountID: who.account, Name: "shop", CreatedAt: start}
		same(t, []pontage.Client{left})(store.Clients(ctx, who.account, pontage.Page{Limit: 5}))
		same(t, []pontage.Client{left})(store.ClientPage(ctx, who.account, pontage.ClientFilter{}, pontage.Keyset{Limit: 5}))
		same(t, 1)(store.CountClients(ctx, who.account))
		if all, err := store.ClientsByID(ctx, append(ids, "cli_none")); err != nil || len(all) != 2 {
			t.Errorf("%v, %v", all, err)
		}
		for id, dead := range map[pontage.ClientID]bool{gone: true, stays: false} {
			l, err := store.Lineage(ctx, of[id].lineage)
			if err != nil || l.RevokedAt.Equal(at) != dead || (l.Version == 2) != dead {
				t.Errorf("token: %+v, %v", l, err)
			}
			secrets, err := store.SecretsOf(ctx, []pontage.ClientID{id}, pontage.SecretFilter{}, pontage.Keyset{Limit: 5})
			if err != nil || len(secrets) != 2 || secrets[0].RevokedAt.Equal(at) != dead || !secrets[1].RevokedAt.Equal(oddUTC) {
				t.Errorf("secrets: %+v, %v", secrets, err)
			}
			domains, err := store.Domains(ctx, []pontage.ClientID{id}, pontage.DomainFilter{}, pontage.Keyset{Limit: 5})
			if err != nil || (len(domains) == 0) != dead {
				t.Errorf("domains: %+v, %v", domains, err)
			}
			scopes, err := store.ClientScopes(ctx, id)
			if err != nil || (len(scopes) == 0) != dead {
				t.Errorf("scopes: %+v, %v", scopes, err)
			}
		}
		if l, err := store.Lineage(ctx, who.lineage); err != nil || !l.RevokedAt.IsZero() {
			t.Errorf("the account's own token: %+v, %v", l, err)
		}
		for what, do := range map[string]func(pontage.Tx) error{
			"deleted again": func(tx pontage.Tx) error { return tx.DeleteClient(ctx, gone, at) },
			"enabled":       func(tx pontage.Tx) error { return tx.UpdateClient(ctx, pontage.Client{ID: gone}) },
			"locked":        func(tx pontage.Tx) error { _, err := tx.LockClient(ctx, "cli_none"); return err },
		} {
			if err := store.Write(ctx, do); pontage.CodeOf(err) != pontage.NotFound {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}
