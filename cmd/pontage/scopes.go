package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/server"
)

type scopesCommand struct {
	Patterns []string `arg:"" optional:"" name:"pattern" help:"Scopes or patterns, such as GET:company.example.com/*; all if absent."`
	Account  string   `help:"Show what is open to this account: id or e-mail." placeholder:"ACCOUNT"`
	Skip     int      `help:"How many to pass over." default:"0"`
	Limit    int      `help:"How many to show." default:"200"`
	remote   `embed:""`
}

// Help shows examples.
func (scopesCommand) Help() string {
	return `Examples:
  pontage scopes
  pontage scopes 'GET:company.example.com/*' --account ann@example.com
  PONTAGE_KEY=pt_live_key_… pontage scopes --server https://gateway.example.com --email ann@example.com

With --server a running instance is asked over HTTP, as an account or by a token; without it the database is read.

OPEN says whether a token can be given the scope now: 'yes', 'no price', 'restricted' (only to accounts it was granted to), 'gone'
(no document has it any more), and with --account 'no' for what this account cannot have.`
}

// scopeRow is a scope as the list shows it.
type scopeRow struct {
	Scope     string         `json:"scope"`
	Price     *pontage.Money `json:"price"`
	Allowance string         `json:"allowance"`
	Rate      int64          `json:"ratePerMinute"`
	Open      string         `json:"open"`
}

// Validate tells the two ways apart.
func (c scopesCommand) Validate() error {
	switch {
	case c.Server == "":
		return nil
	case c.Account != "":
		return errors.New("over HTTP an account sees its own scopes: --account goes without --server")
	}
	return c.check()
}

// Run prints the scopes by name.
func (c scopesCommand) Run(s *session) error {
	if c.Server != "" {
		rows, err := c.remoteRows(s)
		if err != nil {
			return err
		}
		return s.printScopes(rows)
	}
	return s.with(func(i *server.Instance) error {
		rows, err := c.rows(s, i)
		if err != nil {
			return err
		}
		return s.printScopes(rows)
	})
}

func (s *session) printScopes(rows []scopeRow) error {
	cells := [][]string{}
	for _, r := range rows {
		price := "-"
		if r.Price != nil {
			price = r.Price.String()
		}
		cells = append(cells, []string{r.Scope, price, r.Allowance, fmt.Sprintf("%d/min", r.Rate), r.Open})
	}
	return s.print(rows, func(w io.Writer) { table(w, "SCOPE|PRICE|FREE|RATE|OPEN", cells) })
}

func (c scopesCommand) rows(s *session, i *server.Instance) ([]scopeRow, error) {
	var id pontage.AccountID
	if c.Account != "" {
		a, err := account(s, i, c.Account)
		if err != nil {
			return nil, err
		}
		id = a.ID
	}
	all, err := i.Catalog.Scopes(s, id)
	if err != nil {
		return nil, err
	}
	wanted, err := i.Catalog.ScopeIDs(c.Patterns)
	if err != nil {
		return nil, err
	}
	rows := []scopeRow{}
	for _, a := range all {
		sc := a.Scope
		if len(c.Patterns) > 0 && !slices.Contains(wanted, sc.ID) {
			continue
		}
		rate := sc.RatePerMinute
		if rate == 0 {
			rate = s.cli.RatePerMinute
		}
		rows = append(rows, scopeRow{sc.Name, sc.Price, sc.Allowance.String(), rate, openTo(sc, a.Enabled, c.Account != "")})
	}
	first := min(max(c.Skip, 0), len(rows))
	return rows[first:min(first+max(c.Limit, 0), len(rows))], nil
}

// openTo says who can have a scope.
func openTo(sc *pontage.Scope, enabled, oneAccount bool) string {
	switch {
	case enabled:
		return "yes"
	case !sc.Enabled:
		return "gone"
	case sc.Price == nil:
		return "no price"
	case sc.Restricted && !oneAccount:
		return "restricted"
	}
	return "no"
}
