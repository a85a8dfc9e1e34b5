package partner_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// counted counts how often a secret is read.
type counted struct {
	partner.Store
	n atomic.Int64
}

func (c *counted) SecretOwner(ctx context.Context, id pontage.SecretID) (*pontage.ClientSecret, *pontage.Client, *pontage.Account, error) {
	c.n.Add(1)
	return c.Store.SecretOwner(ctx, id)
}

type world struct {
	// told counts what others are told to forget.
	told int
	// spent are the accounts whose fees left their wallets, as all instances say.
	spent *sync.Map
	*partner.Service
	clock       *storagetest.MovingClock
	store       *counted
	credentials pontage.Credentials
	account     pontage.Account
	// records are what DNS says.
	records map[string][]string
}

// LookupTXT makes a world its own resolver.
func (w *world) LookupTXT(_ context.Context, name string) ([]string, error) {
	if found, ok := w.records[name]; ok {
		return found, nil
	}
	return nil, errors.New("no such host")
}

func each(t *testing.T, test func(t *testing.T, w *world, again func() *world)) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		keys, err := pontage.NewKeyRing(pontage.NewKey("k1"))
		must(t, err)
		c := storagetest.NewMovingClock(storagetest.Start)
		a := pontage.Account{ID: pontage.NewAccountID(c.Now()), Email: "ann@example.com", CreatedAt: c.Now()}
		spent := new(sync.Map)
		instance := func() *world {
			w := &world{spent: spent, clock: c, store: &counted{Store: open()}, credentials: pontage.Credentials{Prefix: "pt_live", Keys: keys}, account: a, records: map[string][]string{}}
			var err error
			w.Service, err = partner.New(partner.Config{Store: w.store, Clock: c.Now, Credentials: w.credentials, Scopes: w, Resolver: w, Fetch: site.Client(),
				Currency: "EUR", PlanRequests: 1000, Changed: func() { w.told++ }, Spent: func(_ context.Context, id pontage.AccountID) { spent.Store(id, true) }})
			must(t, err)
			return w
		}
		w := instance()
		must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error { return tx.InsertAccount(t.Context(), a) }))
		test(t, w, instance)
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, code pontage.Code, field string) {
	t.Helper()
	if pontage.CodeOf(err) != code || code != "" && pontage.Public(err).Field != field {
		t.Fatalf("got %v, want %s at %q", err, code, field)
	}
}

func (w *world) newClient(t *testing.T, in partner.SecretInput) (*pontage.Client, *partner.IssuedSecret) {
	t.Helper()
	c, err := w.Create(t.Context(), w.by(), partner.CreateInput{AccountID: w.account.ID, Name: "shop"})
	must(t, err)
	in.ClientID = c.ID
	s, err := w.CreateSecret(t.Context(), w.by(), in)
	must(t, err)
	return c, s
}

func (w *world) by() pontage.Actor {
	return pontage.Actor{Kind: pontage.ActorAccount, AccountID: w.account.ID}
}

// Two secrets live side by side, so that a partner changes them without a gap.
func TestSecretsOverlap(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, first := w.newClient(t, partner.SecretInput{})
		second, err := w.CreateSecret(t.Context(), w.by(), partner.SecretInput{ClientID: c.ID, Label: "next"})
		must(t, err)
		if first.Label != partner.DefaultLabel || second.Label != "next" {
			t.Fatalf("labels %q and %q", first.Label, second.Label)
		}
		for _, text := range []string{first.Text, second.Text} {
			by, err := w.AuthenticateClient(t.Context(), c.ID, text)
			must(t, err)
			if by.Kind != pontage.ActorClient || by.ClientID != c.ID || by.AccountID != w.account.ID {
				t.Fatalf("authenticated as %+v", by)
			}
		}
		must(t, w.RevokeSecret(t.Context(), w.by(), first.ID))
		_, err = w.AuthenticateClient(t.Context(), c.ID, first.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = w.AuthenticateClient(t.Context(), c.ID, second.Text)
		must(t, err)
		wantCode(t, w.RevokeSecret(t.Context(), w.by(), first.ID), pontage.NotFound, "")
		if all, err := w.Secrets(t.Context(), w.by(), c.ID, pontage.Keyset{Limit: 5}); err != nil || len(all) != 2 {
			t.Fatalf("%v, %v", all, err)
		}
	})
}

func TestASecretExpires(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, s := w.newClient(t, partner.SecretInput{ExpiresAt: w.clock.Now().Add(time.Hour)})
		w.clock.Advance(time.Hour - time.Microsecond)
		_, err := w.AuthenticateClient(t.Context(), c.ID, s.Text)
		must(t, err)
		w.clock.Advance(time.Microsecond)
		_, err = w.AuthenticateClient(t.Context(), c.ID, s.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = w.CreateSecret(t.Context(), w.by(), partner.SecretInput{ClientID: c.ID, ExpiresAt: w.clock.Now()})
		wantCode(t, err, pontage.InvalidInput, "/expiresAt")
	})
}

