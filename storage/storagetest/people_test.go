package storagetest_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// odd is a time whose zone and nanoseconds no engine keeps; oddUTC is what must come back.
var (
	odd    = time.Date(2026, 2, 28, 23, 59, 59, 123_456_789, time.FixedZone("east", 3*60*60))
	oddUTC = time.Date(2026, 2, 28, 20, 59, 59, 123_456_000, time.UTC)
)

// A partner must get back what they put in, to the microsecond and in UTC, also where it is empty.
func TestAccountsKeysClientsAndSecretsComeBackAsTheyWentIn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		for _, c := range []struct {
			id          string
			name        string
			at, ends    time.Time
			hash        []byte
			created, to time.Time
		}{
			{"full", "O'Neil \\ \"Ünï\" ?0 100% ☃", odd, odd, []byte{0, 1, 0xff}, oddUTC, oddUTC},
			{"empty", "", time.Time{}, time.Time{}, []byte{}, time.Time{}, time.Time{}},
		} {
			account := pontage.Account{ID: pontage.AccountID("acc_" + c.id), Email: c.name + "+x@example.com", Name: c.name, CreatedAt: c.at, DisabledAt: c.ends}
			key := pontage.APIKey{ID: pontage.APIKeyID("key_" + c.id), AccountID: account.ID, Label: c.name, KeyID: c.name, Hash: c.hash, CreatedAt: c.at, ExpiresAt: c.ends, RevokedAt: c.ends}
			client := pontage.Client{ID: pontage.ClientID("cli_" + c.id), AccountID: account.ID, Name: c.name, CreatedAt: c.at, DisabledAt: c.ends}
			secret := pontage.ClientSecret{ID: pontage.SecretID("sec_" + c.id), ClientID: client.ID, Label: c.name, KeyID: c.name, Hash: c.hash, CreatedAt: c.at, ExpiresAt: c.ends, RevokedAt: c.ends}
			write(t, store, func(tx pontage.Tx) error {
				return first(tx.InsertAccount(ctx, account), tx.InsertAPIKey(ctx, key), tx.InsertClient(ctx, client), tx.InsertClientSecret(ctx, secret))
			})
			account.CreatedAt, account.DisabledAt = c.created, c.to
			key.CreatedAt, key.ExpiresAt, key.RevokedAt = c.created, c.to, c.to
			client.CreatedAt, client.DisabledAt = c.created, c.to
			secret.CreatedAt, secret.ExpiresAt, secret.RevokedAt = c.created, c.to, c.to
			same(t, &account)(store.Account(ctx, account.ID))
			same(t, &account)(store.AccountByEmail(ctx, c.name+"+X@EXAMPLE.com"))
			same(t, &key)(store.APIKey(ctx, key.ID))
			same(t, []pontage.APIKey{key})(store.APIKeys(ctx, account.ID))
			same(t, &client)(store.Client(ctx, client.ID))
			same(t, []pontage.Client{client})(store.Clients(ctx, account.ID, pontage.Page{Limit: 10}))
			same(t, &secret)(store.ClientSecret(ctx, secret.ID))
			same(t, []pontage.ClientSecret{secret})(store.ClientSecrets(ctx, client.ID))
			same(t, &pontage.Wallet{AccountID: account.ID, CreatedAt: c.created, UpdatedAt: c.created})(store.Wallet(ctx, account.ID))
		}
	})
}

// same compares what a read gave, also the location of times, which cmp alone would not.
func same[T any](t *testing.T, want T) func(T, error) {
	t.Helper()
	return func(got T, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%T: %v", want, err)
			return
		}
		utc := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) && a.Location() == b.Location() })
		same := cmp.Comparer(func(a, b []byte) bool { return (a == nil) == (b == nil) && bytes.Equal(a, b) })
		if diff := cmp.Diff(want, got, utc, same, equalNets); diff != "" {
			t.Errorf("%T differs (-want +got):\n%s", want, diff)
		}
	}
}

