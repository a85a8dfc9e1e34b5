package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// The bounds of a connection. There is no write time-out: answers stream, and the gateway sets a deadline for each write.
const (
	readHeaderTimeout = 5 * time.Second
	idleTimeout       = 60 * time.Second
	maxHeaderBytes    = 16 << 10
)

// listener is one instance's HTTP front.
type listener struct {
	server *http.Server
	socket net.Listener
	failed chan error
}

// listen opens address; with a certificate it speaks TLS 1.2 and above.
func listen(address string, handler http.Handler, certificate *certificate, log *slog.Logger) (*listener, error) {
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	l := &listener{socket: socket, failed: make(chan error, 1), server: &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}}
	if certificate != nil {
		l.server.TLSConfig = &tls.Config{GetCertificate: certificate.get, MinVersion: tls.VersionTLS12}
	}
	return l, nil
}

func (l *listener) serve() {
	var err error
	if l.server.TLSConfig != nil {
		err = l.server.ServeTLS(l.socket, "", "")
	} else {
		err = l.server.Serve(l.socket)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		l.failed <- err
	}
}

// stop lets requests in flight finish for at most timeout, then cuts them.
func (l *listener) stop(timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	if err := l.server.Shutdown(ctx); err != nil {
		return errors.Join(err, l.server.Close())
	}
	return nil
}
