package prove_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// syncs stands between a program, with all processes it starts, and the kernel where it asks for fsync or fdatasync: every such request
// waits until this process lets it pass. So they are counted exactly, whichever thread asks, and one of them can be the last.
type syncs struct {
	t testing.TB

	mu     sync.Mutex
	seen   int
	last   int
	before func()
	// reached is closed once the last one is asked for; from then on none passes.
	reached chan struct{}
}

// watchSyncs makes the command, which must not run yet, start under watch. It counts from the start and lets all pass until stopAt
// says otherwise.
func watchSyncs(t testing.TB, command *exec.Cmd) *syncs {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "ours"), os.NewFile(uintptr(pair[1]), "theirs")
	if command.Env == nil {
		command.Env = os.Environ()
	}
	command.Env = append(command.Env, syncVariable+"="+command.Path, credentialVariable+"="+credentialText(command.SysProcAttr))
	command.Path, command.ExtraFiles = os.Args[0], []*os.File{theirs}
	t.Cleanup(func() { _ = theirs.Close() }) // not before the command was started with it
	s := &syncs{t: t, reached: make(chan struct{})}
	go func() {
		listener, err := receiveDescriptor(ours)
		_ = ours.Close()
		if err == nil {
			s.serve(listener)
		}
	}()
	return s
}

// stopAt makes the n-th from the first one the last, with before called while the one before it waits.
func (s *syncs) stopAt(n int, before func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last, s.before = n, before
}

// stopAfter makes the n-th from now on the last.
func (s *syncs) stopAfter(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = s.seen + n
}

// serve lets requests pass, up to the last one, until no process is left that could ask.
func (s *syncs) serve(listener int) {
	defer func() { _ = unix.Close(listener) }()
	for {
		polled := []unix.PollFd{{Fd: int32(listener), Events: unix.POLLIN}}
		if _, err := unix.Poll(polled, -1); err != nil && err != unix.EINTR {
			return
		}
		if polled[0].Revents&unix.POLLIN == 0 {
			if polled[0].Revents != 0 {
				return
			}
			continue
		}
		var request [80]byte // struct seccomp_notif; its first field is the id
		if control(listener, unix.SECCOMP_IOCTL_NOTIF_RECV, unsafe.Pointer(&request)) != 0 || !s.passes() {
			continue
		}
		var answer [24]byte // struct seccomp_notif_resp: id, value, error, flags
		copy(answer[:8], request[:8])
		binary.NativeEndian.PutUint32(answer[20:], unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE)
		control(listener, unix.SECCOMP_IOCTL_NOTIF_SEND, unsafe.Pointer(&answer))
	}
}

// passes counts one request.
func (s *syncs) passes() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen++
	switch {
	case s.last == 0 || s.seen < s.last-1:
	case s.seen == s.last-1:
		if s.before != nil {
			s.before()
		}
	default:
		if s.seen == s.last {
			close(s.reached)
		}
		return false
	}
	return true
}

func control(descriptor int, request uintptr, argument unsafe.Pointer) syscall.Errno {
	_, _, err := unix.Syscall(unix.SYS_IOCTL, uintptr(descriptor), request, uintptr(argument))
	return err
}

func receiveDescriptor(from *os.File) (int, error) {
	buffer, rights := make([]byte, 1), make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := unix.Recvmsg(int(from.Fd()), buffer, rights, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return 0, err
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil || len(messages) != 1 {
		return 0, fmt.Errorf("no descriptor came: %w", err)
	}
	descriptors, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(descriptors) != 1 {
		return 0, fmt.Errorf("no descriptor came: %w", err)
	}
	return descriptors[0], nil
}

// credentialText takes the user to run as out of the attributes: this binary must run as us, what it becomes as that user.
func credentialText(attributes *syscall.SysProcAttr) string {
	if attributes == nil || attributes.Credential == nil {
		return ""
	}
	who := attributes.Credential
	attributes.Credential = nil
	return fmt.Sprintf("%d %d", who.Uid, who.Gid)
}

// becomeWatched turns this process into the program at path with every fsync and fdatasync in the hands of who holds the other end of
// descriptor 3. The filter stays with all processes that come from it.
func becomeWatched(path string) error {
	runtime.LockOSThread() // the filter is this thread's, and this thread becomes the program
	listener, err := filterSyncs()
	if err != nil {
		return err
	}
	const socket = 3
	if err := unix.Sendmsg(socket, []byte{0}, unix.UnixRights(listener), nil, 0); err != nil {
		return err
	}
	unix.CloseOnExec(socket)
	if err := becomeUser(os.Getenv(credentialVariable)); err != nil {
		return err
	}
	for _, name := range []string{syncVariable, credentialVariable} {
		if err := os.Unsetenv(name); err != nil {
			return err
		}
	}
	return syscall.Exec(path, os.Args, os.Environ())
}

func becomeUser(text string) error {
	var uid, gid int
	if _, err := fmt.Sscanf(text, "%d %d", &uid, &gid); err != nil {
		return nil // as we are
	}
	for _, change := range []func() error{
		func() error { return syscall.Setgroups([]int{gid}) }, func() error { return syscall.Setgid(gid) }, func() error { return syscall.Setuid(uid) },
	} {
		if err := change(); err != nil {
			return fmt.Errorf("to run as %s: %w", strconv.Quote(text), err)
		}
	}
	return nil
}

// filterSyncs installs the filter and gives the descriptor at which its requests arrive.
func filterSyncs() (int, error) {
	const load, equal, answer = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, unix.BPF_RET | unix.BPF_K
	program := []unix.SockFilter{
		{Code: load, K: 0}, // the number of the system call
		{Code: equal, K: unix.SYS_FSYNC, Jt: 1},
		{Code: equal, K: unix.SYS_FDATASYNC, Jf: 1},
		{Code: answer, K: unix.SECCOMP_RET_USER_NOTIF},
		{Code: answer, K: unix.SECCOMP_RET_ALLOW},
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return 0, err
	}
	// Once a request has arrived only what kills its thread interrupts it: an ordinary signal would make it ask, and count, again.
	const flags = unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	listener, _, err := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, uintptr(unsafe.Pointer(&filter)))
	if err != 0 {
		return 0, fmt.Errorf("to watch fsync needs Linux 5.19 or newer and seccomp: %w", err)
	}
	return int(listener), nil
}
