package walvfs

import (
	"runtime"
	"sync"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// room is how many bytes are gathered at most: as many as SQLite's own layer on Unix writes at once. A commit of thirty pages has as many.
const room = 0x1ffff

// log is one open write-ahead log. SQLite uses a file from one goroutine at a time.
type log struct {
	below *sqlite3.Tsqlite3_io_methods
	// gathered are bytes not yet handed on; they belong at offset.
	gathered []byte
	offset   int64
}

// logs are the open ones, by SQLite's file.
var logs = struct {
	sync.RWMutex
	of map[uintptr]*log
}{of: map[uintptr]*log{}}

// methods are what SQLite calls for a log: ours, and of the ordinary layer what needs no gathering. They are made once: all logs of a
// process are files of one layer.
var (
	methods     uintptr
	methodsOnce sync.Once
)

// take puts our methods in the place of the ordinary ones.
func take(tls *libc.TLS, file uintptr) {
	f := at[sqlite3.Tsqlite3_file](file)
	below := at[sqlite3.Tsqlite3_io_methods](f.FpMethods)
	methodsOnce.Do(func() {
		methods = allocate[sqlite3.Tsqlite3_io_methods](tls)
		m := at[sqlite3.Tsqlite3_io_methods](methods)
		*m = *below
		m.FxWrite, m.FxRead, m.FxSync, m.FxClose = pointerTo(write), pointerTo(read), pointerTo(synchronize), pointerTo(shut)
		m.FxTruncate, m.FxFileSize, m.FxFileControl = pointerTo(truncate), pointerTo(size), pointerTo(control)
	})
	logs.Lock()
	logs.of[file] = &log{below: below}
	logs.Unlock()
	f.FpMethods = methods
}

func logOf(file uintptr) *log {
	logs.RLock()
	defer logs.RUnlock()
	return logs.of[file]
}

// write gathers, and hands on what does not follow what is gathered.
func write(tls *libc.TLS, file, from uintptr, n int32, offset int64) int32 {
	l := logOf(file)
	if len(l.gathered)+int(n) > room || offset != l.offset+int64(len(l.gathered)) {
		if code := l.flush(tls, file); code != sqlite3.SQLITE_OK {
			return code
		}
	}
	if len(l.gathered) == 0 {
		l.offset = offset
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
	below := function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](l.below.FxWrite)
	code := below(tls, file, addressOf(&bytes[0]), int32(len(bytes)), l.offset)
	runtime.KeepAlive(bytes)
	return code
}

func read(tls *libc.TLS, file, to uintptr, n int32, offset int64) int32 {
	l := logOf(file)
	if code := l.flush(tls, file); code != sqlite3.SQLITE_OK {
		return code
	}
	return function[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](l.below.FxRead)(tls, file, to, n, offset)
}

func synchronize(tls *libc.TLS, file uintptr, flags int32) int32 {
	l := logOf(file)
	if code := l.flush(tls, file); code != sqlite3.SQLITE_OK {
		return code
	}
	return function[func(*libc.TLS, uintptr, int32) int32](l.below.FxSync)(tls, file, flags)
}

func truncate(tls *libc.TLS, file uintptr, n int64) int32 {
	l := logOf(file)
	if code := l.flush(tls, file); code != sqlite3.SQLITE_OK {
		return code
	}
	return function[func(*libc.TLS, uintptr, int64) int32](l.below.FxTruncate)(tls, file, n)
}

func size(tls *libc.TLS, file, to uintptr) int32 {
	l := logOf(file)
	if code := l.flush(tls, file); code != sqlite3.SQLITE_OK {
		return code
	}
	return function[func(*libc.TLS, uintptr, uintptr) int32](l.below.FxFileSize)(tls, file, to)
}

func control(tls *libc.TLS, file uintptr, operation int32, argument uintptr) int32 {
	l := logOf(file)
	if code := l.flush(tls, file); code != sqlite3.SQLITE_OK {
		return code
	}
	return function[func(*libc.TLS, uintptr, int32, uintptr) int32](l.below.FxFileControl)(tls, file, operation, argument)
}

// shut closes the file even where the last bytes could not be written: nobody was told that they were.
func shut(tls *libc.TLS, file uintptr) int32 {
	l := logOf(file)
	flushed := l.flush(tls, file)
	logs.Lock()
	delete(logs.of, file)
	logs.Unlock()
	closed := function[func(*libc.TLS, uintptr) int32](l.below.FxClose)(tls, file)
	if flushed != sqlite3.SQLITE_OK {
		return flushed
	}
	return closed
}
