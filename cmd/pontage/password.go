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

type accountDelete struct {
	Account string `arg:"" help:"Account id or e-mail."`
	Confirm string `help:"The account's e-mail, and ' forfeit' behind it where money or subscriptions are left." required:"" placeholder:"TEXT"`
}

// Help says what is left.
func (accountDelete) Help() string {
	return "API keys, clients, secrets, tokens and sessions end at once; the books keep their sums. Example:\n" +
		"  pontage account delete ann@example.com --confirm ann@example.com"
}

// Run deletes the account.
func (c accountDelete) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err == nil {
			err = i.Accounts.DeleteAccount(s, pontage.Operator(), accounts.DeleteInput{AccountID: a.ID, Confirmation: c.Confirm})
		}
		if err != nil {
			return err
		}
		return s.print(map[string]string{"deleted": string(a.ID)}, func(w io.Writer) { fmt.Fprintln(w, "deleted", a.ID) })
	})
}
