package main

import (
	"fmt"
	"io"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/oauth"
	"github.com/pontage/pontage/server"
)

type tokenCommand struct {
	Create tokenCreate `cmd:"" help:"Create a token for an account; it is shown once."`
	List   tokenList   `cmd:"" help:"List an account's tokens, newest first."`
	Revoke tokenRevoke `cmd:"" help:"Revoke a token."`
}

type tokenCreate struct {
	Account string        `arg:"" help:"Account id or e-mail."`
	Scopes  []string      `arg:"" help:"Scopes or patterns, such as GET:company.example.com/* or *:*/*."`
	Name    string        `help:"Name of the token."`
	TTL     time.Duration `name:"ttl" help:"Lifetime, such as 720h; a year if absent."`
}

// Help shows an example.
func (tokenCreate) Help() string {
	return "Example:\n  pontage token create ann@example.com 'GET:company.example.com/*' --name nightly --ttl 720h"
}

// Run creates and prints the token.
func (c tokenCreate) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err != nil {
			return err
		}
		issued, err := i.OAuth.Issue(s, actingFor(a), oauth.IssueInput{Name: c.Name, Scopes: c.Scopes, TTL: c.TTL})
		if err != nil {
			return err
		}
		answer := map[string]any{
			"id": issued.TokenID, "token": issued.Bearer, "refreshToken": issued.RefreshToken, "scopes": issued.Scopes, "expiresAt": moment(issued.ExpiresAt),
		}
		return s.print(answer, func(w io.Writer) {
			fmt.Fprintf(w, "token          %s\nrefresh token  %s\nscopes         %d\nexpires        %s\n\nBoth are shown once. Keep them.\n",
				issued.Bearer, issued.RefreshToken, len(issued.Scopes), moment(issued.ExpiresAt))
		})
	})
}

// actingFor is the operator acting for an account.
func actingFor(a *pontage.Account) pontage.Actor {
	by := pontage.Operator()
	by.AccountID = a.ID
	return by
}

type tokenList struct {
	Account string `arg:"" help:"Account id or e-mail."`
	Skip    int    `help:"How many to pass over." default:"0"`
	Limit   int    `help:"How many to show." default:"50"`
}

// Run prints the account's tokens.
func (c tokenList) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err != nil {
			return err
		}
		all, err := i.OAuth.Tokens(s, actingFor(a), pontage.Page{Skip: c.Skip, Limit: c.Limit})
		if err != nil {
			return err
		}
		rows, cells := []map[string]any{}, [][]string{}
		for _, d := range all {
			rows = append(rows, map[string]any{"id": d.TokenID, "name": d.Name, "scopes": d.Scopes, "expiresAt": moment(d.ExpiresAt), "totalRequests": d.Usage.TotalRequests})
			cells = append(cells, []string{string(d.TokenID), fmt.Sprint(len(d.Scopes)), fmt.Sprint(d.Usage.TotalRequests), moment(d.ExpiresAt), d.Name})
		}
		return s.print(rows, func(w io.Writer) { table(w, "ID|SCOPES|CALLS|EXPIRES|NAME", cells) })
	})
}

type tokenRevoke struct {
	Account string `arg:"" help:"Account id or e-mail that owns the token."`
	Token   string `arg:"" help:"Token id (24 hex characters)."`
}

// Run revokes the token.
func (c tokenRevoke) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err != nil {
			return err
		}
		id, err := i.OAuth.ParseTokenReference(c.Token)
		if err != nil {
			return err
		}
		if err := i.OAuth.Revoke(s, actingFor(a), id); err != nil {
			return err
		}
		return s.print(map[string]string{"revoked": string(id)}, func(w io.Writer) { fmt.Fprintln(w, "revoked", id) })
	})
}
