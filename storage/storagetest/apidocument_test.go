package storagetest_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// What readers download is what was made: byte for byte, the newest, and never another API's or another kind's.
func TestAPIDocumentsAreReplacedByKind(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		seedCatalog(t, store)
		large := bytes.Repeat([]byte("\x00\xff?'"), 1<<18)
		put := func(all ...pontage.APIDocument) {
			write(t, store, func(tx pontage.Tx) error {
				for _, d := range all {
					if err := tx.PutAPIDocument(ctx, d); err != nil {
						return err
					}
				}
				return nil
			})
		}
		first := pontage.APIDocument{APIID: "api_1", Kind: "a", Digest: "1", Data: []byte("old")}
		other := pontage.APIDocument{APIID: "api_2", Kind: "a", Digest: "1", Data: []byte("other")}
		kind := pontage.APIDocument{APIID: "api_1", Kind: "A", Digest: "1", Data: []byte{}}
		put(first, other, kind)
		first.Digest, first.Data = "2", large
		put(first)
		same(t, &first)(store.APIDocument(ctx, "api_1", "a"))
		same(t, &kind)(store.APIDocument(ctx, "api_1", "A"))
		same(t, &other)(store.APIDocument(ctx, "api_2", "a"))
		if _, err := store.APIDocument(ctx, "api_2", "A"); pontage.CodeOf(err) != pontage.NotFound {
			t.Errorf("what was never made: %v", err)
		}
	})
}

// The list of changes is what partners plan by: whole, newest first, by pages.
func TestAPIRevisionsCanBeListed(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		seedCatalog(t, store)
		changed := pontage.APIRevision{ID: "rev_2", APIID: "api_1", Version: "2", CreatedAt: oddUTC.Add(time.Hour), Changes: []pontage.OperationChange{
			{Kind: pontage.OperationRepriced, Method: "GET", Path: "/a/{b}", From: "0.05"}, {Kind: pontage.OperationAdded, Method: "POST", Path: "/é"},
		}}
		created := pontage.APIRevision{ID: "rev_1", APIID: "api_1", Version: "1", CreatedAt: oddUTC}
		write(t, store, func(tx pontage.Tx) error {
			return first(tx.InsertAPIRevision(ctx, created), tx.InsertAPIRevision(ctx, changed))
		})
		err := store.Write(ctx, func(tx pontage.Tx) error { return tx.InsertAPIRevision(ctx, created) })
		if pontage.CodeOf(err) != pontage.Conflict {
			t.Errorf("twice: %v", err)
		}
		same(t, []pontage.APIRevision{changed, created})(store.APIRevisions(ctx, "api_1", pontage.Keyset{Limit: 10}))
		same(t, []pontage.APIRevision{created})(store.APIRevisions(ctx, "api_1", pontage.Keyset{Limit: 1, After: pontage.Cursor{At: changed.CreatedAt, ID: "rev_2"}}))
		if other, err := store.APIRevisions(ctx, "api_2", pontage.Keyset{Limit: 10}); err != nil || len(other) > 0 {
			t.Errorf("another API has %v: %v", other, err)
		}
	})
}
