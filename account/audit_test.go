package account_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/storage/storagetest"
)

// actions gives what the audit log of an account says, oldest first, as "actor action".
func (w *world) actions(t *testing.T, id pontage.AccountID) (all []string) {
	t.Helper()
	entries, err := w.AuditLog(t.Context(), pontage.Operator(), pontage.AuditQuery{AccountID: id, Page: pontage.Keyset{Limit: 100}})
	must(t, err)
	for _, e := range slices.Backward(entries) {
		all = append(all, string(e.Actor)+" "+e.Action)
	}
	return all
}

// Every change is in the log, with who did it and from where; and nothing in it lets a reader in or names a person.
func TestTheAuditLogSaysWhoDidWhatFromWhere(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		tick := func() { w.clock.Advance(1e9) }
		must(t, w.register(t, annEmail, right))
		code := w.code(t, "verify_email", annEmail)
		u, err := w.VerifyEmail(t.Context(), home, code)
		must(t, err)
		tick()
		by, s := w.as(t)
		tick()
		key, err := w.CreateKey(t.Context(), by, u.AccountID, "laptop")
		must(t, err)
		tick()
		must(t, w.RevokeKey(t.Context(), by, key.ID))
		tick()
		must(t, w.SetDisabled(t.Context(), pontage.Operator(), u.AccountID, true))
		tick()
		must(t, w.SetDisabled(t.Context(), pontage.Operator(), u.AccountID, false))
		tick()
		must(t, w.Logout(t.Context(), by))
		want := []string{"user user.register", "user session.begin", "user api_key.create", "user api_key.revoke", "operator account.disable", "operator account.enable", "user session.end"}
		if got := w.actions(t, u.AccountID); !slices.Equal(got, want) {
			t.Errorf("log %v", got)
		}
		all, err := w.AuditLog(t.Context(), by, pontage.AuditQuery{AccountID: u.AccountID, Action: "api_key.", Page: pontage.Keyset{Limit: 9}})
		must(t, err)
		if len(all) != 2 || all[1].ActorID != string(u.ID) || all[1].Target != string(key.ID) || all[1].Address != home.Address || all[1].UserAgent != firefox ||
			all[1].After["label"] != "laptop" || all[1].Before != nil || all[0].Before["label"] != "laptop" {
			t.Errorf("entries %+v", all)
		}
		text, err := json.Marshal(all)
		must(t, err)
		for _, secret := range []string{code, s.Text, key.Text, right, annEmail, "Ann Ü."} {
			if strings.Contains(string(text), secret) {
				t.Errorf("the log contains %q", secret)
			}
		}
		_, err = w.AuditLog(t.Context(), pontage.Actor{Kind: pontage.ActorUser, AccountID: "acc_x"}, pontage.AuditQuery{AccountID: u.AccountID, Page: pontage.Keyset{Limit: 9}})
		wantCode(t, err, pontage.NotFound, "")
		_, err = w.AuditLog(t.Context(), by, pontage.AuditQuery{Page: pontage.Keyset{Limit: 9}})
		wantCode(t, err, pontage.NotFound, "")
	})
}

// Whatever breaks while a link is followed, the person can follow it again: no account without its user, no used link without effect.
func TestAFailureLeavesNothingHalfDone(t *testing.T) {
	each(t, func(t *testing.T, w *world, _ func() *world) {
		must(t, w.register(t, annEmail, right))
		code := w.code(t, "verify_email", annEmail)
		n := 1
		for ; ; n++ {
			failing := storagetest.FailAt(w.store.Store, n)
			s, err := account.New(account.Config{Store: failing, Clock: w.clock.Now, Credentials: w.credentials})
			must(t, err)
			_, err = s.VerifyEmail(t.Context(), home, code)
			if !failing.Reached() {
				must(t, err)
				break
			}
			if !errors.Is(err, storagetest.ErrInjected) {
				t.Fatalf("step %d: %v", n, err)
			}
			if _, err := w.store.AccountByEmail(t.Context(), annEmail); pontage.CodeOf(err) != pontage.NotFound {
				t.Fatalf("step %d left an account: %v", n, err)
			}
		}
		if n != 8 { // use, end others, account, plan, user, audit, commit
			t.Errorf("%d steps, want 7", n-1)
		}
		_, err := w.login(t, annEmail, right)
		must(t, err)
	})
}
