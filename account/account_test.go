package account_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// counted counts how often a key is read, and units of work.
type counted struct {
	*storage.Store
	n, written atomic.Int64
}

// Write counts units of work.
func (c *counted) Write(ctx context.Context, do func(pontage.Tx) error) error {
	c.written.Add(1)
	return c.Store.Write(ctx, do)
}

func (c *counted) KeyOwner(ctx context.Context, id pontage.APIKeyID) (*pontage.APIKey, *pontage.Account, error) {
	c.n.Add(1)
	return c.Store.KeyOwner(ctx, id)
}

type world struct {
	*account.Service
	clock       *storagetest.MovingClock
	store       *counted
	credentials pontage.Credentials
}

func each(t *testing.T, test func(t *testing.T, w *world, again func() *world)) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		keys, err := pontage.NewKeyRing(pontage.NewKey("k1"))
		must(t, err)
		c := storagetest.NewMovingClock(storagetest.Start)
		instance := func() *world {
			w := &world{clock: c, store: &counted{Store: open()}, credentials: pontage.Credentials{Prefix: "pt_live", Keys: keys}}
			var err error
			w.Service, err = account.New(account.Config{
				Store: w.store, Clock: c.Now, Credentials: w.credentials, DashboardURL: "https://dashboard.example.com",
			})
			must(t, err)
			w.Cheap()
			return w
		}
		test(t, instance(), instance)
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

func (w *world) annWithKey(t *testing.T) (*pontage.Account, *account.IssuedKey) {
	t.Helper()
	a, err := w.Create(t.Context(), pontage.Operator(), account.CreateInput{Email: "Ann+api@Example.com", Name: "Ann Ü."})
	must(t, err)
	k, err := w.CreateKey(t.Context(), pontage.Operator(), a.ID, "laptop")
	must(t, err)
	return a, k
}

// The e-mail is the Basic user name: what it must not contain would cut it in two or hide a second header.
func TestEmailsAreBareAddresses(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		for _, email := range []string{
			"", "ann", "@example.com", "ann@", "ann@example.com\x00", "ann@example.com\r\nX: y", " ann@example.com", "Ann <ann@example.com>",
			"ann:b@example.com", "änn@example.com", "ann@example.com,bob@example.com", `"ann"@example.com`, strings.Repeat("a", 250) + "@example.com",
		} {
			_, err := w.Create(t.Context(), pontage.Operator(), account.CreateInput{Email: email})
			wantCode(t, err, pontage.InvalidInput, "/email")
		}
		_, err := w.Create(t.Context(), pontage.Operator(), account.CreateInput{Email: "a@example.com", Name: "a\x00"})
		wantCode(t, err, pontage.InvalidInput, "/name")
		_, err = w.Create(t.Context(), pontage.Operator(), account.CreateInput{Email: "a@example.com", Name: strings.Repeat("ü", 201)})
		wantCode(t, err, pontage.InvalidInput, "/name")
	})
}

func TestAnEmailIsTakenInWhateverCase(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		a, _ := w.annWithKey(t)
		_, err := again().Create(t.Context(), pontage.Operator(), account.CreateInput{Email: "ANN+API@example.COM"})
		wantCode(t, err, pontage.Conflict, "/email")
		found, err := w.ByEmail(t.Context(), pontage.Operator(), "ann+API@example.com")
		must(t, err)
		if found.ID != a.ID || found.Email != "Ann+api@Example.com" {
			t.Fatalf("found %+v", found)
		}
	})
}

func TestOnlyTheOperatorManagesAccounts(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		a, k := w.annWithKey(t)
		by := pontage.Actor{Kind: pontage.ActorAccount, AccountID: a.ID}
		_, err := w.Create(t.Context(), by, account.CreateInput{Email: "b@example.com"})
		wantCode(t, err, pontage.Forbidden, "")
		_, err = w.List(t.Context(), by, pontage.Page{Limit: 1})
		wantCode(t, err, pontage.Forbidden, "")
		wantCode(t, w.SetDisabled(t.Context(), by, a.ID, true), pontage.Forbidden, "")
		if keys, err := w.KeyPage(t.Context(), by, a.ID, nil, pontage.Keyset{Limit: 5}); err != nil || len(keys) != 1 {
			t.Fatalf("%v, %v", keys, err)
		}
		stranger := pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_x"}
		_, err = w.CreateKey(t.Context(), stranger, a.ID, "")
		wantCode(t, err, pontage.NotFound, "")
		wantCode(t, w.RevokeKey(t.Context(), stranger, k.ID), pontage.NotFound, "")
		wantCode(t, w.RevokeKey(t.Context(), by, "key_x"), pontage.NotFound, "")
		must(t, w.RevokeKey(t.Context(), by, k.ID))
		wantCode(t, w.RevokeKey(t.Context(), by, k.ID), pontage.NotFound, "")
		all, err := w.List(t.Context(), pontage.Operator(), pontage.Page{Limit: 10})
		if err != nil || len(all) != 1 {
			t.Fatalf("%v, %v", all, err)
		}
	})
}

