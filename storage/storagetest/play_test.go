package storagetest_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func echoOf(account pontage.AccountID, api pontage.APIID, name string, at time.Time) pontage.Echo {
	return pontage.Echo{ID: pontage.NewEchoID(account, api, "/contacts", name), AccountID: account, APIID: api, Collection: "/contacts",
		Name: name, Body: []byte(`{"name":"` + name + `"}`), CreatedAt: at, ExpiresAt: at.Add(time.Hour)}
}

// What a partner posted comes back as it was, to them alone; what they deleted is known to be deleted.
func TestEchoesAndGrantsComeBack(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		mine, other := newTenant(t, store, 0), newTenant(t, store, 0)
		putScope(t, store)
		const api = pontage.APIID("api_1")
		one, two := echoOf(mine.account, api, "one", start), echoOf(mine.account, api, "two", start.Add(time.Second))
		gone := echoOf(other.account, api, "one", start)
		gone.Body = nil
		grant := pontage.PlayGrant{AccountID: mine.account, Day: "2026-11-20", Amount: 5}
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.PutEcho(ctx, one, 5), tx.PutEcho(ctx, two, 5), tx.PutEcho(ctx, gone, 5), tx.PutPlayGrant(ctx, grant))
		})
		same(t, &one)(store.Echo(ctx, one.ID))
		same(t, []pontage.Echo{two, one})(store.Echoes(ctx, mine.account, api, "/contacts", 5))
		same(t, []pontage.Echo{two})(store.Echoes(ctx, mine.account, api, "/contacts", 1))
		same(t, []pontage.Echo(nil))(store.Echoes(ctx, mine.account, api, "/other", 5))
		same(t, &grant)(store.PlayGrant(ctx, mine.account))
		if e, err := store.Echo(ctx, gone.ID); err != nil || len(e.Body) != 0 {
			t.Errorf("%+v %v", e, err)
		}
		grant.Day, grant.Amount = "2026-11-21", 7
		one.Body = []byte(`{}`)
		write(t, store, func(tx pontage.Tx) error { return first(tx.PutPlayGrant(ctx, grant), tx.PutEcho(ctx, one, 5)) })
		same(t, &grant)(store.PlayGrant(ctx, mine.account))
		same(t, &one)(store.Echo(ctx, one.ID))
		var forgotten, over int
		write(t, store, func(tx pontage.Tx) (err error) { forgotten, err = tx.DeleteEchoes(ctx, mine.account); return err })
		write(t, store, func(tx pontage.Tx) (err error) {
			over, err = tx.DeleteExpired(ctx, start.Add(time.Hour), 5)
			return err
		})
		if forgotten != 2 || over != 1 {
			t.Errorf("%d forgotten, %d over", forgotten, over)
		}
		if _, err := store.PlayGrant(ctx, other.account); pontage.CodeOf(err) != pontage.NotFound {
			t.Error(err)
		}
	})
}

// One account must not fill the disk, however many of its calls post at once; the newest stay.
func TestEchoesAreBoundedPerAccount(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		mine, other := newTenant(t, store, 0), newTenant(t, store, 0)
		putScope(t, store)
		const api = pontage.APIID("api_1")
		write(t, store, func(tx pontage.Tx) error { return tx.PutEcho(ctx, echoOf(other.account, api, "theirs", start), 5) })
		var group sync.WaitGroup
		for i := range 32 {
			group.Go(func() {
				e := echoOf(mine.account, api, fmt.Sprint(i), start.Add(time.Duration(i)*time.Second))
				if err := store.Write(ctx, func(tx pontage.Tx) error { return tx.PutEcho(ctx, e, 5) }); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		same(t, 5)(store.CountEchoes(ctx, mine.account))
		same(t, 1)(store.CountEchoes(ctx, other.account))
		last := echoOf(mine.account, api, "last", start.Add(time.Minute))
		write(t, store, func(tx pontage.Tx) error { return tx.PutEcho(ctx, last, 5) })
		same(t, []pontage.Echo{last})(store.Echoes(ctx, mine.account, api, "/contacts", 1))
	})
}
