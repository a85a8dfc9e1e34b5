package walvfs

import (
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// database is an open database file. It is watched for one thing: its connection gives the write lock back, and what that transaction
// wrote into the log before it was rolled back must be in the file by then. Written any later, it could be over what another
// connection has committed there meanwhile.
type database struct {
	below *sqlite3.Tsqlite3_io_methods
	log   string
}

var databases = newFiles[database]()

// watching puts the methods of a database in their places.
func watching(m *sqlite3.Tsqlite3_io_methods) {
	m.FxShmLock, m.FxClose = pointerTo(lock), pointerTo(closeDatabase)
}

const (
	// writeLock is the place of the write lock among those of the log's index, which the file format fixes.
	writeLock = 0
	giveBack  = sqlite3.SQLITE_SHM_UNLOCK | sqlite3.SQLITE_SHM_EXCLUSIVE
)

// lock takes or gives back locks of the log's index.
func lock(tls *libc.TLS, file uintptr, offset, n, flags int32) int32 {
	d := databases.get(file)
	if offset == writeLock && flags == giveBack {
		logs.each(func(file uintptr, l *log) {
			if l.path == d.log && l.waits.Load() {
				l.flush(tls, file) // it was rolled back: whether it can be written does not matter
			}
		})
	}
	return function[func(*libc.TLS, uintptr, int32, int32, int32) int32](d.below.FxShmLock)(tls, file, offset, n, flags)
}

func closeDatabase(tls *libc.TLS, file uintptr) int32 {
	d := databases.get(file)
	databases.remove(file)
	return function[func(*libc.TLS, uintptr) int32](d.below.FxClose)(tls, file)
}
