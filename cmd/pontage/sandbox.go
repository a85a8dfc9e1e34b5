package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/server"
)

// sandboxCommand is what a developer does with the play money of a running sandbox, by the rules that hold for everybody: an operator who is
// to exceed them credits the account (pontage --instance sandbox account credit).
type sandboxCommand struct {
	Show   sandboxShow   `cmd:"" help:"Show the play money that is left today, and what can be simulated."`
	Credit sandboxCredit `cmd:"" help:"Put play money into the account's wallet."`
	Reset  sandboxReset  `cmd:"" help:"Begin anew: forget what was posted, and bring the wallet back to its start."`
	Costs  sandboxCosts  `cmd:"" help:"Say what production would have cost."`
}

// Help shows examples.
func (sandboxCommand) Help() string {
	return `Examples:
  export PONTAGE_EMAIL=ann@example.com PONTAGE_KEY=pt_test_key_…
  pontage sandbox show
  pontage sandbox credit 10
  pontage sandbox costs --date 2026-11 --server https://sandbox.example.com
  pontage sandbox reset`
}

type sandboxShow struct {
	remote `embed:""`
}

// Validate wants to know as whom.
func (c sandboxShow) Validate() error { return c.check() }

// Run prints what the sandbox offers.
func (c sandboxShow) Run(s *session) error {
	var offer struct {
		Credit struct {
			PerDay, Left, Start pontage.Money
			EndsAt              string
		}
		Simulations []struct {
			Value, Effect string
			Status        *int
			OnPlatform    bool
		}
	}
	return c.tell(s, http.MethodGet, "/sandbox", nil, &offer, func(w io.Writer) {
		fmt.Fprintf(w, "left today  %s of %s, until %s\na reset     %s\n\n", offer.Credit.Left, offer.Credit.PerDay, offer.Credit.EndsAt, offer.Credit.Start)
		cells := [][]string{}
		for _, l := range offer.Simulations {
			status, platform := "-", ""
			if l.Status != nil {
				status = fmt.Sprint(*l.Status)
			}
			if l.OnPlatform {
				platform = "yes"
			}
			cells = append(cells, []string{l.Value, status, platform, l.Effect})
		}
		table(w, "PONTAGE-SIMULATE|STATUS|PLATFORM|AS IF", cells)
	})
}

type sandboxCredit struct {
	Amount      string `arg:"" help:"Amount of play money, at most 6 decimals."`
	Description string `help:"What the transaction says."`
	remote      `embed:""`
}

// Validate reads the amount.
func (c sandboxCredit) Validate() error {
	if _, err := pontage.ParseMoney(c.Amount); err != nil {
		return fmt.Errorf("amount: %w", err)
	}
	return c.check()
}

// Run puts it into the wallet.
func (c sandboxCredit) Run(s *session) error {
	body := map[string]any{"amount": json.Number(c.Amount)}
	if c.Description != "" {
		body["description"] = c.Description
	}
	var made struct {
		ID     string
		Amount pontage.Money
	}
	return c.tell(s, http.MethodPost, "/sandbox/credit", body, &made, func(w io.Writer) { fmt.Fprintf(w, "credited %s by %s\n", made.Amount, made.ID) })
}

type sandboxReset struct {
	remote `embed:""`
}

// Validate wants to know as whom.
func (c sandboxReset) Validate() error { return c.check() }

// Run begins anew.
func (c sandboxReset) Run(s *session) error {
	var done struct {
		Credit    pontage.Money
		Forgotten int
	}
	return c.tell(s, http.MethodPost, "/sandbox/reset", nil, &done, func(w io.Writer) {
		fmt.Fprintf(w, "the wallet holds %s; %d posted things are forgotten\n", done.Credit, done.Forgotten)
	})
}

type sandboxCosts struct {
	Date   string `help:"A day, a month or a year (2026-11-20, 2026-11, 2026); all time if absent." placeholder:"DATE"`
	remote `embed:""`
}

// Validate wants to know as whom.
func (c sandboxCosts) Validate() error { return c.check() }

// Run prints the costs by scope.
func (c sandboxCosts) Run(s *session) error {
	path := "/sandbox/costs"
	if c.Date != "" {
		path += "?date=" + url.QueryEscape(c.Date)
	}
	var costs struct {
		TotalRequests int64
		Cost          pontage.Money
		Scopes        []struct {
			Scope                                        string
			Price                                        *pontage.Money
			TotalRequests, WalletRequests, ErrorRequests int64
			Cost                                         pontage.Money
		}
	}
	return c.tell(s, http.MethodGet, path, nil, &costs, func(w io.Writer) {
		cells := [][]string{}
		for _, l := range costs.Scopes {
			price := "-"
			if l.Price != nil {
				price = l.Price.String()
			}
			cells = append(cells, []string{l.Scope, price, fmt.Sprint(l.TotalRequests), fmt.Sprint(l.WalletRequests), fmt.Sprint(l.ErrorRequests), l.Cost.String()})
		}
		table(w, "SCOPE|PRICE|CALLS|PAID|ERRORS|COST", append(cells, []string{"all", "", fmt.Sprint(costs.TotalRequests), "", "", costs.Cost.String()}))
	})
}

// tell asks the sandbox and prints the answer: as it came where JSON is wanted, else what text makes of data.
func (r remote) tell(s *session, method, path string, body, data any, text func(io.Writer)) error {
	var raw json.RawMessage
	if err := r.ask(s, server.Sandbox, method, path, body, &raw); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, data); err != nil {
		return fmt.Errorf("the answer cannot be read: %w", err)
	}
	return s.print(raw, text)
}
