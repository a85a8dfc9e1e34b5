package storagetest_test

import (
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// Whoever finds an old bearer in a log learns which one of its token it was, and when it stopped being good.
func TestBearersTellTheirHistory(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		ann, bob := newTenant(t, store, 0), newTenant(t, store, 0)
		at := func(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }
		id := func(who tenant, n int) pontage.TokenID {
			return pontage.TokenID(string(who.lineage) + "-" + string(rune('0'+n)))
		}
		for _, who := range []tenant{ann, bob} {
			l, err := store.Lineage(ctx, who.lineage)
			if err != nil {
				t.Fatal(err)
			}
			l.TokenID, l.Version, l.UpdatedAt = id(who, 3), 2, at(3)
			write(t, store, func(tx pontage.Tx) error {
				for n := 1; n <= 3; n++ {
					if err := tx.InsertToken(ctx, pontage.Token{ID: id(who, n), LineageID: who.lineage, Hash: []byte{1}, CreatedAt: at(n)}); err != nil {
						return err
					}
				}
				return tx.UpdateLineage(ctx, *l)
			})
		}
		bearer := func(who tenant, n int, ended time.Time) pontage.Bearer {
			return pontage.Bearer{ID: id(who, n), LineageID: who.lineage, Number: int64(n), CreatedAt: at(n), EndedAt: ended}
		}
		one := []pontage.LineageID{ann.lineage}
		same(t, []pontage.Bearer{bearer(ann, 3, time.Time{}), bearer(ann, 2, at(3))})(store.Bearers(ctx, one, nil, pontage.Keyset{Limit: 2}))
		behind := pontage.Keyset{Limit: 2, After: pontage.Cursor{At: at(2), ID: string(id(ann, 2))}}
		same(t, []pontage.Bearer{bearer(ann, 1, at(2))})(store.Bearers(ctx, one, nil, behind))
		same(t, []pontage.Bearer{bearer(ann, 1, at(2))})(store.Bearers(ctx, one, nil, pontage.Keyset{Limit: 1, OldestFirst: true}))
		same(t, []pontage.Bearer{bearer(ann, 3, time.Time{})})(store.Bearers(ctx, one, new(true), pontage.Keyset{Limit: 2}))
		same(t, []pontage.Bearer{bearer(ann, 2, at(3)), bearer(ann, 1, at(2))})(store.Bearers(ctx, one, new(false), pontage.Keyset{Limit: 2}))
		if all, err := store.Bearers(ctx, []pontage.LineageID{ann.lineage, bob.lineage, "lin_none"}, nil, pontage.Keyset{Limit: 2}); err != nil || len(all) != 4 {
			t.Errorf("a page of each: %v, %v", all, err)
		}
		write(t, store, func(tx pontage.Tx) error { _, err := tx.RevokeLineage(ctx, ann.lineage, at(9)); return err })
		same(t, []pontage.Bearer{bearer(ann, 3, at(9)), bearer(ann, 2, at(3)), bearer(ann, 1, at(2))})(store.Bearers(ctx, one, nil, pontage.Keyset{Limit: 9}))
		same(t, []pontage.Bearer(nil))(store.Bearers(ctx, nil, nil, pontage.Keyset{Limit: 9}))
	})
}
