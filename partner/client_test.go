package partner_test

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// actions are what a client's audit log says, oldest first.
func (w *world) actions(t *testing.T, id pontage.ClientID) (all []string) {
	t.Helper()
	entries, err := w.store.AuditEntries(t.Context(), pontage.AuditQuery{ClientID: id, Page: pontage.Keyset{Limit: 100}})
	must(t, err)
	for i := range entries {
		all = append(all, entries[len(entries)-1-i].Action)
	}
	return all
}

func wantActions(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("noted %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("noted %v, want %v", got, want)
		}
	}
}

// A partner can begin with the answer to one request, and finds every change of the client in its log.
func TestAClientComesWithItsFirstSecret(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		made, err := w.CreateClient(t.Context(), w.by(), partner.CreateInput{AccountID: w.account.ID, Name: "shop"})
		must(t, err)
		id := made.Client.ID
		_, err = w.AuthenticateClient(t.Context(), id, made.Secret.Text)
		must(t, err)
		w.clock.Advance(time.Second)
		renamed, err := w.Rename(t.Context(), w.by(), id, "store")
		must(t, err)
		if got, err := w.Client(t.Context(), w.by(), id); err != nil || got.Name != "store" || renamed.Name != "store" {
			t.Errorf("%+v, %v", got, err)
		}
		for _, unseen := range []string{"", " \u00a0"} {
			_, err = w.Rename(t.Context(), w.by(), id, unseen)
			wantCode(t, err, pontage.InvalidInput, "/name")
		}
		for _, disabled := range []bool{true, true, false} {
			w.clock.Advance(time.Second)
			_, err = w.SetDisabled(t.Context(), w.by(), id, disabled)
			must(t, err)
		}
		_, err = w.AuthenticateClient(t.Context(), id, made.Secret.Text)
		must(t, err)
		wantActions(t, w.actions(t, id)[2:], "client.rename", "client.disable", "client.enable")
		log, err := w.AuditLog(t.Context(), w.by(), id, pontage.AuditQuery{Action: "client.rename", Page: pontage.Keyset{Limit: 5}})
		if err != nil || len(log) != 1 || log[0].Before["name"] != "shop" || log[0].After["name"] != "store" {
			t.Errorf("%+v, %v", log, err)
		}
	})
}

// Who deletes a client must be sure that nothing of it works any more, and nobody deletes one by a slip.
func TestADeletedClientIsGone(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, s := w.newClient(t, partner.SecretInput{})
		d, err := w.CreateDomain(t.Context(), w.by(), partner.DomainInput{ClientID: c.ID, Host: "shop.example", Settings: pontage.DomainSettings{Active: true, AllowLogin: true}})
		must(t, err)
		_, err = w.AddURL(t.Context(), w.by(), d.ID, pontage.URLCallback, "https://shop.example/back")
		must(t, err)
		_, err = w.AuthenticateClient(t.Context(), c.ID, s.Text)
		must(t, err)
		wantCode(t, w.Delete(t.Context(), w.by(), partner.DeleteInput{ClientID: c.ID, Confirmation: "Shop"}), pontage.InvalidInput, "/confirmation")
		must(t, w.Delete(t.Context(), w.by(), partner.DeleteInput{ClientID: c.ID, Confirmation: "shop"}))
		_, err = w.AuthenticateClient(t.Context(), c.ID, s.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = w.Client(t.Context(), pontage.Operator(), c.ID)
		wantCode(t, err, pontage.NotFound, "")
		if good, err := w.Callback(t.Context(), d.ID, "https://shop.example/back"); err != nil || good {
			t.Errorf("people still come back to it: %v, %v", good, err)
		}
		_, err = w.store.Domain(t.Context(), d.ID)
		wantCode(t, err, pontage.NotFound, "")
		_, err = w.SetDisabled(t.Context(), w.by(), c.ID, false)
		wantCode(t, err, pontage.NotFound, "")
		wantCode(t, w.RevokeSecret(t.Context(), w.by(), s.ID), pontage.NotFound, "")
		wantCode(t, w.Delete(t.Context(), w.by(), partner.DeleteInput{ClientID: c.ID, Confirmation: "shop"}), pontage.NotFound, "")
		if all, err := w.Clients(t.Context(), w.by(), w.account.ID, pontage.ClientFilter{}, pontage.Keyset{Limit: 5}); err != nil || len(all) != 0 {
			t.Errorf("%v, %v", all, err)
		}
	})
}

