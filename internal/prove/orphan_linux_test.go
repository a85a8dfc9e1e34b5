package prove_test

import "syscall"

// attributes let a process end with the tests that started it, however those end, and keep the terminal's signals away from it.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
