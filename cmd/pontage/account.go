package main

import (
	"fmt"
	"io"

	"github.com/pontage/pontage"
	accounts "github.com/pontage/pontage/account"
	"github.com/pontage/pontage/server"
)

type accountCommand struct {
	Create   accountCreate   `cmd:"" help:"Create an account with an empty wallet and its first API key."`
	List     accountList     `cmd:"" help:"List accounts, newest first."`
	Credit   accountCredit   `cmd:"" help:"Add credit to an account's wallet."`
	Key      accountKey      `cmd:"" help:"Make another API key; it is shown once."`
	Revoke   accountRevoke   `cmd:"" help:"Revoke an API key."`
	Password accountPassword `cmd:"" help:"Give an account's user a password from standard input; it makes the user where there is none."`
	Invite   accountInvite   `cmd:"" help:"Mail the person of an account a link to choose a password."`
	Delete   accountDelete   `cmd:"" help:"End an account for good and forget its person."`
	Plan     planCommand     `cmd:"" help:"Show, give, book or cancel an account's plan."`
	Grant    accountGrant    `cmd:"" help:"Open restricted scopes to an account, or note that it fulfils a requirement."`
}

type accountCreate struct {
	Email         string `arg:"" help:"E-mail, the Basic user name."`
	Name          string `help:"Name of the account."`
	PasswordStdin bool   `help:"Also make the user who logs in, with the password on standard input." xor:"user"`
	Invite        bool   `help:"Also mail a link with which the person chooses a password." xor:"user"`
}

// Help shows an example.
func (accountCreate) Help() string {
	return "Example:\n  pontage account create ann@example.com --name 'Ann Ltd'"
}

// Run creates the account and prints its key once.
func (c accountCreate) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		a, err := i.Accounts.Create(s, pontage.Operator(), accounts.CreateInput{Email: c.Email, Name: c.Name})
		if err == nil && c.PasswordStdin {
			err = setPassword(s, i, a)
		}
		if err == nil && c.Invite {
			err = i.Accounts.Invite(s, pontage.Operator(), a.ID)
		}
		if err != nil {
			return err
		}
		return s.printNewKey(i, a)
	})
}

// printNewKey makes a key for the account and shows it, for the only time.
func (s *session) printNewKey(i *server.Instance, a *pontage.Account) error {
	key, err := i.Accounts.CreateKey(s, pontage.Operator(), a.ID, "")
	if err != nil {
		return err
	}
	answer := map[string]string{"account": string(a.ID), "email": a.Email, "keyId": string(key.ID), "key": key.Text}
	return s.print(answer, func(w io.Writer) {
		fmt.Fprintf(w, "account  %s\ne-mail   %s\nkey id   %s\nkey      %s\n\nThe key is shown once. Keep it.\n", a.ID, a.Email, key.ID, key.Text)
	})
}

type accountKey struct {
	Account string `arg:"" help:"Account id or e-mail."`
}

// Run makes and prints a key.
func (c accountKey) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err != nil {
			return err
		}
		return s.printNewKey(i, a)
	})
}

type accountRevoke struct {
	Key string `arg:"" help:"Id of the key (key_…)."`
}

// Run revokes the key.
func (c accountRevoke) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		if err := i.Accounts.RevokeKey(s, pontage.Operator(), pontage.APIKeyID(c.Key)); err != nil {
			return err
		}
		return s.print(map[string]string{"revoked": c.Key}, func(w io.Writer) { fmt.Fprintln(w, "revoked", c.Key) })
	})
}

type accountList struct {
	Skip  int `help:"How many to pass over." default:"0"`
	Limit int `help:"How many to show." default:"50"`
}

// accountRow is an account as the list shows it.
type accountRow struct {
	ID    pontage.AccountID `json:"id"`
	Email string            `json:"email"`
	Name  string            `json:"name"`
}

// Run prints the accounts.
func (c accountList) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		all, err := i.Accounts.List(s, pontage.Operator(), pontage.Page{Skip: c.Skip, Limit: c.Limit})
		if err != nil {
			return err
		}
		rows, cells := []accountRow{}, [][]string{}
		for _, a := range all {
			rows = append(rows, accountRow{a.ID, a.Email, a.Name})
			cells = append(cells, []string{string(a.ID), a.Email, moment(a.CreatedAt), a.Name})
		}
		return s.print(rows, func(w io.Writer) { table(w, "ID|E-MAIL|CREATED|NAME", cells) })
	})
}

type accountCredit struct {
	Account     string `arg:"" help:"Account id or e-mail."`
	Amount      string `arg:"" help:"Amount in the instance's currency, at most 6 decimals."`
	Description string `help:"What the partner sees." default:"Top-up"`
}

// Help shows an example.
func (accountCredit) Help() string { return "Example:\n  pontage account credit ann@example.com 25.50" }

// Run books the top-up.
func (c accountCredit) Run(s *session) error {
	amount, err := pontage.ParseMoney(c.Amount)
	if err != nil {
		return fmt.Errorf("amount: %w", err)
	}
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err != nil {
			return err
		}
		transfer, err := i.Meter.Credit(s, pontage.Operator(), a.ID, amount, c.Description)
		if err != nil {
			return err
		}
		wallet, err := i.Store.Wallet(s, a.ID)
		if err != nil {
			return err
		}
		answer := map[string]any{"transfer": transfer.ID, "credit": wallet.Credit()}
		return s.print(answer, func(w io.Writer) {
			fmt.Fprintf(w, "%s  +%s %s, credit is now %s\n", transfer.ID, amount, s.cli.Currency, wallet.Credit())
		})
	})
}

type accountGrant struct {
	Account     string   `arg:"" help:"Account id or e-mail."`
	Scope       []string `help:"Restricted scopes, or patterns." placeholder:"SCOPE"`
	Requirement []string `help:"Requirements it fulfils." placeholder:"NAME"`
}

// Help shows an example.
func (accountGrant) Help() string {
	return "Example:\n  pontage account grant ann@example.com --scope GET:company.example.com/IT-aml --requirement contract-signed"
}

// Run grants; a running server knows it within a second.
func (c accountGrant) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err != nil {
			return err
		}
		ids, err := i.Catalog.ScopeIDs(c.Scope)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := i.Catalog.GrantScope(s, pontage.Operator(), a.ID, id); err != nil {
				return err
			}
		}
		for _, name := range c.Requirement {
			if err := i.Catalog.FulfilRequirement(s, pontage.Operator(), a.ID, name); err != nil {
				return err
			}
		}
		answer := map[string]any{"account": a.ID, "scopes": len(ids), "requirements": len(c.Requirement)}
		return s.print(answer, func(w io.Writer) { fmt.Fprintf(w, "%d scope(s), %d requirement(s)\n", len(ids), len(c.Requirement)) })
	})
}