// Every way to be wrong must look the same, or an attacker learns which half was right.
func TestEveryRefusalIsTheSame(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		a, k := w.annWithKey(t)
		by, err := w.Authenticate(t.Context(), "ann+API@EXAMPLE.com", k.Text)
		must(t, err)
		if by.Kind != pontage.ActorAccount || by.AccountID != a.ID {
			t.Fatalf("authenticated as %+v", by)
		}
		unknown := w.credentials.New("key_unknown")
		forged := w.credentials.New(string(k.ID))
		for name, c := range map[string][2]string{
			"wrong e-mail": {"bob@example.com", k.Text}, "no e-mail": {"", k.Text}, "no key": {a.Email, ""}, "nothing": {"", ""},
			"unknown key": {a.Email, unknown}, "true MAC, wrong secret": {a.Email, forged}, "cut": {a.Email, k.Text[1:]},
			"a bearer's form": {a.Email, w.credentials.New(string(pontage.NewTokenID(w.clock.Now())))},
		} {
			_, err := w.Authenticate(t.Context(), c[0], c[1])
			if e := pontage.Public(err); e.Code != pontage.Unauthenticated || e.Message != "Unauthorized" || e.Field != "" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Forgeries cost no read; a key that works costs one a second.
func TestAuthenticationReadsOnceASecond(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		a, k := w.annWithKey(t)
		fresh := again()
		for i := range len(k.Text) {
			flipped := []byte(k.Text)
			flipped[i] ^= 1
			_, err := fresh.Authenticate(t.Context(), a.Email, string(flipped))
			wantCode(t, err, pontage.Unauthenticated, "")
		}
		if n := fresh.store.n.Load(); n != 0 {
			t.Fatalf("forgeries caused %d reads", n)
		}
		for _, want := range []int64{1, 1, 2} {
			_, err := fresh.Authenticate(t.Context(), a.Email, k.Text)
			must(t, err)
			if n := fresh.store.n.Load(); n != want {
				t.Fatalf("%d reads, want %d", n, want)
			}
			w.clock.Advance(time.Second / 2)
		}
	})
}

func TestWhatEndsAKey(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		a, k := w.annWithKey(t)
		second := again()
		_, err := second.Authenticate(t.Context(), a.Email, k.Text)
		must(t, err)
		must(t, w.SetDisabled(t.Context(), pontage.Operator(), a.ID, true))
		_, err = w.Authenticate(t.Context(), a.Email, k.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		w.clock.Advance(time.Second) // by then the other instance knows it too
		_, err = second.Authenticate(t.Context(), a.Email, k.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		must(t, w.SetDisabled(t.Context(), pontage.Operator(), a.ID, false))
		_, err = w.Authenticate(t.Context(), a.Email, k.Text)
		must(t, err)
		w.clock.Advance(time.Second)
		_, err = second.Authenticate(t.Context(), a.Email, k.Text)
		must(t, err)
		must(t, w.RevokeKey(t.Context(), pontage.Operator(), k.ID))
		_, err = w.Authenticate(t.Context(), a.Email, k.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		w.clock.Advance(time.Second)
		_, err = second.Authenticate(t.Context(), a.Email, k.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
	})
}

func TestKeysNeedAnAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		_, err := w.CreateKey(t.Context(), pontage.Operator(), "acc_x", "")
		wantCode(t, err, pontage.NotFound, "")
		a, _ := w.annWithKey(t)
		_, err = w.CreateKey(t.Context(), pontage.Operator(), a.ID, "\x07")
		wantCode(t, err, pontage.InvalidInput, "/label")
	})
}
