package walvfs

import (
	"errors"
	"fmt"
	"sync"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// name is what SQLite knows the layer by.
const name = "pontage-wal"

// ordinary is the layer below: the platform's own.
var ordinary *sqlite3.Tsqlite3_vfs

// Name registers the layer the first time and gives its name, for the parameter vfs of a data source. The layer stays registered for the
// life of the process, as SQLite's own list of layers does.
var Name = sync.OnceValues(func() (string, error) {
	tls := libc.NewTLS()
	below := sqlite3.Xsqlite3_vfs_find(tls, 0)
	if below == 0 {
		return "", errors.New("walvfs: SQLite has no file layer on this platform")
	}
	ordinary = at[sqlite3.Tsqlite3_vfs](below)
	text, err := libc.CString(name)
	if err != nil {
		return "", fmt.Errorf("walvfs: %w", err)
	}
	ours := allocate[sqlite3.Tsqlite3_vfs](tls)
	*at[sqlite3.Tsqlite3_vfs](ours) = *ordinary
	v := at[sqlite3.Tsqlite3_vfs](ours)
	v.FzName, v.FpNext, v.FxOpen = text, 0, pointerTo(open)
	ordinaryAddress = below
	if code := sqlite3.Xsqlite3_vfs_register(tls, ours, 0); code != sqlite3.SQLITE_OK {
		return "", fmt.Errorf("walvfs: SQLite refused the layer with code %d", code)
	}
	return name, nil
})

var ordinaryAddress uintptr

// open lets the ordinary layer open the file; of a database and its write-ahead log it then takes over some methods.
func open(tls *libc.TLS, _, path, file uintptr, flags int32, opened uintptr) int32 {
	code := function[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](ordinary.FxOpen)(tls, ordinaryAddress, path, file, flags, opened)
	switch {
	case code != sqlite3.SQLITE_OK:
	case flags&sqlite3.SQLITE_OPEN_WAL != 0:
		return openLog(tls, libc.GoString(path), file)
	case flags&sqlite3.SQLITE_OPEN_MAIN_DB != 0:
		databases.take(tls, file, watching, func(below *sqlite3.Tsqlite3_io_methods) *database {
			return &database{log: libc.GoString(path) + "-wal", below: below}
		})
	}
	return code
}
