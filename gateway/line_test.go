package gateway_test

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/pontage/pontage/internal/pgtest"
)

// line is the wire between the platform and a PostgreSQL. It can be cut in the one moment that leaves a charge in the dark: when the
// database has committed and its word is on the way back.
type line struct {
	socket net.Listener
	server string
	// cutNext cuts the connection of the next commit. Cut is done before the platform learns that the connection is gone.
	cutNext atomic.Bool
	cut     func()
}

// newLine gives a line to the cluster and the URL that leads through it.
func newLine(t *testing.T, cluster *pgtest.Cluster, cut func()) (*line, string) {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	through, err := url.Parse(cluster.URL)
	if err != nil {
		t.Fatal(err)
	}
	l := &line{socket: socket, server: through.Host, cut: cut}
	through.Host = socket.Addr().String()
	go l.accept()
	return l, through.String()
}

func (l *line) accept() {
	for {
		here, err := l.socket.Accept()
		if err != nil {
			return
		}
		there, err := net.Dial("tcp", l.server)
		if err != nil {
			here.Close() // the database is away
			continue
		}
		var committing atomic.Bool
		go func() {
			defer there.Close()
			io.Copy(there, io.TeeReader(here, &watcher{l, &committing}))
		}()
		go func() {
			defer here.Close()
			io.Copy(&answers{here, l, &committing}, there)
		}()
	}
}

// watcher sees what the platform says.
type watcher struct {
	*line
	committing *atomic.Bool
}

func (w *watcher) Write(said []byte) (int, error) {
	if bytes.Contains(said, []byte("COMMIT\x00")) && w.cutNext.CompareAndSwap(true, false) {
		w.committing.Store(true)
	}
	return len(said), nil
}

// answers carries what the database says, but not its word on a commit that is cut.
type answers struct {
	net.Conn
	*line
	committing *atomic.Bool
}

func (a *answers) Write(said []byte) (int, error) {
	if a.committing.Load() {
		a.cut()
		return 0, io.ErrClosedPipe
	}
	return a.Conn.Write(said)
}
