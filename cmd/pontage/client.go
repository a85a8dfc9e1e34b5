package main

import (
	"fmt"
	"io"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
	"github.com/pontage/pontage/server"
)

type clientCommand struct {
	Create clientCreate `cmd:"" help:"Create a client with its first secret, shown once."`
	Secret clientSecret `cmd:"" help:"Make another secret for a client; it is shown once."`
	List   clientList   `cmd:"" help:"List an account's clients."`
}

type clientCreate struct {
	Account string `arg:"" help:"Account id or e-mail."`
	Name    string `arg:"" help:"Name of the client."`
}

// Help shows an example.
func (clientCreate) Help() string {
	return "Example:\n  pontage client create ann@example.com 'Web shop'"
}

// Run creates the client and prints its first secret.
func (c clientCreate) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err != nil {
			return err
		}
		client, err := i.Partners.Create(s, pontage.Operator(), partner.CreateInput{AccountID: a.ID, Name: c.Name})
		if err != nil {
			return err
		}
		return s.printNewSecret(i, partner.SecretInput{ClientID: client.ID})
	})
}

type clientSecret struct {
	Client  string        `arg:"" help:"Client id (cli_…)."`
	Label   string        `help:"Label of the secret."`
	Expires time.Duration `help:"Lifetime, such as 720h; none if absent."`
}

// Run makes and prints a secret.
func (c clientSecret) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		in := partner.SecretInput{ClientID: pontage.ClientID(c.Client), Label: c.Label}
		if c.Expires > 0 {
			in.ExpiresAt = time.Now().Add(c.Expires)
		}
		return s.printNewSecret(i, in)
	})
}

func (s *session) printNewSecret(i *server.Instance, in partner.SecretInput) error {
	secret, err := i.Partners.CreateSecret(s, pontage.Operator(), in)
	if err != nil {
		return err
	}
	answer := map[string]string{"client": string(in.ClientID), "secretId": string(secret.ID), "label": secret.Label, "secret": secret.Text}
	return s.print(answer, func(w io.Writer) {
		fmt.Fprintf(w, "client     %s\nsecret id  %s\nlabel      %s\nsecret     %s\n\nThe secret is shown once. Keep it.\n", in.ClientID, secret.ID, secret.Label, secret.Text)
	})
}

type clientList struct {
	Account string `arg:"" help:"Account id or e-mail."`
	Skip    int    `help:"How many to pass over." default:"0"`
	Limit   int    `help:"How many to show." default:"50"`
}

// Run prints the account's clients, newest first.
func (c clientList) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err != nil {
			return err
		}
		all, err := i.Store.Clients(s, a.ID, pontage.Page{Skip: c.Skip, Limit: c.Limit})
		if err != nil {
			return err
		}
		rows, cells := []map[string]string{}, [][]string{}
		for _, client := range all {
			rows = append(rows, map[string]string{"id": string(client.ID), "name": client.Name, "createdAt": moment(client.CreatedAt)})
			cells = append(cells, []string{string(client.ID), moment(client.CreatedAt), client.Name})
		}
		return s.print(rows, func(w io.Writer) { table(w, "ID|CREATED|NAME", cells) })
	})
}
