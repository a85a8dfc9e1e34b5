package walvfs

import (
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

func synchronize(tls *libc.TLS, file uintptr, flags int32) int32 {
	below, code := flushed(tls, file)
	if code != sqlite3.SQLITE_OK {
		return code
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
	below, code := flushed(tls, file)
	logs.remove(file)
	if closed := function[func(*libc.TLS, uintptr) int32](below.FxClose)(tls, file); closed != sqlite3.SQLITE_OK {
		return closed
	}
	return code
}
