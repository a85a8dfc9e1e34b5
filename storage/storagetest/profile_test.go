package storagetest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func TestAddressesComeBackAndHaveOneDefaultOfAKind(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		u, other := newUser(t, store), newUser(t, store)
		odds := "O'Neil \\ \"Ünï\" ?0 100% ☃"
		full := pontage.PostalAddress{ID: "adr_1", UserID: u.ID, Default: true, CreatedAt: odd, UpdatedAt: odd, PostalFields: pontage.PostalFields{
			Kind: pontage.AddressBilling, Name: odds, Company: odds, FirstName: odds, LastName: odds, Phone: odds, Email: odds, TaxNumber: odds, RegistrationNumber: odds,
			AccessCode: odds, Street: odds, HouseNumber: odds, Extra: odds, PostalCode: odds, City: odds, Region: odds, Country: "NL"}}
		empty := pontage.PostalAddress{ID: "adr_2", UserID: u.ID, CreatedAt: start, UpdatedAt: start}
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.InsertPostalAddress(ctx, full), tx.InsertPostalAddress(ctx, empty))
		})
		full.CreatedAt, full.UpdatedAt = oddUTC, oddUTC
		same(t, &full)(store.PostalAddress(ctx, "adr_1"))
		same(t, []pontage.PostalAddress{empty, full})(store.PostalAddresses(ctx, u.ID, pontage.PostalFilter{}, pontage.Keyset{Limit: 5}))
		same(t, []pontage.PostalAddress{full})(store.PostalAddresses(ctx, u.ID, pontage.PostalFilter{}, pontage.Keyset{Limit: 5, After: pontage.Cursor{At: start, ID: "adr_2"}}))
		same(t, []pontage.PostalAddress(nil))(store.PostalAddresses(ctx, other.ID, pontage.PostalFilter{}, pontage.Keyset{Limit: 5}))
		for _, f := range []pontage.PostalFilter{{Kind: pontage.AddressBilling}, {Default: new(true)}, {Kind: pontage.AddressBilling, Default: new(true)}} {
			same(t, []pontage.PostalAddress{full})(store.PostalAddresses(ctx, u.ID, f, pontage.Keyset{Limit: 5}))
		}
		same(t, []pontage.PostalAddress{empty})(store.PostalAddresses(ctx, u.ID, pontage.PostalFilter{Default: new(false)}, pontage.Keyset{Limit: 5}))
		second := full
		second.ID = "adr_3"
		if err := store.Write(ctx, func(tx pontage.Tx) error { return tx.InsertPostalAddress(ctx, second) }); pontage.CodeOf(err) != pontage.Conflict {
			t.Errorf("a second default: %v", err)
		}
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.ClearDefaultAddress(ctx, other.ID, full.Kind), tx.ClearDefaultAddress(ctx, u.ID, pontage.AddressShipping))
		})
		same(t, &full)(store.PostalAddress(ctx, "adr_1"))
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.ClearDefaultAddress(ctx, u.ID, full.Kind), tx.InsertPostalAddress(ctx, second))
		})
		full.Default = false
		same(t, &full)(store.PostalAddress(ctx, "adr_1"))
		empty.Kind, empty.City, empty.Default, empty.UpdatedAt = pontage.AddressMailing, "x", true, oddUTC
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.UpdatePostalAddress(ctx, empty), tx.DeletePostalAddress(ctx, "adr_1"))
		})
		same(t, []pontage.PostalAddress{empty, second})(store.PostalAddresses(ctx, u.ID, pontage.PostalFilter{}, pontage.Keyset{Limit: 5}))
		for what, err := range map[string]error{
			"read":   func() error { _, err := store.PostalAddress(ctx, "adr_1"); return err }(),
			"update": store.Write(ctx, func(tx pontage.Tx) error { return tx.UpdatePostalAddress(ctx, full) }),
			"delete": store.Write(ctx, func(tx pontage.Tx) error { return tx.DeletePostalAddress(ctx, "adr_1") }),
		} {
			if pontage.CodeOf(err) != pontage.NotFound {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// A person sees their own notifications, and reading somebody else's does nothing.
func TestNotificationsAreReadByTheirUser(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		u, other := newUser(t, store), newUser(t, store)
		var all []pontage.Notification
		write(t, store, func(tx pontage.Tx) error {
			for i := range 6 {
				n := pontage.Notification{ID: pontage.NotificationID(fmt.Sprint("ntf_", i)), UserID: u.ID, Kind: pontage.NotifyMoney, Title: "Ünï'?0\\", Text: "", Target: "tra_1", CreatedAt: start.Add(time.Duration(i/2) * time.Second)}
				all = append([]pontage.Notification{n}, all...)
				if err := tx.InsertNotification(ctx, n); err != nil {
					return err
				}
			}
			return tx.InsertNotification(ctx, pontage.Notification{ID: "ntf_other", UserID: other.ID, CreatedAt: start})
		})
		page := pontage.Keyset{Limit: 4}
		same(t, all[:4])(store.Notifications(ctx, u.ID, false, page))
		page.After = pontage.Cursor{At: all[3].CreatedAt, ID: string(all[3].ID)}
		same(t, all[4:])(store.Notifications(ctx, u.ID, true, page))
		read := func(user pontage.UserID, ids []pontage.NotificationID) (n int) {
			write(t, store, func(tx pontage.Tx) (err error) { n, err = tx.ReadNotifications(ctx, user, ids, oddUTC); return err })
			return n
		}
		for i, c := range []struct {
			ids  []pontage.NotificationID
			want int
		}{{[]pontage.NotificationID{"ntf_0", "ntf_1", "ntf_other", "ntf_none"}, 2}, {[]pontage.NotificationID{"ntf_0"}, 0}, {[]pontage.NotificationID{}, 0}, {nil, 4}} {
			if got := read(u.ID, c.ids); got != c.want {
				t.Errorf("%d: %d were read, want %d", i, got, c.want)
			}
		}
		for user, want := range map[pontage.UserID]int{u.ID: 0, other.ID: 1} {
			if n, err := store.UnreadNotifications(ctx, user); err != nil || n != want {
				t.Errorf("%d unread, %v", n, err)
			}
		}
		same(t, []pontage.NotificationPreference(nil))(store.NotificationPreferences(ctx, u.ID))
		for _, chosen := range [][]pontage.NotificationPreference{
			{{Kind: pontage.NotifyMoney, Shown: true}, {Kind: pontage.NotifyUsage, Mailed: true}}, {{Kind: pontage.NotifyMoney, Mailed: true}, {Kind: pontage.NotifyUsage}},
		} {
			write(t, store, func(tx pontage.Tx) error {
				return first(tx.PutNotificationPreferences(ctx, u.ID, chosen), tx.PutNotificationPreferences(ctx, u.ID, nil))
			})
			same(t, chosen)(store.NotificationPreferences(ctx, u.ID))
		}
		same(t, []pontage.NotificationPreference(nil))(store.NotificationPreferences(ctx, other.ID))
	})
}