// What does not exist, does not belong together or is shut must look the same.
func TestEveryRefusalIsTheSame(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, s := w.newClient(t, partner.SecretInput{})
		other, _ := w.newClient(t, partner.SecretInput{})
		for name, x := range map[string]struct {
			id     pontage.ClientID
			secret string
		}{
			"another client": {other.ID, s.Text}, "unknown client": {"cli_x", s.Text}, "no client": {"", s.Text}, "no secret": {c.ID, ""},
			"unknown secret": {c.ID, w.credentials.New("sec_x")}, "true MAC, wrong secret": {c.ID, w.credentials.New(string(s.ID))},
			"an API key's form": {c.ID, w.credentials.New("key_x")}, "cut": {c.ID, s.Text[:len(s.Text)-1]},
		} {
			_, err := w.AuthenticateClient(t.Context(), x.id, x.secret)
			if e := pontage.Public(err); e.Code != pontage.Unauthenticated || e.Message != "Unauthorized" || e.Field != "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := w.SetDisabled(t.Context(), w.by(), c.ID, true)
		must(t, err)
		_, err = w.AuthenticateClient(t.Context(), c.ID, s.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
	})
}

func TestForgedSecretsAreRefusedUnread(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		c, s := w.newClient(t, partner.SecretInput{})
		fresh := again()
		for i := range len(s.Text) {
			flipped := []byte(s.Text)
			flipped[i] ^= 1
			_, err := fresh.AuthenticateClient(t.Context(), c.ID, string(flipped))
			wantCode(t, err, pontage.Unauthenticated, "")
		}
		if n := fresh.store.n.Load(); n != 0 {
			t.Fatalf("forgeries caused %d reads", n)
		}
		for _, want := range []int64{1, 1} {
			_, err := fresh.AuthenticateClient(t.Context(), c.ID, s.Text)
			must(t, err)
			if n := fresh.store.n.Load(); n != want {
				t.Fatalf("%d reads, want %d", n, want)
			}
		}
	})
}

// A disabled account takes its clients with it.
func TestADisabledAccountsClientsAreShutOut(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, s := w.newClient(t, partner.SecretInput{})
		a := w.account
		a.DisabledAt = w.clock.Now()
		must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error { return tx.UpdateAccount(t.Context(), a) }))
		_, err := w.AuthenticateClient(t.Context(), c.ID, s.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
	})
}

func TestClientsOfOthersAreNotFound(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		c, s := w.newClient(t, partner.SecretInput{})
		stranger := pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_x"}
		_, err := w.Create(t.Context(), stranger, partner.CreateInput{AccountID: w.account.ID, Name: "x"})
		wantCode(t, err, pontage.NotFound, "")
		_, err = w.Clients(t.Context(), stranger, w.account.ID, pontage.ClientFilter{}, pontage.Keyset{Limit: 1})
		wantCode(t, err, pontage.NotFound, "")
		_, err = w.CreateSecret(t.Context(), stranger, partner.SecretInput{ClientID: c.ID})
		wantCode(t, err, pontage.NotFound, "")
		_, err = w.Secrets(t.Context(), stranger, c.ID, pontage.Keyset{Limit: 5})
		wantCode(t, err, pontage.NotFound, "")
		wantCode(t, w.RevokeSecret(t.Context(), stranger, s.ID), pontage.NotFound, "")
		_, err = w.SetDisabled(t.Context(), stranger, c.ID, true)
		wantCode(t, err, pontage.NotFound, "")
		_, err = w.Create(t.Context(), pontage.Operator(), partner.CreateInput{AccountID: "acc_x", Name: "x"})
		wantCode(t, err, pontage.NotFound, "")
		for _, name := range []string{"", "a\x00", strings.Repeat("x", 201)} {
			_, err = w.Create(t.Context(), w.by(), partner.CreateInput{AccountID: w.account.ID, Name: name})
			wantCode(t, err, pontage.InvalidInput, "/name")
		}
		if all, err := w.Clients(t.Context(), w.by(), w.account.ID, pontage.ClientFilter{}, pontage.Keyset{Limit: 10}); err != nil || len(all) != 1 {
			t.Fatalf("%v, %v", all, err)
		}
	})
}

// What ends a client's access is seen here at once, and on other instances when the second is over.
func TestWhatEndsASecretIsSeenInTime(t *testing.T) {
	for name, end := range map[string]func(ctx context.Context, w *world, c *pontage.Client, s *partner.IssuedSecret) error{
		"the secret revoked": func(ctx context.Context, w *world, _ *pontage.Client, s *partner.IssuedSecret) error {
			return w.RevokeSecret(ctx, w.by(), s.ID)
		},
		"the client disabled": func(ctx context.Context, w *world, c *pontage.Client, _ *partner.IssuedSecret) error {
			_, err := w.SetDisabled(ctx, w.by(), c.ID, true)
			return err
		},
		"the account disabled": func(ctx context.Context, w *world, _ *pontage.Client, _ *partner.IssuedSecret) error {
			a := w.account
			a.DisabledAt = w.clock.Now()
			defer w.ForgetOwners() // as package account's Changed does
			return w.store.Write(ctx, func(tx pontage.Tx) error { return tx.UpdateAccount(ctx, a) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world, again func() *world) {
				there := again()
				c, s := w.newClient(t, partner.SecretInput{})
				on := func(w *world, code pontage.Code) {
					t.Helper()
					_, err := w.AuthenticateClient(t.Context(), c.ID, s.Text)
					wantCode(t, err, code, "")
				}
				on(w, "")
				on(there, "")
				must(t, end(t.Context(), w, c, s))
				on(w, pontage.Unauthenticated)
				on(there, "") // else nothing is remembered, and this test shows nothing
				w.clock.Advance(pontage.Freshness)
				on(there, pontage.Unauthenticated)
			})
		})
	}
}
