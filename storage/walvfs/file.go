package walvfs

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// room is how many bytes are gathered at most: as many as SQLite's own layer on Unix writes at once. A commit of thirty pages has as many.
const room = 0x1ffff

// log is one open write-ahead log. SQLite uses a file from one goroutine at a time.
type log struct {
	path  string
	below *sqlite3.Tsqlite3_io_methods
	// gathered are bytes not yet handed on; they belong at offset.
	gathered []byte
	offset   int64
	// waits says that there are some; whoever gives back the write lock asks it of every log of his database, and one alone can have some.
	waits atomic.Bool
	// owes says that a commit's sync was left to Sync, which asks for it at a descriptor of its own: SQLite may use its own meanwhile.
	owes   atomic.Bool
	syncer *os.File
}

// openLog takes over a log that the ordinary layer has opened.
func openLog(tls *libc.TLS, path string, file uintptr) int32 {
	syncer, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		_ = function[func(*libc.TLS, uintptr) int32](at[sqlite3.Tsqlite3_io_methods](at[sqlite3.Tsqlite3_file](file).FpMethods).FxClose)(tls, file)
		at[sqlite3.Tsqlite3_file](file).FpMethods = 0 // SQLite closes nothing that failed to open
		return sqlite3.SQLITE_CANTOPEN
	}
	logs.take(tls, file, gathering, func(below *sqlite3.Tsqlite3_io_methods) *log { return &log{path: path, below: below, syncer: syncer} })
	return sqlite3.SQLITE_OK
}

// Sync has everything on the disk that connections of this process had committed into the log at path, which is the database's with "-wal",
// when it was called. It may be called from any goroutine, but not while the last of them is closed.
func Sync(path string) error {
	var open []*log
	logs.each(func(_ uintptr, l *log) {
		if l.path == path {
			open = append(open, l)
		}
	})
	if len(open) == 0 {
		return fmt.Errorf("walvfs: no log is open at %s", path)
	}
	var failed error
	for _, l := range open { // by now without the lock, which every file of the process needs
		if l.owes.Swap(false) {
			failed = errors.Join(failed, l.syncer.Sync())
		}
	}
	return failed
}

// logs are the open ones, by SQLite's file.
var logs = newFiles[log]()

// gathering puts the methods of a log in their places.
func gathering(m *sqlite3.Tsqlite3_io_methods) {
	m.FxWrite, m.FxRead, m.FxSync, m.FxClose = pointerTo(write), pointerTo(read), pointerTo(synchronize), pointerTo(shut)
	m.FxTruncate, m.FxFileSize, m.FxFileControl = pointerTo(truncate), pointerTo(size), pointerTo(control)
}

// write gathers, and hands on what does not follow what is gathered.
func write(tls *libc.TLS, file, from uintptr, n int32, offset int64) int32 {
	l := logs.get(file)
	if len(l.gathered)+int(n) > room || offset != l.offset+int64(len(l.gathered)) {
		if code := l.flush(tls, file); code != sqlite3.SQLITE_OK {
			return code
		}
	}
	if len(l.gathered) == 0 {
		l.offset = offset
		l.waits.Store(true)
	}
	l.gathered = append(l.gathered, bytesAt(from, n)...)
	return sqlite3.SQLITE_OK
}

// flush hands on what is gathered; what could not be written is dropped, as the caller is told so.
func (l *log) flush(tls *libc.TLS, file uintptr) int32 {
	if len(l.gathered) == 0 {
		return sqlite3.SQLITE_OK
	}
	bytes := l.gathered
	l.gathered = bytes[:0]
	l.waits.Store(false)
	below := function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](l.below.FxWrite)
	code := below(tls, file, addressOf(&bytes[0]), int32(len(bytes)), l.offset)
	runtime.KeepAlive(bytes)
	return code
}

// flushed flushes the log of a file and gives the ordinary layer's methods for what comes then.
func flushed(tls *libc.TLS, file uintptr) (*sqlite3.Tsqlite3_io_methods, int32) {
	l := logs.get(file)
	return l.below, l.flush(tls, file)
}

func read(tls *libc.TLS, file, to uintptr, n int32, offset int64) int32 {
	below, code := flushed(tls, file)
	if code != sqlite3.SQLITE_OK {
		return code
	}
	return function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](below.FxRead)(tls, file, to, n, offset)
}

// synchronize hands on what is gathered. A commit asks for the normal kind of sync, and Sync does it later; what must be on the disk before
// SQLite goes on, such as the header of a log that begins anew, is asked for in full.
func synchronize(tls *libc.TLS, file uintptr, flags int32) int32 {
	l := logs.get(file)
	below, code := l.below, l.flush(tls, file)
	if code != sqlite3.SQLITE_OK {
		return code
	}
	if flags == sqlite3.SQLITE_SYNC_NORMAL {
		l.owes.Store(true)
		return sqlite3.SQLITE_OK
	}
	return function[func(*libc.TLS, uintptr, int32) int32](below.FxSync)(tls, file, flags)
}

func truncate(tls *libc.TLS, file uintptr, n int64) int32 {
	below, code := flushed(tls, file)
	if code != sqlite3.SQLITE_OK {
		return code
	}
	return function[func(*libc.TLS, uintptr, int64) int32](below.FxTruncate)(tls, file, n)
}

func size(tls *libc.TLS, file, to uintptr) int32 {
	below, code := flushed(tls, file)
	if code != sqlite3.SQLITE_OK {
		return code
	}
	return function[func(*libc.TLS, uintptr, uintptr) int32](below.FxFileSize)(tls, file, to)
}

func control(tls *libc.TLS, file uintptr, operation int32, argument uintptr) int32 {
	below, code := flushed(tls, file)
	if code != sqlite3.SQLITE_OK {
		return code
	}
	return function[func(*libc.TLS, uintptr, int32, uintptr) int32](below.FxFileControl)(tls, file, operation, argument)
}

// shut closes the file even where the last bytes could not be written: nobody was told that they were.
func shut(tls *libc.TLS, file uintptr) int32 {
	l := logs.get(file)
	below, code := l.below, l.flush(tls, file)
	logs.remove(file)
	_ = l.syncer.Close() // whoever left a sync to Sync has called it by now
	if closed := function[func(*libc.TLS, uintptr) int32](below.FxClose)(tls, file); closed != sqlite3.SQLITE_OK {
		return closed
	}
	return code
}
