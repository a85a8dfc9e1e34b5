package pgtest

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"
)

// controller makes what runs pg_ctl in folder. The server it starts belongs to no group of ours; the guard ends it with the others.
func controller(bin, folder string, who *syscall.Credential) func(context.Context, ...string) *exec.Cmd {
	return func(ctx context.Context, arguments ...string) *exec.Cmd {
		command := exec.CommandContext(ctx, filepath.Join(bin, "pg_ctl"), append([]string{"-D", filepath.Join(folder, "data"), "-w", "-s"}, arguments...)...)
		command.SysProcAttr, command.Dir = &syscall.SysProcAttr{Setpgid: true, Credential: who}, folder
		return command
	}
}

// Halt ends the server of a cluster that Start made and keeps its files: "fast" as an operator does, "immediate" as a crash does. It
// returns when the server is gone.
func (c *Cluster) Halt(ctx context.Context, mode string) error {
	return c.steer(ctx, "stop", "-m", mode)
}

// Resume starts the server again where it was. It returns when the server takes connections.
func (c *Cluster) Resume(ctx context.Context) error {
	return c.steer(ctx, "start", "-l", filepath.Join(c.guard.Dir, "server.log"))
}

func (c *Cluster) steer(ctx context.Context, arguments ...string) error {
	if out, err := c.control(ctx, arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("pgtest: pg_ctl %v: %w: %s", arguments, err, out)
	}
	return nil
}
