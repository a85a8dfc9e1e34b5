package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server under measurement.
type process struct {
	command *exec.Cmd
	url     string
	ready   time.Duration
}

// launch starts a server that answers at address and waits until probe is a success there. Its output goes to a file.
func launch(ctx context.Context, log, address, probe, name string, arguments ...string) (*process, error) {
	out, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p := &process{command: exec.Command(name, arguments...), url: "http://" + address}
	p.command.Stdout, p.command.Stderr = out, out
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	started := time.Now()
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	for time.Since(started) < 30*time.Second && ctx.Err() == nil {
		res, err := http.Get(p.url + probe)
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				p.ready = time.Since(started)
				return p, nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	p.stop()
	text, _ := os.ReadFile(log)
	return nil, fmt.Errorf("%s is not ready: %s", filepath.Base(name), text)
}

// stop ends the server as an operator would.
func (p *process) stop() {
	if p == nil {
		return
	}
	_ = p.command.Process.Signal(syscall.SIGTERM)
	over := time.AfterFunc(30*time.Second, func() { _ = p.command.Process.Kill() })
	defer over.Stop()
	_ = p.command.Wait()
}

// kill ends a yardstick.
func (p *process) kill() {
	if p != nil {
		_ = p.command.Process.Kill()
		_ = p.command.Wait()
	}
}

// resident gives the resident set in MiB.
func (p *process) resident() float64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	return 0
}

// processor gives the processor time used so far.
func (p *process) processor() time.Duration {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.command.Process.Pid))
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond // ticks of 1/100 s
}

// freeAddress gives a loopback address nobody listens on right now.
func freeAddress() string {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:0"
	}
	defer socket.Close()
	return socket.Addr().String()
}
