package walvfs_test

import (
	"testing"

	"github.com/pontage/pontage/storage/walvfs"
)

// What is committed is on its way to the disk by the log's path alone; to sync a log that nobody has open must not look like success.
func TestSyncKnowsOnlyOpenLogs(t *testing.T) {
	f := newFile(t)
	execute(t, f.through, "CREATE TABLE rows (id INTEGER PRIMARY KEY) STRICT")
	if err := walvfs.Sync(f.path + "-wal"); err != nil {
		t.Fatal(err)
	}
	if err := walvfs.Sync(f.path); err == nil {
		t.Error("a log that is not there was synced")
	}
}
