package server_test

import (
	"bufio"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/account"
	"github.com/pontage/pontage/server"
)

// The password that a newcomer is shown opens the demo account, in both instances and after a restart.
func TestTheDemosPasswordLogsIn(t *testing.T) {
	p := serve(t, nil)
	before := p.production.Demo.Password
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	for name, demo := range map[string]*server.Demo{server.Production: p.production.Demo, server.Sandbox: p.sandbox.Demo} {
		i := open(t, p.config, name)
		visitor := pontage.Visitor(netip.MustParseAddr("127.0.0.1"), "test")
		s, err := i.Accounts.Login(t.Context(), visitor, account.LoginInput{Email: demo.Email, Password: demo.Password})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		by, err := i.Accounts.AuthenticateSession(t.Context(), visitor, s.Text)
		if err != nil || !by.Manages(by.AccountID) || by.UserID == "" {
			t.Errorf("%s: %+v, %v", name, by, err)
		}
	}
	if p.sandbox.Demo.Password == before {
		t.Error("the instances share a password")
	}
}

// A mail that a command wrote is sent by the running server.
func TestARunningServerSendsTheOutbox(t *testing.T) {
	address, arrived := receiveMail(t)
	p := serve(t, func(c *server.Config) {
		c.SMTP = server.SMTP{Address: address, From: "no-reply@example.com", Encryption: "none"}
	})
	i := open(t, p.config, server.Production)
	a, err := i.Accounts.Create(t.Context(), pontage.Operator(), account.CreateInput{Email: "ann@example.com", Name: "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Accounts.Invite(t.Context(), pontage.Operator(), a.ID); err != nil {
		t.Fatal(err)
	}
	if text := <-arrived; !strings.Contains(text, "To: <ann@example.com>") || !strings.Contains(text, "Hello Ann,") ||
		!strings.Contains(text, strings.TrimPrefix(p.production.URL, "http://")+"/docs/accept-invitation") {
		t.Errorf("sent %s", text)
	}
}

// receiveMail is a mail server on loopback that takes one mail a connection.
func receiveMail(t *testing.T) (address string, arrived chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	arrived = make(chan string, 10)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go takeMail(conn, arrived)
		}
	}()
	return listener.Addr().String(), arrived
}

func takeMail(conn net.Conn, arrived chan string) {
	defer func() { _ = conn.Close() }()
	in, text, inData := bufio.NewReader(conn), "", false
	_, _ = conn.Write([]byte("220 test\r\n"))
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		answer := "250 ok\r\n"
		switch {
		case inData && line != ".\r\n":
			text += line
			continue
		case inData:
			arrived <- strings.ReplaceAll(text, "=\r\n", "") // quoted-printable breaks long lines
			inData = false
		case line == "DATA\r\n":
			answer, inData = "354 go on\r\n", true
		}
		_, _ = conn.Write([]byte(answer))
	}
}