// An update writes what may change and leaves owner and birth alone.
func TestUpdatesWriteWhatMayChange(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		account := pontage.Account{ID: "acc_1", Email: "a@example.com", CreatedAt: start}
		key := pontage.APIKey{ID: "key_1", AccountID: "acc_1", Hash: []byte{1}, CreatedAt: start}
		client := pontage.Client{ID: "cli_1", AccountID: "acc_1", CreatedAt: start}
		secret := pontage.ClientSecret{ID: "sec_1", ClientID: "cli_1", Hash: []byte{1}, CreatedAt: start}
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.InsertAccount(ctx, account), tx.InsertAPIKey(ctx, key), tx.InsertClient(ctx, client), tx.InsertClientSecret(ctx, secret))
		})
		account.Email, account.Name, account.DisabledAt = "B@example.com", "b", oddUTC
		key.Label, key.KeyID, key.Hash, key.ExpiresAt, key.RevokedAt = "b", "k", []byte{2}, oddUTC, oddUTC
		client.Name, client.DisabledAt = "b", oddUTC
		secret.Label, secret.KeyID, secret.Hash, secret.ExpiresAt, secret.RevokedAt = "b", "k", []byte{2}, oddUTC, oddUTC
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.UpdateAccount(ctx, account), tx.UpdateAPIKey(ctx, key), tx.UpdateClient(ctx, client), tx.UpdateClientSecret(ctx, secret))
		})
		same(t, &account)(store.AccountByEmail(ctx, "b@example.com"))
		same(t, &key)(store.APIKey(ctx, "key_1"))
		same(t, &client)(store.Client(ctx, "cli_1"))
		same(t, &secret)(store.ClientSecret(ctx, "sec_1"))
	})
}

// "Not there" and "taken" must be told apart from a broken database, and ids that differ in case are different ids.
func TestMissingIsNotFoundAndTakenIsConflict(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		who := newTenant(t, store, 0)
		account := pontage.Account{ID: "acc_a", Email: "Mixed@Example.com", CreatedAt: start}
		write(t, store, func(tx pontage.Tx) error { return tx.InsertAccount(ctx, account) })
		write(t, store, func(tx pontage.Tx) error {
			return tx.InsertAccount(ctx, pontage.Account{ID: "acc_A", Email: "other@example.com", CreatedAt: start})
		})
		for what, read := range map[string]func() error{
			"account":       func() error { _, err := store.Account(ctx, "ACC_A"); return err },
			"e-mail":        func() error { _, err := store.AccountByEmail(ctx, "none@example.com"); return err },
			"key":           func() error { _, err := store.APIKey(ctx, "key_none"); return err },
			"client":        func() error { _, err := store.Client(ctx, "cli_none"); return err },
			"secret":        func() error { _, err := store.ClientSecret(ctx, "sec_none"); return err },
			"API":           func() error { _, err := store.APIByHost(ctx, "none.example.com"); return err },
			"token":         func() error { _, _, err := store.Token(ctx, "ffffffffffffffffffffffff"); return err },
			"lineage":       func() error { _, err := store.Lineage(ctx, "lin_none"); return err },
			"refresh token": func() error { _, err := store.RefreshToken(ctx, "ref_none"); return err },
			"scope set":     func() error { _, err := store.ScopeSetByDigest(ctx, []byte{1}); return err },
		} {
			if err := read(); pontage.CodeOf(err) != pontage.NotFound {
				t.Errorf("%s: %v", what, err)
			}
		}
		for what, c := range map[string]struct {
			want pontage.Code
			do   func(pontage.Tx) error
		}{
			"id of an account": {pontage.Conflict, func(tx pontage.Tx) error { return tx.InsertAccount(ctx, account) }},
			"e-mail in other case": {pontage.Conflict, func(tx pontage.Tx) error {
				return tx.InsertAccount(ctx, pontage.Account{ID: "acc_c", Email: "mixed@example.COM"})
			}},
			"e-mail by update": {pontage.Conflict, func(tx pontage.Tx) error {
				return tx.UpdateAccount(ctx, pontage.Account{ID: "acc_A", Email: "MIXED@example.com"})
			}},
			"missing account": {pontage.NotFound, func(tx pontage.Tx) error { return tx.UpdateAccount(ctx, pontage.Account{ID: "acc_none", Email: "n"}) }},
			"missing key":     {pontage.NotFound, func(tx pontage.Tx) error { return tx.UpdateAPIKey(ctx, pontage.APIKey{ID: "key_none"}) }},
			"missing client":  {pontage.NotFound, func(tx pontage.Tx) error { return tx.UpdateClient(ctx, pontage.Client{ID: "cli_none"}) }},
			"missing secret":  {pontage.NotFound, func(tx pontage.Tx) error { return tx.UpdateClientSecret(ctx, pontage.ClientSecret{ID: "sec_none"}) }},
			"id of a lineage": {pontage.Conflict, func(tx pontage.Tx) error {
				return tx.InsertLineage(ctx, pontage.Lineage{ID: who.lineage, AccountID: who.account, ScopeSetID: "set_none"})
			}},
		} {
			if err := store.Write(ctx, c.do); pontage.CodeOf(err) != c.want {
				t.Errorf("%s: %v, want %s", what, err, c.want)
			}
		}
	})
}

