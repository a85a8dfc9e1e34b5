package walvfs

import (
	"sync"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// files are the open files of a kind, by their address in SQLite.
type files[T any] struct {
	mutex sync.RWMutex
	open  map[uintptr]*T
	// methods are what SQLite calls for them, by the ordinary methods they are made of: some of ours and the rest as it is.
	methods map[uintptr]uintptr
}

func newFiles[T any]() *files[T] {
	return &files[T]{open: map[uintptr]*T{}, methods: map[uintptr]uintptr{}}
}

// take puts our methods in the place of the ordinary ones, which it hands to what is kept of the file.
func (f *files[T]) take(tls *libc.TLS, file uintptr, replace func(*sqlite3.Tsqlite3_io_methods), of func(below *sqlite3.Tsqlite3_io_methods) *T) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	opened := at[sqlite3.Tsqlite3_file](file)
	below := opened.FpMethods
	if f.methods[below] == 0 {
		ours := allocate[sqlite3.Tsqlite3_io_methods](tls)
		*at[sqlite3.Tsqlite3_io_methods](ours) = *at[sqlite3.Tsqlite3_io_methods](below)
		replace(at[sqlite3.Tsqlite3_io_methods](ours))
		f.methods[below] = ours
	}
	f.open[file] = of(at[sqlite3.Tsqlite3_io_methods](below))
	opened.FpMethods = f.methods[below]
}

func (f *files[T]) get(file uintptr) *T {
	f.mutex.RLock()
	defer f.mutex.RUnlock()
	return f.open[file]
}

func (f *files[T]) each(do func(uintptr, *T)) {
	f.mutex.RLock()
	defer f.mutex.RUnlock()
	for file, t := range f.open {
		do(file, t)
	}
}

func (f *files[T]) remove(file uintptr) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	delete(f.open, file)
}
