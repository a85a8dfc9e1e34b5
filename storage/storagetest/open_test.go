package storagetest_test

import (
	"testing"

	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// An instance that starts on a fresh database, or beside another one, must find a schema it can work with.
func TestTwoInstancesShareOneDatabase(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		for _, store := range []*storage.Store{open(), open()} {
			if err := store.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	})
}