// A taken key must not end the unit of work: interning and retried requests read on after it.
func TestAConflictLeavesTheUnitUsable(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		set := pontage.ScopeSet{ID: "set_1", Digest: []byte{7}, Scopes: []pontage.ScopeID{"sco_a", "sco_b"}}
		write(t, store, func(tx pontage.Tx) error { return tx.InsertScopeSet(ctx, set) })
		write(t, store, func(tx pontage.Tx) error {
			if err := tx.InsertScopeSet(ctx, pontage.ScopeSet{ID: "set_2", Digest: []byte{7}}); pontage.CodeOf(err) != pontage.Conflict {
				return fmt.Errorf("want a conflict, got %v", err)
			}
			same(t, &set)(tx.ScopeSetByDigest(ctx, []byte{7}))
			return tx.InsertAccount(ctx, pontage.Account{ID: "acc_1", Email: "a", CreatedAt: start})
		})
		if _, err := store.Account(ctx, "acc_1"); err != nil {
			t.Fatal(err)
		}
	})
}

// Lists are newest first and by id where the time is equal, the same on every page, engine and run.
func TestPagesWithTiesNeitherRepeatNorLose(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		// In the order of letters of a language "b" stands between "A" and "C"; by bytes all capitals come first.
		names := []string{"a", "B", "c", "D", "e", "_", "1"}
		write(t, store, func(tx pontage.Tx) error {
			for i, name := range names {
				at := start.Add(time.Duration(i/4) * time.Microsecond) // four and three with equal times
				account := pontage.Account{ID: pontage.AccountID(name), Email: name + fmt.Sprint(i), CreatedAt: at}
				client := pontage.Client{ID: pontage.ClientID(name), AccountID: "a", CreatedAt: at}
				if err := first(tx.InsertAccount(ctx, account), tx.InsertClient(ctx, client)); err != nil {
					return err
				}
			}
			return nil
		})
		want := []string{"e", "_", "1", "c", "a", "D", "B"}
		var accounts, clients []string
		for skip := 0; skip < len(names); skip += 2 {
			page := pontage.Page{Skip: skip, Limit: 2}
			as, err := store.Accounts(ctx, page)
			if err != nil {
				t.Fatal(err)
			}
			cs, err := store.Clients(ctx, "a", page)
			if err != nil {
				t.Fatal(err)
			}
			for i := range as {
				accounts, clients = append(accounts, string(as[i].ID)), append(clients, string(cs[i].ID))
			}
		}
		if !slices.Equal(accounts, want) || !slices.Equal(clients, want) {
			t.Errorf("accounts %v, clients %v, want %v", accounts, clients, want)
		}
		for _, page := range []pontage.Page{{}, {Limit: -1}, {Skip: -1, Limit: 1}} {
			if _, err := store.Accounts(ctx, page); pontage.CodeOf(err) != pontage.InvalidInput {
				t.Errorf("page %v: %v", page, err)
			}
		}
	})
}

// Access is replaced whole, and read in one go.
func TestAccountAccessIsReplacedWhole(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		who := newTenant(t, store, 0)
		seedCatalog(t, store)
		same(t, &pontage.AccountAccess{})(store.AccountAccess(ctx, who.account))
		for _, c := range []struct{ put, want pontage.AccountAccess }{
			{
				pontage.AccountAccess{Scopes: []pontage.ScopeID{"sco_2", "sco_1", "sco_2"}, Requirements: []string{"visura", "kyc"}},
				pontage.AccountAccess{Scopes: []pontage.ScopeID{"sco_1", "sco_2"}, Requirements: []string{"kyc", "visura"}},
			},
			{pontage.AccountAccess{Scopes: []pontage.ScopeID{"sco_1"}}, pontage.AccountAccess{Scopes: []pontage.ScopeID{"sco_1"}}},
			{pontage.AccountAccess{}, pontage.AccountAccess{}},
		} {
			write(t, store, func(tx pontage.Tx) error { return tx.SetAccountAccess(ctx, who.account, c.put) })
			same(t, &c.want)(store.AccountAccess(ctx, who.account))
		}
	})
}
