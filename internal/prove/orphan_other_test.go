//go:build !linux

package prove_test

import "syscall"

// attributes keep the terminal's signals away from a process; the tests end it themselves.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
