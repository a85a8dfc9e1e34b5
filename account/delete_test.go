package account_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/storage/storagetest"
)

// fund puts money into a wallet the way the meter does.
func (w *world) fund(t *testing.T, id pontage.AccountID, amount pontage.Money) {
	t.Helper()
	must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error {
		wallet, err := tx.LockWallet(t.Context(), id)
		if err != nil {
			return err
		}
		wallet.Balance += amount
		if err := tx.UpdateWallet(t.Context(), *wallet); err != nil {
			return err
		}
		return tx.InsertTransfers(t.Context(), []pontage.Transfer{{ID: pontage.NewTransferID(w.clock.Now()), Kind: pontage.TransferTopUp, Debit: pontage.LedgerFunding,
			Credit: pontage.LedgerWallet(id), Amount: amount, AccountID: id, CreatedAt: w.clock.Now()}})
	}))
}

// Who leaves leaves nothing that names them and no way in, and the books are equal afterwards.
func TestADeletedAccountLeavesIDsAndBooks(t *testing.T) {
	each(t, func(t *testing.T, w *world, again func() *world) {
		a, u := w.ann(t)
		by, s := w.as(t)
		k, err := w.CreateKey(t.Context(), by, a.ID, "laptop")
		must(t, err)
		_, err = w.ChangeProfile(t.Context(), by, pontage.Profile{Name: "Ann Ü.", Phone: "+31201234567"})
		must(t, err)
		_, err = w.AddAddress(t.Context(), by, account.AddressInput{PostalFields: pontage.PostalFields{Kind: pontage.AddressBilling, City: "Utrecht", Country: "NL"}})
		must(t, err)
		must(t, w.RequestPasswordReset(t.Context(), home, annEmail))
		w.fund(t, a.ID, 2_500_000)
		w.clock.Advance(time.Second)
		remove := func(by pontage.Actor, confirmation string) error {
			return w.DeleteAccount(t.Context(), by, account.DeleteInput{AccountID: a.ID, Confirmation: confirmation})
		}
		err = remove(by, annEmail)
		wantCode(t, err, pontage.InvalidInput, "/confirmation")
		if !strings.Contains(err.Error(), "2.5 in the wallet") || !strings.Contains(err.Error(), annEmail+" forfeit") {
			t.Errorf("the refusal says %v", err)
		}
		wantCode(t, remove(w.bob(t), annEmail+" forfeit"), pontage.NotFound, "")
		must(t, remove(by, strings.ToUpper(annEmail)+" forfeit"))

		_, err = w.AuthenticateSession(t.Context(), home, s.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = again().Authenticate(t.Context(), annEmail, k.Text)
		wantCode(t, err, pontage.Unauthenticated, "")
		_, err = w.login(t, annEmail, right)
		wantCode(t, err, pontage.Unauthenticated, "")
		left, err := w.store.User(t.Context(), u.ID)
		must(t, err)
		gone, err := w.store.Account(t.Context(), a.ID)
		must(t, err)
		addresses, err := w.store.PostalAddresses(t.Context(), u.ID, pontage.PostalFilter{}, pontage.Keyset{Limit: 5})
		must(t, err)
		if text := fmt.Sprint(left, gone, addresses); strings.Contains(strings.ToLower(text), "ann") || strings.Contains(text, "+31") || left.Password != "" || gone.DisabledAt.IsZero() || len(addresses) != 0 {
			t.Errorf("left %s", text)
		}
		wallet, err := w.store.Wallet(t.Context(), a.ID)
		must(t, err)
		differences, err := w.store.Differences(t.Context())
		if err != nil || len(differences) != 0 || wallet.Balance != 2_500_000 {
			t.Errorf("books differ: %v, %v; balance %s", differences, err, wallet.Balance)
		}
		letters := w.letters(t)
		if len(letters) != 1 || letters[0].kind != "account_deleted" || letters[0].recipient != annEmail || !strings.Contains(letters[0].text, "2.5 in the wallet") {
			t.Errorf("mails %+v", letters)
		}
		must(t, w.register(t, annEmail, right)) // the address is free again
		_, err = w.VerifyEmail(t.Context(), home, w.code(t, "verify_email", annEmail))
		must(t, err)
	})
}

// Nothing is deleted under a call that is being paid.
func TestAnAccountWithCallsInFlightIsNotDeleted(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		a, _ := w.ann(t)
		by, _ := w.as(t)
		w.fund(t, a.ID, 100)
		hold := func(held pontage.Money) {
			must(t, w.store.Write(t.Context(), func(tx pontage.Tx) error {
				wallet, err := tx.LockWallet(t.Context(), a.ID)
				if err != nil {
					return err
				}
				wallet.Held = held
				return tx.UpdateWallet(t.Context(), *wallet)
			}))
		}
		hold(40)
		in := account.DeleteInput{AccountID: a.ID, Confirmation: annEmail + " forfeit"}
		wantCode(t, w.DeleteAccount(t.Context(), by, in), pontage.Conflict, "")
		hold(0)
		must(t, w.DeleteAccount(t.Context(), by, in))
	})
}

