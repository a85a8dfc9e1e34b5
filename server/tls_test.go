package server_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage/server"
)

// certificate writes a fresh pair of files for 127.0.0.1 and gives a client that trusts it.
func certificate(t *testing.T, certFile, keyFile string) *http.Client {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true, DisableKeepAlives: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func get(t *testing.T, client *http.Client, url string) (*http.Response, error) {
	t.Helper()
	response, err := client.Get(url)
	if err == nil {
		response.Body.Close()
	}
	return response, err
}

// Certificate files are all it takes to serve both instances over TLS, and their public URLs say so.
func TestCertificateFilesServeTLS(t *testing.T) {
	folder := t.TempDir()
	certFile, keyFile := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	client := certificate(t, certFile, keyFile)
	p := serve(t, func(c *server.Config) { c.TLSCert, c.TLSKey = certFile, keyFile })
	for _, listener := range []string{p.config.Production.Listen, p.config.Sandbox.Listen} {
		response, err := get(t, client, "https://"+listener+"/readyz")
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != 200 || response.ProtoMajor != 2 || response.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s %d %v", response.Proto, response.StatusCode, response.Header)
		}
		if response, err := get(t, http.DefaultClient, "http://"+listener+"/readyz"); err == nil && response.StatusCode == 200 {
			t.Error("plain HTTP is answered too")
		}
	}
	if !strings.HasPrefix(p.production.URL, "https://") || !strings.HasPrefix(p.sandbox.URL, "https://") {
		t.Errorf("%s %s", p.production.URL, p.sandbox.URL)
	}
	old := &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	if conn, err := tls.Dial("tcp", p.config.Production.Listen, old); err == nil {
		conn.Close()
		t.Error("TLS 1.1 is spoken")
	}
}

// A renewed certificate is served without a restart.
func TestARenewedCertificateIsTakenUp(t *testing.T) {
	folder := t.TempDir()
	certFile, keyFile := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	first := certificate(t, certFile, keyFile)
	p := serve(t, func(c *server.Config) { c.TLSCert, c.TLSKey = certFile, keyFile })
	url := "https://" + p.config.Production.Listen + "/livez"
	if _, err := get(t, first, url); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(certFile, []byte("half a renewal"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := get(t, first, url); err != nil {
		t.Errorf("broken files end the service: %v", err)
	}
	second := certificate(t, certFile, keyFile)
	if _, err := get(t, second, url); err != nil {
		t.Errorf("the renewed certificate is not served: %v", err)
	}
}

func TestBrokenCertificateFilesStopTheStart(t *testing.T) {
	c := defaults(t.TempDir())
	c.TLSCert, c.TLSKey = filepath.Join(c.Data, "cert.pem"), filepath.Join(c.Data, "key.pem")
	if err := c.Complete(); err != nil {
		t.Fatal(err)
	}
	err := server.Serve(t.Context(), c, server.Options{Logger: slog.New(slog.NewJSONHandler(io.Discard, nil))})
	if err == nil || !strings.Contains(err.Error(), "tls-cert") {
		t.Errorf("%v", err)
	}
}