// A secret is exchanged without a gap and without staying for ever.
func TestASecretRotatesWithAnOverlap(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, old := w.newClient(t, partner.SecretInput{Label: "backend", ExpiresAt: w.clock.Now().Add(10 * time.Hour)})
		w.clock.Advance(time.Hour)
		next, err := w.RotateSecret(t.Context(), w.by(), old.ID, time.Hour)
		must(t, err)
		if next.Label != "backend" || !next.ExpiresAt.Equal(w.clock.Now().Add(10*time.Hour)) {
			t.Errorf("%+v", next)
		}
		for _, code := range []pontage.Code{"", pontage.Unauthenticated} {
			_, err = w.AuthenticateClient(t.Context(), c.ID, next.Text)
			must(t, err)
			_, err = w.AuthenticateClient(t.Context(), c.ID, old.Text)
			wantCode(t, err, code, "")
			w.clock.Advance(time.Hour)
		}
		_, err = w.RotateSecret(t.Context(), w.by(), old.ID, 0)
		wantCode(t, err, pontage.NotFound, "")
		for _, overlap := range []time.Duration{-1, partner.MaxOverlap + 1} {
			_, err = w.RotateSecret(t.Context(), w.by(), next.ID, overlap)
			wantCode(t, err, pontage.InvalidInput, "/overlap")
		}
	})
}

// The list says when a secret was last used, and using it costs a write a minute at most.
func TestTheLastUseOfASecretIsKnownToTheMinute(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, s := w.newClient(t, partner.SecretInput{})
		used := func() time.Time {
			t.Helper()
			page, err := w.Secrets(t.Context(), w.by(), c.ID, pontage.Keyset{Limit: 5})
			must(t, err)
			return page[0].LastUsedAt
		}
		if !used().IsZero() {
			t.Error("used before it was")
		}
		begin := w.clock.Now()
		for _, c2 := range []struct{ at, want time.Duration }{{0, 0}, {59 * time.Second, 0}, {time.Minute, time.Minute}} {
			w.clock.Advance(begin.Add(c2.at).Sub(w.clock.Now()))
			_, err := w.AuthenticateClient(t.Context(), c.ID, s.Text)
			must(t, err)
			if got := used().Sub(begin); got != c2.want {
				t.Errorf("at %v: last used %v", c2.at, got)
			}
		}
	})
}

// Whatever fails on the way, a client is there with its secret or not at all, and so is its end.
func TestNothingOfAClientIsHalfDone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store := open()
		keys, err := pontage.NewKeyRing(pontage.NewKey("k1"))
		must(t, err)
		a := pontage.Account{ID: "acc_1", Email: "ann@example.com", CreatedAt: storagetest.Start}
		must(t, store.Write(t.Context(), func(tx pontage.Tx) error { return tx.InsertAccount(t.Context(), a) }))
		for n := 1; ; n++ {
			failing := storagetest.FailAt(store, n)
			s, err := partner.New(partner.Config{Store: failing, Clock: storagetest.Clock, Credentials: pontage.Credentials{Prefix: "pt_live", Keys: keys}})
			must(t, err)
			made, err := s.CreateClient(t.Context(), pontage.Operator(), partner.CreateInput{AccountID: a.ID, Name: "shop"})
			if err != nil {
				if count, err := store.CountClients(t.Context(), a.ID); err != nil || count != 0 {
					t.Fatalf("step %d: %d clients, %v", n, count, err)
				}
				continue
			}
			err = s.Delete(t.Context(), pontage.Operator(), partner.DeleteInput{ClientID: made.Client.ID, Confirmation: "shop"})
			c, read := store.Client(t.Context(), made.Client.ID)
			must(t, read)
			secret, read := store.ClientSecret(t.Context(), made.Secret.ID)
			must(t, read)
			if gone := err == nil; c.DeletedAt.IsZero() == gone || secret.RevokedAt.IsZero() == gone {
				t.Fatalf("step %d: %v, %+v, %+v", n, err, c, secret)
			}
			if err == nil && !failing.Reached() {
				return
			}
			must(t, store.Write(t.Context(), func(tx pontage.Tx) error {
				if gone := tx.DeleteClient(t.Context(), c.ID, storagetest.Start); pontage.CodeOf(gone) != pontage.NotFound {
					return gone
				}
				return nil
			}))
		}
	})
}
