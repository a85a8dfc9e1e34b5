package pgtest

import (
	"context"
	"fmt"
	"os"
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
func (c *Cluster) Resume(ctx context.Context) error { return c.ResumeUnder(ctx, func(*exec.Cmd) {}) }

// ResumeUnder is Resume with a last word about the command that starts the server.
func (c *Cluster) ResumeUnder(ctx context.Context, change func(*exec.Cmd)) error {
	log := filepath.Join(c.guard.Dir, "server.log")
	start := c.control(ctx, "start", "-l", log)
	change(start)
	err := said(start)
	if err != nil {
		text, _ := os.ReadFile(log)
		err = fmt.Errorf("%w: %s", err, text[max(0, len(text)-2000):])
	}
	return err
}

func (c *Cluster) steer(ctx context.Context, arguments ...string) error {
	return said(c.control(ctx, arguments...))
}

func said(command *exec.Cmd) error {
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("pgtest: %v: %w: %s", command.Args, err, out)
	}
	return nil
}