func TestTheLastUseOfACredentialIsKept(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		use := func(id string, at, before time.Time) {
			write(t, store, func(tx pontage.Tx) error { return tx.UseCredential(ctx, id, at, before) })
		}
		use("key_1", start, start)
		use("key_1", start.Add(time.Minute), start) // it was used then already
		use("key_2", odd, odd)
		use("key_2", start, start)
		same(t, map[string]time.Time{"key_1": start, "key_2": start})(store.CredentialUses(ctx, []string{"key_1", "key_2", "key_3"}))
		same(t, map[string]time.Time{})(store.CredentialUses(ctx, nil))
	})
}

func TestAPIKeysAreListedByPages(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		who := newTenant(t, store, 0)
		write(t, store, func(tx pontage.Tx) error {
			for _, id := range []pontage.APIKeyID{"key_1", "key_2", "key_3"} {
				if err := tx.InsertAPIKey(ctx, pontage.APIKey{ID: id, AccountID: who.account, Label: "x", Hash: []byte{1}, CreatedAt: start, RevokedAt: odd}); err != nil {
					return err
				}
			}
			return nil
		})
		all, err := store.APIKeys(ctx, who.account)
		if err != nil {
			t.Fatal(err)
		}
		same(t, all[:2])(store.APIKeyPage(ctx, pontage.APIKeyQuery{AccountID: who.account, Page: pontage.Keyset{Limit: 2}}))
		same(t, all[2:])(store.APIKeyPage(ctx, pontage.APIKeyQuery{AccountID: who.account, Page: pontage.Keyset{Limit: 2, After: pontage.Cursor{At: start, ID: "key_2"}}}))
		write(t, store, func(tx pontage.Tx) error {
			return first(
				tx.InsertAPIKey(ctx, pontage.APIKey{ID: "key_4", AccountID: who.account, Hash: []byte{1}, CreatedAt: start}),
				tx.InsertAPIKey(ctx, pontage.APIKey{ID: "key_5", AccountID: who.account, Hash: []byte{1}, CreatedAt: start, ExpiresAt: odd}))
		})
		for _, c := range []struct {
			now  time.Time
			live bool
			want []pontage.APIKeyID
		}{
			{odd.Add(-1000), true, []pontage.APIKeyID{"key_5", "key_4"}}, {odd, true, []pontage.APIKeyID{"key_4"}},
			{odd, false, []pontage.APIKeyID{"key_5", "key_3", "key_2", "key_1"}}, {odd.Add(-1000), false, []pontage.APIKeyID{"key_3", "key_2", "key_1"}},
		} {
			page, err := store.APIKeyPage(ctx, pontage.APIKeyQuery{AccountID: who.account, Live: &c.live, Now: c.now, Page: pontage.Keyset{Limit: 9}})
			var got []pontage.APIKeyID
			for _, k := range page {
				got = append(got, k.ID)
			}
			same(t, c.want)(got, err)
		}
	})
}

