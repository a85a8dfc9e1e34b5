package server

import (
	"errors"
	"fmt"
	"net"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/mail"
)

// sender makes the way out for mails; nil without a mail server.
func (s SMTP) sender() (mail.Sender, error) {
	if s.Address == "" {
		return nil, nil
	}
	return mail.NewSMTP(mail.Config{Address: s.Address, Username: s.Username, Password: s.Password, From: s.From, Encryption: s.Encryption})
}

// problem says what is wrong with the configuration, in terms of its flags.
func (s SMTP) problem() error {
	if s.Address == "" {
		return check(s.Username == "" && s.From == "", "smtp-address is missing where the other smtp flags are set")
	}
	_, err := s.sender()
	if err != nil {
		err = fmt.Errorf("smtp: %w", err)
	}
	return errors.Join(err, check(s.From != "", "smtp-from is missing"),
		check(s.Encryption != "none" || onThisMachine(s.Address), "smtp-encryption: none is for a mail server on this machine"))
}

func onThisMachine(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	return err == nil && pontage.IsLocalName(host)
}
