package pgtest

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// Cluster is a running private PostgreSQL.
type Cluster struct {
	// URL is that of the superuser's own database, over loopback.
	URL   string
	guard *exec.Cmd
	leash io.Closer
	// control gives pg_ctl for this cluster, as the user it runs as.
	control func(ctx context.Context, arguments ...string) *exec.Cmd
}

//go:embed guard.sh
var guardScript string

// Start starts a cluster in a folder of its own; Stop, or the end of this process, ends it and deletes the folder.
func Start(ctx context.Context) (*Cluster, error) {
	bin, err := binaries(ctx)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "pontage-postgres-")
	if err != nil {
		return nil, err
	}
	cluster, err := startIn(bin, folder)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return cluster, nil
}

func startIn(bin, folder string) (*Cluster, error) {
	who, err := unprivileged(folder)
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	guard := exec.Command("/bin/sh", "-c", guardScript, "guard", bin, folder, port)
	// A group of its own keeps the interrupt from the terminal away: the tests end first, then the guard.
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: who}
	guard.Dir, guard.Stderr = folder, os.Stderr
	leash, err := guard.StdinPipe()
	if err != nil {
		return nil, err
	}
	said, err := guard.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := guard.Start(); err != nil {
		return nil, err
	}
	line, _ := bufio.NewReader(said).ReadString('\n')
	if strings.TrimSpace(line) != "ready" {
		_ = leash.Close()
		return nil, fmt.Errorf("pgtest: PostgreSQL did not start: %w", guard.Wait())
	}
	url := fmt.Sprintf("postgres://postgres@127.0.0.1:%s/postgres?sslmode=disable", port)
	return &Cluster{URL: url, guard: guard, leash: leash, control: controller(bin, folder, who)}, nil
}

// Stop ends the cluster and waits until it is gone.
func (c *Cluster) Stop() error {
	return errors.Join(c.leash.Close(), c.guard.Wait())
}

// freePort gives a port nobody listens on right now.
func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, errors.Join(err, listener.Close())
}

// binaries gives the folder with initdb and pg_ctl, installing PostgreSQL where it is missing and may be installed.
func binaries(ctx context.Context) (string, error) {
	if bin := find(); bin != "" {
		return bin, nil
	}
	const advice = "type: apt-get install postgresql (or your system's way to install PostgreSQL 15 or newer)"
	apt, err := exec.LookPath("apt-get")
	if err != nil || os.Geteuid() != 0 {
		return "", errors.New("pgtest: PostgreSQL is missing; " + advice)
	}
	for _, arguments := range [][]string{{"update"}, {"install", "-y", "--no-install-recommends", "postgresql"}} {
		install := exec.CommandContext(ctx, apt, arguments...)
		install.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := install.CombinedOutput(); err != nil {
			return "", fmt.Errorf("pgtest: PostgreSQL cannot be installed: %w; %s\n%s", err, advice, out)
		}
	}
	if bin := find(); bin != "" {
		return bin, nil
	}
	return "", errors.New("pgtest: the installed PostgreSQL is older than 15; " + advice)
}

// find prefers PATH, then the newest of Debian's versions.
func find() string {
	var candidates []string
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(initdb); err == nil {
			candidates = append(candidates, filepath.Dir(real))
		}
	}
	versions, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	for i := len(versions) - 1; i >= 0; i-- {
		candidates = append(candidates, versions[i])
	}
	for _, bin := range candidates {
		if recentEnough(bin) {
			return bin
		}
	}
	return ""
}

func recentEnough(bin string) bool {
	out, err := exec.Command(filepath.Join(bin, "postgres"), "--version").Output()
	var major int
	if _, parsed := fmt.Sscanf(string(out), "postgres (PostgreSQL) %d", &major); err != nil || parsed != nil {
		return false
	}
	_, err = os.Stat(filepath.Join(bin, "initdb"))
	return err == nil && major >= 15
}
