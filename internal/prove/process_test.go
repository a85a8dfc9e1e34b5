package prove_test

import (
	"bytes"
	"net/http"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is a server that runs.
type process struct {
	t       testing.TB
	command *exec.Cmd
	url     string
	said    said
	began   time.Time
	ready   time.Duration
	gone    chan struct{}
	ended   error
}

// readyWithin bounds every start, after whatever end.
var readyWithin = patient(5 * time.Second)

// serve starts the program and waits until it is ready.
func (h *house) serve(address string, arguments ...string) *process {
	h.t.Helper()
	return h.start(h.command(append([]string{"serve", "--only", "production", "--listen", address}, arguments...)...), address)
}

// start starts a server of any make and waits until it is ready.
func (h *house) start(command *exec.Cmd, address string) *process {
	h.t.Helper()
	p := h.launch(command, address)
	if !p.until(readyWithin, p.isReady) {
		_ = command.Process.Signal(syscall.SIGQUIT) // it says what it waits for
		p.until(time.Second, func() bool { return false })
		p.kill()
		h.t.Fatalf("not ready within %s: %s", readyWithin, p.said.text())
	}
	p.ready = time.Since(p.began)
	return p
}

// launch starts a server and does not wait for it.
func (h *house) launch(command *exec.Cmd, address string) *process {
	h.t.Helper()
	p := &process{t: h.t, command: command, url: "http://" + address, gone: make(chan struct{})}
	command.Stdout, command.Stderr = &p.said, &p.said
	p.began = time.Now()
	h.must(command.Start())
	go func() {
		p.ended = command.Wait()
		close(p.gone)
	}()
	h.t.Cleanup(p.kill)
	return p
}

// probe is a client of its own, so that probes do not share the load's connections.
var probe = &http.Client{Timeout: 2 * time.Second}

func (p *process) isReady() bool {
	answer, err := probe.Get(p.url + "/readyz")
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// until asks every few milliseconds until it is so, or the process is gone, or the time is up.
func (p *process) until(within time.Duration, so func() bool) bool {
	return eventually(within, func() bool {
		select {
		case <-p.gone:
			return false
		default:
			return so()
		}
	})
}

// eventually asks every five milliseconds until it is so or the time is up.
func eventually(within time.Duration, so func() bool) bool {
	tick, over := time.NewTicker(5*time.Millisecond), time.NewTimer(within)
	defer tick.Stop()
	defer over.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-over.C:
			return so()
		}
	}
	return true
}

// kill ends the process as power would, all but the disk.
func (p *process) kill() {
	_ = p.command.Process.Kill()
	<-p.gone
}

// stop ends it as an operator would, and expects it to end well.
func (p *process) stop() {
	p.t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatalf("stop: %v: %s", err, p.said.text())
	}
	<-p.gone
	if p.ended != nil {
		p.t.Errorf("did not stop well: %v: %s", p.ended, p.said.text())
	}
}

// said keeps what a process prints.
type said struct {
	sync.Mutex
	buffer bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.Lock()
	defer s.Unlock()
	return s.buffer.Write(p)
}

// text gives the end of it.
func (s *said) text() string {
	s.Lock()
	defer s.Unlock()
	b := s.buffer.Bytes()
	return string(b[max(0, len(b)-8000):])
}
