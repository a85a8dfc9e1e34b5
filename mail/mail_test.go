package mail_test

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/mail"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s *server) sender(t *testing.T, change func(*mail.Config)) *mail.SMTP {
	t.Helper()
	c := mail.Config{Address: s.address, From: "Pontage <no-reply@example.com>", Encryption: "starttls", Username: "ann", Password: "secret",
		TLS: &tls.Config{RootCAs: s.roots, ServerName: "127.0.0.1"}}
	if change != nil {
		change(&c)
	}
	sender, err := mail.NewSMTP(c)
	must(t, err)
	return sender
}

var message = mail.Message{ID: "mai_1", Recipient: "bob@example.com", Subject: "Grüße", Text: "Hello,\n\n.a line that begins with a dot\n", At: storagetest.Start}

func TestMailsLeaveOverTLS(t *testing.T) {
	for name, c := range map[string]struct {
		server func(*server)
		config func(*mail.Config)
		tls    bool
	}{
		"starttls": {nil, nil, true},
		"tls":      {func(s *server) { s.implicit = true }, func(c *mail.Config) { c.Encryption = "tls" }, true},
		"none":     {func(s *server) { s.plain = true }, func(c *mail.Config) { c.Encryption, c.Username = "none", "" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.server)
			must(t, s.sender(t, c.config).Send(t.Context(), message))
			got := s.got()
			if len(got) != 1 || s.overTLS != c.tls {
				t.Fatalf("%d mails, TLS %v", len(got), s.overTLS)
			}
			for _, want := range []string{"To: <bob@example.com>", `From: "Pontage" <no-reply@example.com>`, "Message-ID: <mai_1@example.com>",
				"Subject: =?UTF-8?q?Gr=C3=BC=C3=9Fe?=", "Date: Fri, 20 Nov 2026 12:00:00 +0000", "a line that begins with a dot"} {
				if !strings.Contains(got[0], want) {
					t.Errorf("%q is missing from:\n%s", want, got[0])
				}
			}
		})
	}
}

// A mail with a password link must never travel in the clear because somebody between us and the server hid its STARTTLS.
func TestNothingIsSentWhereTLSIsMissingOrFalse(t *testing.T) {
	for name, c := range map[string]struct {
		server func(*server)
		config func(*mail.Config)
	}{
		"no STARTTLS offered":   {func(s *server) { s.plain = true }, nil},
		"unknown certificate":   {nil, func(c *mail.Config) { c.TLS = nil }},
		"certificate for other": {nil, func(c *mail.Config) { c.TLS.ServerName = "mail.example.com" }},
		"wrong password":        {nil, func(c *mail.Config) { c.Password = "guess" }},
	} {
		s := serve(t, c.server)
		if err := s.sender(t, c.config).Send(t.Context(), message); err == nil || mail.Permanent(err) || len(s.got()) != 0 {
			t.Errorf("%s: %v, %d mails", name, err, len(s.got()))
		}
	}
	for _, c := range []mail.Config{{Address: "mail.example.com", From: "a@b.example", Encryption: "tls"}, {Address: "mail.example.com:25", From: "nobody", Encryption: "tls"},
		{Address: "mail.example.com:25", From: "a@b.example", Encryption: "maybe"}, {Address: "mail.example.com:x", From: "a@b.example", Encryption: "tls"}} {
		if _, err := mail.NewSMTP(c); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
}

// house is an outbox on a real store.
type house struct {
	*mail.Outbox
	store *storage.Store
	clock *storagetest.MovingClock
}

func each(t *testing.T, test func(t *testing.T, open func(mail.Sender) *house)) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		keys, err := pontage.NewKeyRing(pontage.NewKey("k1"))
		must(t, err)
		c := storagetest.NewMovingClock(storagetest.Start)
		test(t, func(sender mail.Sender) *house {
			h := &house{store: open(), clock: c}
			h.Outbox, err = mail.NewOutbox(mail.OutboxConfig{Store: h.store, Clock: c.Now, Keys: keys, Sender: sender, Logger: slog.New(slog.DiscardHandler)})
			must(t, err)
			return h
		})
	})
}

func (h *house) write(t *testing.T, text string) pontage.MailID {
	t.Helper()
	m := pontage.NewMail(h.Keys, h.clock.Now(), 24*time.Hour, "test", "bob@example.com", "Hello", text)
	must(t, h.store.Write(t.Context(), func(tx pontage.Tx) error { return tx.InsertMail(t.Context(), m) }))
	return m.ID
}

func (h *house) see(t *testing.T, id pontage.MailID) (*pontage.Mail, string) {
	t.Helper()
	m, text, err := h.Show(t.Context(), pontage.Operator(), id)
	must(t, err)
	return m, text
}

