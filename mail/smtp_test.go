package mail_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// server is a mail server that speaks as much SMTP as a sender needs, with STARTTLS or TLS from the first byte.
type server struct {
	t       *testing.T
	address string
	roots   *x509.CertPool
	config  *tls.Config
	// implicit is TLS from the first byte; plain is none at all.
	implicit, plain bool
	mutex           sync.Mutex
	// received are the messages, overTLS says whether the last one came over TLS.
	received []string
	overTLS  bool
	// refuse answers RCPT for a while.
	refuse string
}

func serve(t *testing.T, change func(*server)) *server {
	t.Helper()
	s := &server{t: t}
	s.certify()
	if change != nil {
		change(s)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if s.implicit {
		listener = tls.NewListener(listener, s.config)
	}
	s.address = listener.Addr().String()
	var connections sync.WaitGroup
	connections.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Go(func() { s.talk(conn) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); connections.Wait() })
	return s
}

// certify makes a certificate for 127.0.0.1 that only this test trusts.
func (s *server) certify() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		s.t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		s.t.Fatal(err)
	}
	s.roots = x509.NewCertPool()
	s.roots.AddCert(certificate)
	s.config = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func (s *server) talk(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	encrypted := s.implicit
	in := bufio.NewReader(conn)
	say := func(line string) { _, _ = conn.Write([]byte(line + "\r\n")) }
	say("220 test ESMTP")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(line + " .")[0]); verb {
		case "EHLO":
			if encrypted || s.plain {
				say("250-test\r\n250 AUTH PLAIN")
			} else {
				say("250-test\r\n250 STARTTLS")
			}
		case "STARTTLS":
			say("220 go on")
			conn = tls.Server(conn, s.config)
			in, encrypted = bufio.NewReader(conn), true
		case "AUTH":
			if strings.Contains(line, "AGFubgBzZWNyZXQ=") { // NUL ann NUL secret
				say("235 welcome")
			} else {
				say("535 who are you")
			}
		case "RCPT":
			s.mutex.Lock()
			refuse := s.refuse
			s.mutex.Unlock()
			if refuse != "" {
				say(refuse)
			} else {
				say("250 ok")
			}
		case "DATA":
			say("354 go on")
			var text strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				text.WriteString(line)
			}
			s.mutex.Lock()
			s.received, s.overTLS = append(s.received, text.String()), encrypted
			s.mutex.Unlock()
			say("250 queued")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *server) got() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.received
}

func (s *server) answerRecipients(with string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.refuse = with
}
