package server_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/server"
)

// --only runs one instance: the other's listener, database and keys are not touched.
func TestOnlyOneInstanceRunsAsAProcessOfItsOwn(t *testing.T) {
	for _, name := range []string{server.Production, server.Sandbox} {
		other := map[string]string{server.Production: server.Sandbox, server.Sandbox: server.Production}[name]
		c := defaults(t.TempDir())
		c.Production.Listen, c.Sandbox.Listen = loopback.FreeAddress(t), loopback.FreeAddress(t)
		quiet := map[string]string{server.Production: c.Production.Listen, server.Sandbox: c.Sandbox.Listen}[other]
		all, stop, err := start(c, server.Options{Demo: true, Only: name})
		if err != nil {
			t.Fatal(err)
		}
		p := &platform{T: t}
		if len(all) != 1 || all[0].Name != name || p.ask("GET", all[0].URL+"/wallet", basic(all[0]), "").Status != 200 {
			t.Errorf("%s: %+v", name, all)
		}
		if conn, err := net.Dial("tcp", quiet); err == nil {
			conn.Close()
			t.Errorf("%s listens too", other)
		}
		if found, _ := filepath.Glob(filepath.Join(c.Data, other+"*")); len(found) > 0 {
			t.Errorf("%s left %v", other, found)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(c.Data, name+".db")); err != nil {
			t.Error(err)
		}
	}
}

// Where the second instance cannot start, the first is stopped again.
func TestAHalfStartIsTakenBack(t *testing.T) {
	c := defaults(t.TempDir())
	c.Production.Listen = loopback.FreeAddress(t)
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	c.Sandbox.Listen = busy.Addr().String()
	if _, _, err := start(c, server.Options{}); err == nil {
		t.Fatal("started on a port that is in use")
	}
	if conn, err := net.Dial("tcp", c.Production.Listen); err == nil {
		conn.Close()
		t.Error("production goes on serving with its database closed")
	}
}