// Without a mail server an operator must still be able to help a partner to their link.
func TestWithoutAServerMailsStayForTheOperator(t *testing.T) {
	each(t, func(t *testing.T, open func(mail.Sender) *house) {
		h := open(nil)
		id := h.write(t, "the link")
		if n, err := h.SendDue(t.Context()); n != 0 || err != nil {
			t.Fatalf("%d sent, %v", n, err)
		}
		if m, text := h.see(t, id); text != "the link" || strings.Contains(string(m.Sealed), "link") || !m.SentAt.IsZero() {
			t.Errorf("%+v %q", m, text)
		}
		all, err := h.List(t.Context(), pontage.Operator(), pontage.Keyset{Limit: 5})
		if err != nil || len(all) != 1 {
			t.Errorf("%v, %v", all, err)
		}
		by := pontage.Actor{Kind: pontage.ActorAccount, AccountID: "acc_1"}
		if _, _, err := h.Show(t.Context(), by, id); pontage.CodeOf(err) != pontage.Forbidden {
			t.Error(err)
		}
		if _, err := h.List(t.Context(), by, pontage.Keyset{Limit: 5}); pontage.CodeOf(err) != pontage.Forbidden {
			t.Error(err)
		}
	})
}

// A mail server that is away costs time, not mails; once a mail was sent its text is gone, and it is not sent again.
func TestAServerThatIsAwayIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, open func(mail.Sender) *house) {
		s := serve(t, nil)
		h := open(s.sender(t, nil))
		id := h.write(t, "the link")
		s.answerRecipients("451 later")
		for attempt, pause := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 4 * time.Hour} {
			n, err := h.SendDue(t.Context())
			m, text := h.see(t, id)
			if n != 0 || err != nil || m.Attempts != attempt+1 || !m.NextAt.Equal(h.clock.Now().Add(pause)) || m.Failure == "" || text != "the link" {
				t.Fatalf("attempt %d: %d sent, %v, %+v", attempt, n, err, m)
			}
			if n, err := h.SendDue(t.Context()); n != 0 || err != nil || len(s.got()) != 0 {
				t.Fatalf("tried again at once: %d, %v", n, err)
			}
			h.clock.Advance(pause)
		}
		s.answerRecipients("")
		for _, want := range []int{1, 0} {
			if n, err := h.SendDue(t.Context()); n != want || err != nil {
				t.Fatalf("%d sent, %v", n, err)
			}
		}
		if m, text := h.see(t, id); m.SentAt.IsZero() || len(m.Sealed) != 0 || text != "" || m.Failure != "" || len(s.got()) != 1 {
			t.Errorf("%+v %q, %d received", m, text, len(s.got()))
		}
	})
}

func TestARefusalForGoodAndALinkThatIsOverAreGivenUp(t *testing.T) {
	each(t, func(t *testing.T, open func(mail.Sender) *house) {
		s := serve(t, nil)
		h := open(s.sender(t, nil))
		refused := h.write(t, "x")
		s.answerRecipients("550 no such user")
		if n, err := h.SendDue(t.Context()); n != 0 || err != nil {
			t.Fatal(n, err)
		}
		if m, _ := h.see(t, refused); !m.SendBy.Equal(h.clock.Now()) || !strings.Contains(m.Failure, "550") {
			t.Errorf("%+v", m)
		}
		s.answerRecipients("")
		h.write(t, "x")
		h.clock.Advance(24 * time.Hour)
		if n, err := h.SendDue(t.Context()); n != 0 || err != nil || len(s.got()) != 0 {
			t.Errorf("%d sent, %v", n, err)
		}
	})
}

// Run sends what others write while it runs, and ends when it is told to.
func TestTheOutboxIsSentInTheBackground(t *testing.T) {
	each(t, func(t *testing.T, open func(mail.Sender) *house) {
		arrived := make(chan mail.Message, 1)
		h := open(senderFunc(func(m mail.Message) error { arrived <- m; return nil }))
		h.write(t, "hello")
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { h.Run(ctx); close(done) }()
		if m := <-arrived; m.Text != "hello" || m.Recipient != "bob@example.com" {
			t.Errorf("sent %+v", m)
		}
		stop()
		<-done
	})
}

type senderFunc func(mail.Message) error

func (f senderFunc) Send(_ context.Context, m mail.Message) error { return f(m) }

// Two instances share one outbox; each mail goes out once.
func TestInstancesDoNotSendTwice(t *testing.T) {
	each(t, func(t *testing.T, open func(mail.Sender) *house) {
		sent := make(chan mail.Message, 100)
		send := senderFunc(func(m mail.Message) error { sent <- m; return nil })
		a, b := open(send), open(send)
		for range 30 {
			a.write(t, "x")
		}
		errs := make(chan error)
		for _, h := range []*house{a, b} {
			go func() { _, err := h.SendDue(t.Context()); errs <- err }()
		}
		must(t, errors.Join(<-errs, <-errs))
		close(sent)
		seen := map[string]bool{}
		for m := range sent {
			if seen[m.ID] {
				t.Errorf("%s was sent twice", m.ID)
			}
			seen[m.ID] = true
		}
		if len(seen) != 30 {
			t.Errorf("%d sent", len(seen))
		}
	})
}
