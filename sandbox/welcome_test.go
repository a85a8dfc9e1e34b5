package sandbox_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/sandbox"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// Who registers in the sandbox can make a paid call at once, and sees in the wallet's list where the credit is from.
func TestWhoRegistersBeginsWithCredit(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		keys, err := pontage.NewKeyRing(pontage.NewKey("one"))
		if err != nil {
			t.Fatal(err)
		}
		play := sandbox.New(sandbox.Config{Store: store, Clock: storagetest.Clock})
		accounts, err := account.New(account.Config{Store: store, Clock: storagetest.Clock, Opened: play.Welcome,
			Credentials: pontage.Credentials{Prefix: "pt_test", Keys: keys}, DashboardURL: "https://dashboard.example.com"})
		if err != nil {
			t.Fatal(err)
		}
		visitor := pontage.Visitor(netip.MustParseAddr("192.0.2.1"), "test")
		if err := accounts.Register(ctx, visitor, account.RegisterInput{Email: "ann@example.com", Password: "correct horse battery"}); err != nil {
			t.Fatal(err)
		}
		mails, err := store.Mails(ctx, pontage.Keyset{Limit: 1})
		if err != nil || len(mails) != 1 {
			t.Fatalf("%d mails, %v", len(mails), err)
		}
		text, err := mails[0].Text(keys)
		if err != nil {
			t.Fatal(err)
		}
		_, code, _ := strings.Cut(text, "#code=")
		code, _, _ = strings.Cut(code, "\n")
		user, err := accounts.VerifyEmail(ctx, visitor, code)
		if err != nil {
			t.Fatal(err)
		}
		wallet, err := store.Wallet(ctx, user.AccountID)
		if err != nil || wallet.Credit() != sandbox.DefaultStart {
			t.Errorf("%+v %v", wallet, err)
		}
		lines, err := store.Transactions(ctx, pontage.TransactionQuery{AccountID: user.AccountID, Page: pontage.Page{Limit: 5}})
		if err != nil || len(lines) != 1 || lines[0].Description != "Welcome credit" {
			t.Errorf("%+v %v", lines, err)
		}
		if differences, err := store.Differences(ctx); err != nil || len(differences) > 0 {
			t.Errorf("%v %v", differences, err)
		}
	})
}
