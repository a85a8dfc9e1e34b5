package gatetest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// installing keeps two installations apart.
var installing sync.Mutex

// install gives a program's path, after installing its package where it is missing and may be installed.
func install(t *testing.T, name string) string {
	t.Helper()
	installing.Lock()
	defer installing.Unlock()
	if path, err := lookUp(name); err == nil {
		return path
	}
	apt, err := exec.LookPath("apt-get")
	if err != nil || os.Geteuid() != 0 {
		t.Fatalf("%s is missing; type: apt-get install %s (or your system's way to install it)", name, name)
	}
	var said []byte
	for _, arguments := range [][]string{{"install"}, {"update"}, {"install"}} { // the lists may be missing, or old
		if arguments[0] == "install" {
			arguments = append(arguments, "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", name)
		}
		run := exec.CommandContext(t.Context(), apt, arguments...)
		run.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		said, _ = run.CombinedOutput()
		if path, err := lookUp(name); err == nil {
			return path
		}
	}
	t.Fatalf("%s cannot be installed; type: apt-get install %s\n%s", name, name, said)
	return ""
}

// lookUp also looks where a user who is not root has no PATH to.
func lookUp(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return exec.LookPath(filepath.Join("/usr/sbin", name))
}

// proxy is a program that runs a configuration of docs/forward-auth.
type proxy struct {
	name string
	// start begins it in a folder of its own and gives the command.
	start func(t *testing.T, folder, configuration string) *exec.Cmd
	file  string
}

var proxies = []proxy{
	{"nginx", startNginx, "nginx.conf"},
	{"caddy", startCaddy, "Caddyfile"},
}

// nginxMain is what a distribution's nginx.conf does, without a place outside of the test's folder.
const nginxMain = `daemon off; pid nginx.pid; error_log stderr warn; worker_processes 1;
events {}
http {
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include pontage.conf;
}
`

func startNginx(t *testing.T, folder, configuration string) *exec.Cmd {
	main := nginxMain
	if os.Geteuid() == 0 {
		main = "user root; " + main // the workers must reach the test's folder
	}
	write(t, folder, "nginx.conf", main)
	write(t, folder, "pontage.conf", configuration)
	return exec.Command(install(t, "nginx"), "-p", folder, "-c", filepath.Join(folder, "nginx.conf"), "-e", "stderr")
}

func startCaddy(t *testing.T, folder, configuration string) *exec.Cmd {
	write(t, folder, "Caddyfile", "{\n\tadmin off\n\tauto_https off\n}\n"+configuration)
	run := exec.Command(install(t, "caddy"), "run", "--config", filepath.Join(folder, "Caddyfile"), "--adapter", "caddyfile")
	run.Env = append(os.Environ(), "HOME="+folder, "XDG_DATA_HOME="+folder, "XDG_CONFIG_HOME="+folder)
	return run
}

// run starts the proxy with its documented configuration, changed at its addresses and host name only, and ends it with the test.
func (p proxy) run(t *testing.T, change *strings.Replacer, address string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../docs/forward-auth", p.file))
	if err != nil {
		t.Fatal(err)
	}
	command := p.start(t, t.TempDir(), change.Replace(string(text)))
	log := &lockedLog{}
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() {
		command.Process.Signal(os.Interrupt)
		<-ended
		if t.Failed() {
			t.Logf("%s said:\n%s", p.name, log)
		}
	})
	if err := awaitListener(address, ended); err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
}

// awaitListener waits until somebody listens at the address, or the program has ended.
func awaitListener(address string, ended chan error) error {
	late := time.After(10 * time.Second)
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			return connection.Close()
		}
		select {
		case err := <-ended:
			ended <- err
			return fmt.Errorf("it ended: %w", err)
		case <-late:
			return errors.New("it does not listen")
		case <-tick.C:
		}
	}
}

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// lockedLog is what a program says.
type lockedLog struct {
	mu sync.Mutex
	bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.String()
}
