package storagetest_test

import (
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// Whoever is shut out must be shut out by whatever credential they come with, and only they.
func TestOwnersAreReadWithWhatProvesThem(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		seedTokens(t, store)
		ofClient, ofAccount := fullLineage(), emptyLineage()
		key := pontage.APIKey{ID: "key_1", AccountID: "acc_1", Label: "k", KeyID: "1", Hash: []byte{1}, CreatedAt: oddUTC, ExpiresAt: oddUTC, RevokedAt: oddUTC}
		secret := pontage.ClientSecret{ID: "sec_1", ClientID: "cli_1", Label: "s", KeyID: "1", Hash: []byte{2}, CreatedAt: oddUTC, ExpiresAt: oddUTC}
		account := pontage.Account{ID: "acc_1", Email: "a", CreatedAt: start}
		client := pontage.Client{ID: "cli_1", AccountID: "acc_1", CreatedAt: start}
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.InsertAPIKey(ctx, key), tx.InsertClientSecret(ctx, secret), tx.InsertLineage(ctx, ofClient), tx.InsertLineage(ctx, ofAccount),
				tx.InsertToken(ctx, pontage.Token{ID: "of client", LineageID: ofClient.ID, CreatedAt: start}),
				tx.InsertToken(ctx, pontage.Token{ID: "of account", LineageID: ofAccount.ID, CreatedAt: start}))
		})
		look := func(clientOut, accountOut bool) {
			t.Helper()
			gotKey, keyAccount, err := store.KeyOwner(ctx, key.ID)
			same(t, &key)(gotKey, err)
			same(t, &account)(keyAccount, err)
			gotSecret, gotClient, secretAccount, err := store.SecretOwner(ctx, secret.ID)
			same(t, &secret)(gotSecret, err)
			same(t, &client)(gotClient, err)
			same(t, &account)(secretAccount, err)
			same(t, clientOut || accountOut)(store.Disabled(ctx, "acc_1", "cli_1"))
			same(t, accountOut)(store.Disabled(ctx, "acc_1", ""))
			for id, want := range map[pontage.TokenID]bool{"of client": clientOut || accountOut, "of account": accountOut} {
				p, err := store.Presented(ctx, id)
				if err != nil || p.Disabled != want {
					t.Fatalf("%s: %+v, %v", id, p, err)
				}
			}
		}
		look(false, false)
		client.DisabledAt = oddUTC
		write(t, store, func(tx pontage.Tx) error { return tx.UpdateClient(ctx, client) })
		look(true, false)
		account.DisabledAt = oddUTC
		write(t, store, func(tx pontage.Tx) error { return tx.UpdateAccount(ctx, account) })
		look(true, true)
		client.DisabledAt = pontage.Client{}.DisabledAt
		write(t, store, func(tx pontage.Tx) error { return tx.UpdateClient(ctx, client) })
		look(false, true)

		for name, read := range map[string]func() error{
			"key":     func() error { _, _, err := store.KeyOwner(ctx, "key_x"); return err },
			"secret":  func() error { _, _, _, err := store.SecretOwner(ctx, "sec_x"); return err },
			"token":   func() error { _, err := store.Presented(ctx, "x"); return err },
			"account": func() error { _, err := store.Disabled(ctx, "acc_x", "cli_1"); return err },
		} {
			if err := read(); pontage.CodeOf(err) != pontage.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		// The same inside of a snapshot, and in a unit of work that has just changed it.
		err := store.Read(ctx, func(r pontage.Reader) error {
			p, err := r.Presented(ctx, "of client")
			if err == nil && !p.Disabled {
				t.Error("a snapshot does not see what is committed")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		account.DisabledAt = pontage.Account{}.DisabledAt
		write(t, store, func(tx pontage.Tx) error {
			if err := tx.UpdateAccount(ctx, account); err != nil {
				return err
			}
			p, err := tx.Presented(ctx, "of client")
			if err == nil && p.Disabled {
				t.Error("a unit of work does not see its own writes")
			}
			return err
		})
		look(false, false)
	})
}