// Whatever breaks while an account is deleted, it is all there still, or all gone.
func TestADeletionIsWhole(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		a, _ := w.ann(t)
		by, s := w.as(t)
		for n := 1; ; n++ {
			failing := storagetest.FailAt(w.store.Store, n)
			service, err := account.New(account.Config{Store: failing, Clock: w.clock.Now, Credentials: w.credentials})
			must(t, err)
			err = service.DeleteAccount(t.Context(), by, account.DeleteInput{AccountID: a.ID, Confirmation: annEmail})
			if !failing.Reached() {
				must(t, err)
				break
			}
			if !errors.Is(err, storagetest.ErrInjected) {
				t.Fatalf("step %d: %v", n, err)
			}
			if _, err := w.AuthenticateSession(t.Context(), home, s.Text); err != nil {
				t.Fatalf("step %d: the session is gone: %v", n, err)
			}
			if found, err := w.store.AccountByEmail(t.Context(), annEmail); err != nil || !found.DisabledAt.IsZero() {
				t.Fatalf("step %d: %+v, %v", n, found, err)
			}
		}
		_, err := w.store.AccountByEmail(t.Context(), annEmail)
		wantCode(t, err, pontage.NotFound, "")
	})
}

// A stolen copy of the database must let nobody in: no password, session, link or key stands in it.
func TestTheDatabaseHoldsNoSecret(t *testing.T) {
	url := storagetest.SQLite(t)
	keys, err := pontage.NewKeyRing(pontage.NewKey("k1"))
	must(t, err)
	clock := storagetest.NewMovingClock(storagetest.Start)
	w := &world{clock: clock, store: &counted{Store: storagetest.Open(t, url)}, credentials: pontage.Credentials{Prefix: "pt_live", Keys: keys}}
	w.Service, err = account.New(account.Config{Store: w.store, Clock: clock.Now, Credentials: w.credentials, DashboardURL: "https://dashboard.example.com"})
	must(t, err)
	must(t, w.register(t, annEmail, right))
	link := w.code(t, "verify_email", annEmail)
	_, err = w.VerifyEmail(t.Context(), home, link)
	must(t, err)
	by, s := w.as(t)
	k, err := w.CreateKey(t.Context(), by, by.AccountID, "laptop")
	must(t, err)
	clock.Advance(time.Second)
	must(t, w.RequestPasswordReset(context.Background(), home, annEmail))
	secrets := []string{right, link, s.Text, k.Text, w.code(t, "reset_password", annEmail)}
	for _, file := range []string{"", "-wal"} {
		data, err := os.ReadFile(strings.TrimPrefix(url, "sqlite:") + file)
		must(t, err)
		if file == "-wal" && !strings.Contains(string(data), annEmail) {
			t.Error("the test looks at the wrong file")
		}
		for _, secret := range secrets {
			if strings.Contains(string(data), secret) {
				t.Errorf("the database%s holds %q", file, secret)
			}
		}
	}
}
