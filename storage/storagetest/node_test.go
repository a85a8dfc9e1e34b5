package storagetest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// What is found by its id is its owner's: another one's id finds as little as one that nobody has.
func TestNodesAreFoundByTheirOwnersAlone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		ann, bob := newUser(t, store), newUser(t, store)
		key := pontage.APIKey{ID: "key_1", AccountID: ann.AccountID, Hash: []byte{1}, CreatedAt: start}
		sub := pontage.Subscription{ID: "sub_1", AccountID: ann.AccountID, ScopeID: scope, Term: pontage.Monthly, TotalRequests: 1, StartsAt: start, ExpiresAt: start, CreatedAt: start, UpdatedAt: start}
		call := pontage.Callback{ID: "cbk_1", AccountID: ann.AccountID, Host: "a.example.com", URL: "https://a.example.com", CreatedAt: start}
		entry := pontage.NewAuditEntry(pontage.System(), start, ann.AccountID, "a.b", "", nil, nil)
		session := pontage.Session{ID: "ses_1", UserID: ann.ID, Hash: []byte{1}, CreatedAt: start, LastActiveAt: start, ExpiresAt: start.Add(time.Hour)}
		address := pontage.PostalAddress{ID: "adr_1", UserID: ann.ID, CreatedAt: start, UpdatedAt: start}
		told := pontage.Notification{ID: "ntf_1", UserID: ann.ID, Kind: pontage.NotifyMoney, CreatedAt: start}
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.InsertAPIKey(ctx, key), tx.InsertSubscription(ctx, sub), tx.InsertCallback(ctx, call), tx.InsertAudit(ctx, entry),
				tx.InsertSession(ctx, session), tx.InsertPostalAddress(ctx, address), tx.InsertNotification(ctx, told))
		})
		for i, u := range []pontage.User{ann, bob} {
			mine := i == 0
			finds(t, "key", mine, key.ID, func(ids []pontage.APIKeyID) ([]pontage.APIKey, error) {
				return store.APIKeysByID(ctx, u.AccountID, ids)
			})
			finds(t, "subscription", mine, sub.ID, func(ids []pontage.SubscriptionID) ([]pontage.Subscription, error) {
				return store.SubscriptionsByID(ctx, u.AccountID, ids)
			})
			finds(t, "callback", mine, call.ID, func(ids []pontage.CallbackID) ([]pontage.Callback, error) {
				return store.CallbacksByID(ctx, u.AccountID, ids)
			})
			finds(t, "entry", mine, entry.ID, func(ids []pontage.AuditID) ([]pontage.AuditEntry, error) {
				return store.AuditEntriesByID(ctx, u.AccountID, ids)
			})
			finds(t, "session", mine, session.ID, func(ids []pontage.SessionID) ([]pontage.Session, error) { return store.SessionsByID(ctx, u.ID, ids) })
			finds(t, "address", mine, address.ID, func(ids []pontage.AddressID) ([]pontage.PostalAddress, error) {
				return store.PostalAddressesByID(ctx, u.ID, ids)
			})
			finds(t, "notification", mine, told.ID, func(ids []pontage.NotificationID) ([]pontage.Notification, error) {
				return store.NotificationsByID(ctx, u.ID, ids)
			})
		}
	})
}

// What belongs to a client is found by its id, whoever asks: the rules say who may.
func TestNodesOfClientsAreFoundAtOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		u, who := newUser(t, store), newTenant(t, store, 0)
		client := ownClient(t, store, &who)
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.InsertDomain(ctx, pontage.Domain{ID: "dom_1", ClientID: client, Host: "a.example", CreatedAt: start, UpdatedAt: start}),
				tx.InsertDomainURL(ctx, pontage.DomainURL{ID: "url_1", DomainID: "dom_1", Kind: pontage.URLCallback, URL: "https://a.example", CreatedAt: start}),
				tx.InsertClientSecret(ctx, pontage.ClientSecret{ID: "sec_1", ClientID: client, Hash: []byte{1}, CreatedAt: start}),
				tx.InsertMember(ctx, pontage.Member{ID: "mem_1", ClientID: client, UserID: u.ID, RoleID: pontage.RoleOwner, Hash: []byte{}, CreatedAt: start}))
		})
		finds(t, "domain", true, "dom_1", func(ids []pontage.DomainID) ([]pontage.Domain, error) { return store.DomainsByID(ctx, ids) })
		finds(t, "URL", true, "url_1", func(ids []pontage.DomainURLID) ([]pontage.DomainURL, error) {
			all, err := store.DomainURLsByID(ctx, ids)
			if len(all) == 1 && all[0].ClientID != client {
				t.Errorf("%+v", all)
			}
			return all, err
		})
		finds(t, "member", true, "mem_1", func(ids []pontage.MemberID) ([]pontage.Member, error) { return store.MembersByID(ctx, ids) })
		finds(t, "call", false, "cal_1", func(ids []pontage.CallID) ([]pontage.Call, error) { return store.CallsByID(ctx, ids) })
		if all, err := store.UsedSecretsByID(ctx, []pontage.SecretID{"sec_1", "x"}); err != nil || len(all) != 1 || all[0].ID != "sec_1" {
			t.Errorf("secrets: %v, %v", all, err)
		}
	})
}

// finds expects the row with this id, and no other, if it is mine; and that no ids cost nothing.
func finds[ID ~string, T any](t *testing.T, what string, mine bool, id ID, read func(ids []ID) ([]T, error)) {
	t.Helper()
	found, err := read([]ID{"x", id, id})
	if err != nil || (len(found) == 1) != mine || len(found) > 1 || mine && !hasID(found[0], string(id)) {
		t.Errorf("%s: %v, %v", what, found, err)
	}
	if none, err := read(nil); len(none) > 0 || err != nil {
		t.Errorf("%s: nothing was asked for, %v, %v", what, none, err)
	}
}

func hasID(row any, id string) bool { return fmt.Sprintf("%+v", row)[1:][:3+len(id)] == "ID:"+id }
