package walvfs

import (
	"unsafe"

	"modernc.org/libc"
)

// at is what an address of SQLite's own memory, which Go's collector does not know and never moves, points to.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// addressOf is the address of what p points to; p must stay reachable for as long as it is used.
func addressOf[T any](p *T) uintptr { return uintptr(unsafe.Pointer(p)) }

// bytesAt are n bytes at an address of SQLite's.
func bytesAt(address uintptr, n int32) []byte { return unsafe.Slice(at[byte](address), n) }

// function is the Go function behind one of SQLite's function pointers: the translated code keeps the address of a function's value there.
func function[F any](pointer uintptr) F {
	holder := struct{ pointer uintptr }{pointer}
	return *(*F)(unsafe.Pointer(&holder))
}

// pointerTo is the opposite of function. f must be a declared function: a closure could be collected.
func pointerTo[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

// allocate gives the address of a T in SQLite's own memory.
func allocate[T any](tls *libc.TLS) uintptr {
	var t T
	return libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(t)))
}
