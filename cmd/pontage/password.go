package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/pontage/pontage"
	accounts "github.com/pontage/pontage/account"
	"github.com/pontage/pontage/server"
)

type accountPassword struct {
	Account string `arg:"" help:"Account id or e-mail."`
}

// Help shows an example.
func (accountPassword) Help() string {
	return "All sessions of the user end. Example:\n  pontage account password ann@example.com < password.txt"
}

// Run reads the password and sets it.
func (c accountPassword) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err == nil {
			err = setPassword(s, i, a)
		}
		if err != nil {
			return err
		}
		return s.print(map[string]string{"account": string(a.ID), "email": a.Email}, func(w io.Writer) {
			fmt.Fprintf(w, "%s may log in with it.\n", a.Email)
		})
	})
}

// setPassword takes the first line of standard input: a password does not belong on a command line, which others can read.
func setPassword(s *session, i *server.Instance, a *pontage.Account) error {
	text, err := io.ReadAll(io.LimitReader(os.Stdin, accounts.MaxPassword+2))
	if err != nil {
		return err
	}
	password, _, _ := strings.Cut(string(text), "\n")
	_, err = i.Accounts.SetPassword(s, pontage.Operator(), a.ID, strings.TrimSuffix(password, "\r"))
	return err
}

type accountInvite struct {
	Account string `arg:"" help:"Account id or e-mail."`
}

// Run writes the invitation into the outbox.
func (c accountInvite) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err == nil {
			err = i.Accounts.Invite(s, pontage.Operator(), a.ID)
		}
		if err != nil {
			return err
		}
		return s.print(map[string]string{"account": string(a.ID), "email": a.Email}, func(w io.Writer) {
			fmt.Fprintf(w, "An invitation to %s is in the outbox.\n", a.Email)
		})
	})
}
