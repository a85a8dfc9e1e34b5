package server

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is a pair of files as TLS needs it. A renewed pair is taken up at the next connection; one that cannot be read yet, such
// as a half-written one, leaves the old pair in service.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	seen    [2]stamp
}

// stamp tells two states of a file apart.
type stamp struct {
	changed time.Time
	size    int64
}

// loadCertificate gives nil where the configuration names no files.
func loadCertificate(c Config, log *slog.Logger) (*certificate, error) {
	if c.TLSCert == "" {
		return nil, nil
	}
	pair := &certificate{certFile: c.TLSCert, keyFile: c.TLSKey, log: log}
	pair.seen = pair.stamps()
	if err := pair.load(); err != nil {
		return nil, err
	}
	return pair, nil
}

func (c *certificate) load() error {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("tls-cert, tls-key: %w", err)
	}
	c.current = &pair
	return nil
}

func (c *certificate) stamps() (now [2]stamp) {
	for i, file := range [...]string{c.certFile, c.keyFile} {
		if info, err := os.Stat(file); err == nil {
			now[i] = stamp{info.ModTime(), info.Size()}
		}
	}
	return now
}

// get is tls.Config's GetCertificate. The stamps are taken before the files are read: what changes meanwhile is seen the next time.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.stamps(); now != c.seen {
		c.seen = now
		if err := c.load(); err != nil {
			c.log.Warn("the renewed certificate cannot be used, the old one stays in service", "error", err)
		}
	}
	return c.current, nil
}