// Who goes takes every way in along, and nobody else's.
func TestDepartureEndsWhatIsTheAccountsAndNothingElse(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		at := start.Add(time.Hour)
		var people []pontage.User
		for i := range 2 {
			u := newUser(t, store)
			people = append(people, u)
			suffix := fmt.Sprint(i)
			write(t, store, func(tx pontage.Tx) error {
				return first(
					tx.InsertAPIKey(ctx, pontage.APIKey{ID: pontage.APIKeyID("key_" + suffix), AccountID: u.AccountID, CreatedAt: start}),
					tx.InsertAPIKey(ctx, pontage.APIKey{ID: pontage.APIKeyID("key_old" + suffix), AccountID: u.AccountID, CreatedAt: start, RevokedAt: start}),
					tx.InsertClient(ctx, pontage.Client{ID: pontage.ClientID("cli_" + suffix), AccountID: u.AccountID, CreatedAt: start}),
					tx.InsertClientSecret(ctx, pontage.ClientSecret{ID: pontage.SecretID("sec_" + suffix), ClientID: pontage.ClientID("cli_" + suffix), CreatedAt: start}),
					tx.InsertSubscription(ctx, pontage.Subscription{ID: pontage.SubscriptionID("sub_" + suffix), AccountID: u.AccountID, ScopeID: scope, Term: pontage.Monthly, AutoRenew: true,
						StartsAt: start, ExpiresAt: at, CreatedAt: start, UpdatedAt: start}),
					tx.InsertSession(ctx, pontage.Session{ID: pontage.SessionID("ses_" + suffix), UserID: u.ID, CreatedAt: start, LastActiveAt: at, ExpiresAt: at.Add(time.Hour)}),
					tx.InsertConfirmation(ctx, pontage.Confirmation{ID: pontage.ConfirmationID("cnf_" + suffix), Kind: pontage.ConfirmRegistration, Email: u.Email, CreatedAt: start, ExpiresAt: at}),
					tx.InsertConfirmation(ctx, pontage.Confirmation{ID: pontage.ConfirmationID("cnf_new" + suffix), Kind: pontage.ConfirmEmail, Email: "x@example.com", UserID: u.ID, CreatedAt: start, ExpiresAt: at}),
					tx.InsertMail(ctx, pontage.Mail{ID: pontage.MailID("mai_" + suffix), Recipient: u.Email, CreatedAt: start, SendBy: at, ExpiresAt: at, NextAt: start}),
					tx.InsertPostalAddress(ctx, pontage.PostalAddress{ID: pontage.AddressID("adr_" + suffix), UserID: u.ID, CreatedAt: start, UpdatedAt: start}),
					tx.InsertNotification(ctx, pontage.Notification{ID: pontage.NotificationID("ntf_" + suffix), UserID: u.ID, CreatedAt: start}),
					tx.PutNotificationPreferences(ctx, u.ID, []pontage.NotificationPreference{{Kind: pontage.NotifyMoney}}),
				)
			})
		}
		state := func(i int, u pontage.User) string {
			suffix := fmt.Sprint(i)
			key, _ := store.APIKey(ctx, pontage.APIKeyID("key_"+suffix))
			old, _ := store.APIKey(ctx, pontage.APIKeyID("key_old"+suffix))
			client, _ := store.Client(ctx, pontage.ClientID("cli_"+suffix))
			secret, _ := store.ClientSecret(ctx, pontage.SecretID("sec_"+suffix))
			lineages, _ := store.Lineages(ctx, u.AccountID, time.Time{}, pontage.Page{Limit: 5})
			subscription, _ := store.Subscription(ctx, pontage.SubscriptionID("sub_"+suffix))
			text := fmt.Sprint(key.RevokedAt.Equal(at), old.RevokedAt.Equal(start), client.DisabledAt.Equal(at), secret.RevokedAt.Equal(at), len(lineages),
				lineages[0].RevokedAt.Equal(at), lineages[0].Version, subscription.AutoRenew)
			for _, err := range []error{
				func() error { _, err := store.Session(ctx, pontage.SessionID("ses_"+suffix)); return err }(),
				func() error { _, err := store.Confirmation(ctx, pontage.ConfirmationID("cnf_"+suffix)); return err }(),
				func() error { _, err := store.Confirmation(ctx, pontage.ConfirmationID("cnf_new"+suffix)); return err }(),
				func() error { _, err := store.Mail(ctx, pontage.MailID("mai_"+suffix)); return err }(),
				func() error { _, err := store.PostalAddress(ctx, pontage.AddressID("adr_"+suffix)); return err }(),
			} {
				text += fmt.Sprint(" ", pontage.CodeOf(err) == pontage.NotFound)
			}
			n, _ := store.UnreadNotifications(ctx, u.ID)
			chosen, _ := store.NotificationPreferences(ctx, u.ID)
			return text + fmt.Sprint(" ", n, len(chosen))
		}
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.EndCredentials(ctx, people[0].AccountID, at), tx.StopRenewals(ctx, people[0].AccountID, at), tx.ForgetUser(ctx, people[0]))
		})
		if got := state(0, people[0]); got != "true true true true 1 true 2 false true true true true true 0 0" {
			t.Errorf("who went: %s", got)
		}
		if got := state(1, people[1]); got != "false true false false 1 false 1 true false false false false false 1 1" {
			t.Errorf("who stayed: %s", got)
		}
	})
}
