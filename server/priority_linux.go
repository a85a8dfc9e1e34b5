package server

import (
	"runtime"
	"syscall"
)

// belowAll runs do on a thread of the lowest priority, which ends with it: what SQLite computes there does not take the processor
// from calls. PostgreSQL computes elsewhere.
func belowAll(do func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked, so that the thread ends and its priority with it
		if err := syscall.Setpriority(syscall.PRIO_PROCESS, syscall.Gettid(), 19); err != nil {
			runtime.UnlockOSThread() // it still runs, with the priority of everything else
		}
		done <- do()
	}()
	return <-done
}
