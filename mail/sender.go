package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	smtp "github.com/wneessen/go-mail"
)

// Config says how to reach the mail server.
type Config struct {
	// Address is host:port; empty means that there is no mail server.
	Address  string
	Username string
	Password string
	// From is the sender's address.
	From string
	// Encryption is "starttls", "tls" from the first byte, or "none", which is for a server on the same machine.
	Encryption string
	// TLS may name roots of its own; nil trusts the machine's.
	TLS *tls.Config
}

// timeout bounds the sending of one mail.
const timeout = 15 * time.Second

// SMTP sends by a mail server.
type SMTP struct {
	from    string
	options []smtp.Option
	host    string
}

// NewSMTP makes a sender; it does not connect yet.
func NewSMTP(c Config) (*SMTP, error) {
	host, port, err := net.SplitHostPort(c.Address)
	if err != nil {
		return nil, fmt.Errorf("mail: %q is not HOST:PORT", c.Address)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("mail: %q is no port", port)
	}
	encryption, err := c.encryption()
	if err != nil {
		return nil, err
	}
	options := append([]smtp.Option{smtp.WithTimeout(timeout)}, encryption...)
	options = append(options, smtp.WithPort(number)) // last: the encryption would bring a port of its own
	if c.TLS != nil {
		options = append(options, smtp.WithTLSConfig(c.TLS))
	}
	if c.Username != "" {
		options = append(options, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover), smtp.WithUsername(c.Username), smtp.WithPassword(c.Password))
	}
	s := &SMTP{from: c.From, options: options, host: host}
	_, err = smtp.NewClient(host, options...)
	return s, errors.Join(err, smtp.NewMsg().From(c.From))
}

func (c Config) encryption() ([]smtp.Option, error) {
	switch c.Encryption {
	case "starttls":
		return []smtp.Option{smtp.WithTLSPolicy(smtp.TLSMandatory)}, nil
	case "tls":
		return []smtp.Option{smtp.WithSSL()}, nil
	case "none":
		return []smtp.Option{smtp.WithTLSPolicy(smtp.NoTLS)}, nil
	}
	return nil, fmt.Errorf("mail: encryption %q is none of starttls, tls, none", c.Encryption)
}

// Message is one mail as it goes out.
type Message struct {
	// ID makes the Message-ID, so that a mail which is sent twice can be recognised.
	ID        string
	Recipient string
	Subject   string
	Text      string
	At        time.Time
}

// Send delivers a message to the server. An error that is Permanent will not go away by trying again.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	message := smtp.NewMsg()
	if err := errors.Join(message.From(s.from), message.To(m.Recipient)); err != nil {
		return permanent{err}
	}
	_, domain, _ := strings.Cut(s.from, "@")
	message.SetMessageIDWithValue(m.ID + "@" + strings.TrimSuffix(domain, ">"))
	message.SetDateWithValue(m.At)
	message.Subject(m.Subject)
	message.SetBodyString(smtp.TypeTextPlain, m.Text)
	client, err := smtp.NewClient(s.host, s.options...)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err = client.DialAndSendWithContext(ctx, message)
	var refused *smtp.SendError
	if errors.As(err, &refused) && refused.ErrorCode() >= 550 && refused.ErrorCode() < 560 {
		return permanent{err}
	}
	return err
}

// permanent is a refusal for good.
type permanent struct{ error }

// Permanent says whether an error of Send will not go away by trying again.
func Permanent(err error) bool {
	var p permanent
	return errors.As(err, &p)
}
