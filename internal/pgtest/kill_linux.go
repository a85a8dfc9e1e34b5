package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Kill ends every process of the server at one moment, as the end of its machine would, and keeps its files. It returns when they are
// gone.
func (c *Cluster) Kill(ctx context.Context) error {
	server, err := c.server()
	if err != nil {
		return err
	}
	if err := syscall.Kill(server, syscall.SIGSTOP); err != nil { // so that it starts no more of them
		return err
	}
	processes := append(children(server), server)
	for _, process := range processes {
		_ = syscall.Kill(process, syscall.SIGKILL)
	}
	for _, process := range processes {
		if err := gone(ctx, process); err != nil {
			return err
		}
	}
	// Nobody may have taken notice of their end yet; then the next server would take the number in its locks for a living one.
	locks, err := filepath.Glob(filepath.Join(c.guard.Dir, ".s.PGSQL.*.lock"))
	for _, lock := range append(locks, c.lockFile()) {
		err = errors.Join(err, os.Remove(lock))
	}
	return err
}

func (c *Cluster) lockFile() string { return filepath.Join(c.guard.Dir, "data", "postmaster.pid") }

// server gives the process that all others of the cluster are children of.
func (c *Cluster) server() (int, error) {
	text, err := os.ReadFile(c.lockFile())
	if err != nil {
		return 0, err
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	return strconv.Atoi(string(first))
}

// children gives the processes that process started.
func children(process int) (all []int) {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", process))
	for _, thread := range threads {
		text, _ := os.ReadFile(thread)
		for _, field := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(field); err == nil {
				all = append(all, child)
			}
		}
	}
	return all
}

// gone waits until the process has ended, whether or not its parent has taken notice.
func gone(ctx context.Context, process int) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process))
		if _, state, _ := strings.Cut(string(text), ") "); err != nil || strings.HasPrefix(state, "Z") || strings.HasPrefix(state, "X") {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("pgtest: process %d does not end: %w", process, ctx.Err())
		case <-tick.C:
		}
	}
}
