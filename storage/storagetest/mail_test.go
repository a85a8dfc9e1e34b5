package storagetest_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func TestConfirmationsAndMailsComeBackAsTheyWentIn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		u := newUser(t, store)
		for _, c := range []struct {
			id      string
			at, out time.Time
			hash    []byte
			user    pontage.UserID
			account pontage.AccountID
		}{{"Ünï'?0\\", odd, oddUTC, []byte{0, 0xff}, u.ID, u.AccountID}, {"", time.Time{}, time.Time{}, []byte{}, "", ""}} {
			confirmation := pontage.Confirmation{ID: pontage.ConfirmationID("cnf_" + c.id), Kind: pontage.ConfirmReset, Email: c.id + "@Example.com", UserID: c.user,
				AccountID: c.account, Name: c.id, Password: c.id, KeyID: c.id, Hash: c.hash, CreatedAt: c.at, ExpiresAt: c.at, UsedAt: c.at}
			mail := pontage.Mail{ID: pontage.MailID("mai_" + c.id), Kind: c.id, Recipient: c.id, Subject: c.id, KeyID: c.id, Sealed: c.hash, CreatedAt: c.at,
				SendBy: c.at, ExpiresAt: c.at, NextAt: c.at, SentAt: c.at, Attempts: len(c.id), Failure: c.id}
			write(t, store, func(tx pontage.Tx) error {
				return first(tx.InsertConfirmation(ctx, confirmation), tx.InsertMail(ctx, mail))
			})
			confirmation.CreatedAt, confirmation.ExpiresAt, confirmation.UsedAt = c.out, c.out, c.out
			mail.CreatedAt, mail.SendBy, mail.ExpiresAt, mail.NextAt, mail.SentAt = c.out, c.out, c.out, c.out, c.out
			same(t, &confirmation)(store.Confirmation(ctx, confirmation.ID))
			same(t, &mail)(store.Mail(ctx, mail.ID))
			mail.KeyID, mail.Sealed, mail.SendBy, mail.NextAt, mail.SentAt, mail.Failure = "k", []byte{}, oddUTC, oddUTC, oddUTC, "f"
			write(t, store, func(tx pontage.Tx) error { return tx.UpdateMail(ctx, mail) })
			same(t, &mail)(store.Mail(ctx, mail.ID))
			if err := store.Write(ctx, func(tx pontage.Tx) error { return tx.InsertMail(ctx, mail) }); pontage.CodeOf(err) != pontage.Conflict {
				t.Errorf("the same mail again: %v", err)
			}
		}
		for what, err := range map[string]error{
			"confirmation": func() error { _, err := store.Confirmation(ctx, "cnf_none"); return err }(),
			"mail":         func() error { _, err := store.Mail(ctx, "mai_none"); return err }(),
			"open": func() error {
				_, err := store.OpenConfirmation(ctx, pontage.ConfirmReset, "@example.com", oddUTC)
				return err
			}(),
			"update": store.Write(ctx, func(tx pontage.Tx) error { return tx.UpdateMail(ctx, pontage.Mail{ID: "mai_none"}) }),
		} {
			if pontage.CodeOf(err) != pontage.NotFound {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

// A mailed link is good once, whoever else has it, and what it waited with is gone afterwards.
func TestAConfirmationIsUsedOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		stores, ctx := []*storage.Store{open(), open()}, t.Context()
		u, other := newUser(t, stores[0]), newUser(t, stores[0])
		write(t, stores[0], func(tx pontage.Tx) error {
			for i, id := range []string{"a", "b", "c", "d"} {
				c := pontage.Confirmation{ID: pontage.ConfirmationID("cnf_" + id), Kind: pontage.ConfirmRegistration, Email: "Ann@example.com",
					UserID: []pontage.UserID{u.ID, other.ID}[i/3], Password: "p", CreatedAt: start.Add(time.Duration(i) * time.Second), ExpiresAt: start.Add(time.Hour)}
				if i == 2 {
					c.Email, c.ExpiresAt = "bob@example.com", start
				}
				if err := tx.InsertConfirmation(ctx, c); err != nil {
					return err
				}
			}
			return nil
		})
		newest := func() string {
			c, err := stores[1].OpenConfirmation(ctx, pontage.ConfirmRegistration, "ANN@example.com", start)
			if pontage.CodeOf(err) == pontage.NotFound {
				return "none"
			}
			if err != nil {
				t.Fatal(err)
			}
			return string(c.ID)
		}
		if got := newest(); got != "cnf_d" {
			t.Errorf("the newest is %s", got)
		}
		var used atomic.Int64
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				err := stores[i%2].Write(ctx, func(tx pontage.Tx) error {
					did, err := tx.UseConfirmation(ctx, "cnf_d", start)
					if did {
						used.Add(1)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if used.Load() != 1 || newest() != "cnf_b" {
			t.Errorf("used %d times, then the newest is %s", used.Load(), newest())
		}
		if c, err := stores[0].Confirmation(ctx, "cnf_d"); err != nil || c.Password != "" || !c.UsedAt.Equal(start) {
			t.Errorf("left %+v, %v", c, err)
		}
		write(t, stores[0], func(tx pontage.Tx) error { return tx.EndConfirmationsOf(ctx, other.ID, start) })
		if got := newest(); got != "cnf_b" {
			t.Errorf("ending another's left %s", got)
		}
		write(t, stores[0], func(tx pontage.Tx) error { return tx.EndConfirmationsTo(ctx, "ANN@EXAMPLE.com", start) })
		if got := newest(); got != "none" {
			t.Errorf("left %s", got)
		}
		if c, _ := stores[0].Confirmation(ctx, "cnf_c"); !c.UsedAt.IsZero() {
			t.Error("one to another address was ended")
		}
	})
}

// However many instances look into the outbox, each mail is leased to one of them, and again only when the lease is over.
func TestEveryMailIsLeasedToOneInstance(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		stores, ctx := []*storage.Store{open(), open()}, t.Context()
		write(t, stores[0], func(tx pontage.Tx) error {
			for i := range 40 {
				m := pontage.Mail{ID: pontage.MailID(fmt.Sprintf("mai_%02d", i)), Sealed: []byte{1}, CreatedAt: start.Add(time.Duration(i/8) * time.Second), SendBy: start.Add(time.Hour),
					ExpiresAt: start.Add(time.Hour), NextAt: start}
				switch i {
				case 0:
					m.SentAt = start
				case 1:
					m.SendBy = start
				case 2:
					m.NextAt = start.Add(time.Second)
				}
				if err := tx.InsertMail(ctx, m); err != nil {
					return err
				}
			}
			return nil
		})
		if n, err := stores[0].MailsDue(ctx, start); err != nil || n != 37 {
			t.Errorf("%d due, %v", n, err)
		}
		var mutex sync.Mutex
		leased := map[pontage.MailID]int{}
		lease := func(i int, now time.Time) {
			var got []pontage.Mail
			err := stores[i%2].Write(ctx, func(tx pontage.Tx) (err error) {
				got, err = tx.LeaseMails(ctx, now, now.Add(time.Minute), 5)
				return err
			})
			if err != nil {
				t.Error(err)
			}
			mutex.Lock()
			defer mutex.Unlock()
			for _, m := range got {
				leased[m.ID]++
				if m.Attempts != leased[m.ID] || !m.NextAt.Equal(now.Add(time.Minute)) {
					t.Errorf("leased %+v", m)
				}
			}
		}
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() { lease(i, start) })
		}
		all.Wait()
		for len(leased) < 37 {
			before := len(leased)
			if lease(0, start); len(leased) == before {
				break
			}
		}
		if len(leased) != 37 || leased["mai_39"] != 1 || leased["mai_00"]+leased["mai_01"]+leased["mai_02"] != 0 {
			t.Errorf("leased %v", leased)
		}
		if lease(0, start.Add(time.Minute)); leased["mai_02"] != 1 {
			t.Errorf("the one whose time came first was not leased first: %v", leased)
		}
		var ids []pontage.MailID
		for after := (pontage.Cursor{}); ; {
			page, err := stores[1].Mails(ctx, pontage.Keyset{After: after, Limit: 7})
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, m := range page {
				ids, after = append(ids, m.ID), pontage.Cursor{At: m.CreatedAt, ID: string(m.ID)}
			}
		}
		if len(ids) != 40 || ids[0] != "mai_39" || ids[39] != "mai_00" {
			t.Errorf("listed %v", ids)
		}
	})
}
