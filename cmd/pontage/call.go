package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/server"
)

type callCommand struct {
	What   string   `arg:"" name:"id|method" help:"Id of a call to open, as in Pontage-Call-Id; or the method of a call to make."`
	URL    string   `arg:"" optional:"" name:"url" help:"Of a call to make: the API's own URL, or one below /apis/ of a running instance."`
	Token  string   `help:"The token to call with; better as PONTAGE_TOKEN, which others on the machine cannot read." placeholder:"TOKEN"`
	Body   string   `short:"b" help:"The body to send; @FILE reads it from a file, @- from standard input. JSON, unless a header says otherwise." placeholder:"TEXT|@FILE"`
	Header []string `short:"H" sep:"none" help:"A header to send, 'Name: value'; may be repeated." placeholder:"LINE"`
	Server string   `help:"Where the instance is; the public URL of its configuration if absent." placeholder:"URL"`
}

// Help shows examples.
func (callCommand) Help() string {
	return `Examples:
  pontage call cal_06f2a1d5jq0m3k8r7v9xw2z4bc                        the receipt of a call that was made, from the database
  pontage --instance sandbox call cal_06f2a1d5jq0m3k8r7v9xw2z4bc --json

  export PONTAGE_TOKEN=pt_live_…
  pontage call GET https://company.example.com/IT-start/12485671007   a call through the running instance: decision, price, answer
  pontage call POST company.example.com/orders -b @order.json -H 'Idempotency-Key: 7'
  pontage call GET company.example.com/ping --server https://gateway.example.com

A call that is made is a real one and is charged. Exits with 1 where the answer is 400 or above.`
}

// Validate tells the two uses apart.
func (c callCommand) Validate() error {
	isID := strings.HasPrefix(c.What, "cal_")
	switch {
	case isID && c.URL != "":
		return errors.New("a call's id stands alone: pontage call ID")
	case !isID && c.URL == "":
		return errors.New("give the id of a call (cal_…), or method and URL: pontage call GET https://…")
	case !isID && c.Token == "":
		return errors.New("a call needs a token: --token or PONTAGE_TOKEN; 'pontage token create' makes one")
	}
	for _, line := range c.Header {
		if !strings.Contains(line, ":") {
			return fmt.Errorf("a header is 'Name: value', not %q", line)
		}
	}
	return nil
}

// Run makes a call, or prints the receipt of one, whosever it is.
func (c callCommand) Run(s *session) error {
	if c.URL != "" {
		return c.make(s)
	}
	return s.with(func(i *server.Instance) error {
		r, err := i.Meter.Receipt(s, pontage.Operator(), pontage.CallID(c.What))
		if err != nil {
			return err
		}
		owner, err := i.Store.Account(s, r.Call.AccountID)
		if err != nil {
			return err
		}
		return s.print(i.ShowReceipt(r), func(w io.Writer) {
			table(w, "CALL|"+string(r.Call.ID), s.receiptLines(i, r, owner))
			fmt.Fprintln(w)
			table(w, "CHECK|PASSED|LIMIT|BEFORE|AFTER|UNIT|WINDOW", checkLines(r.Checks))
			if len(r.Outcomes) > 0 {
				fmt.Fprintln(w)
				table(w, "OUTCOME|AT|STATUS|TOOK|CODE|TRANSFER", outcomeLines(r.Outcomes))
			}
		})
	})
}

func (s *session) receiptLines(i *server.Instance, r *meter.Receipt, owner *pontage.Account) [][]string {
	c := &r.Call
	price := "-"
	if r.Price != nil {
		price = r.Price.String() + " " + s.cli.Currency
	}
	decision := "admitted"
	if c.State == pontage.CallRefused {
		decision = strings.TrimRight("refused, "+string(c.Code)+" "+c.Limit, " ")
	}
	operation, scope := string(c.OperationID), string(c.ScopeID)
	if o, ok := i.Catalog.OperationByID(c.OperationID); ok {
		operation = o.Path
	}
	if known, ok := i.Catalog.ScopeByID(c.ScopeID); ok {
		scope = known.Name
	}
	return [][]string{
		{"state", string(r.State)}, {"at", moment(c.DecidedAt)}, {"account", string(owner.ID) + " " + owner.Email},
		{"client", dash(string(r.ClientID))}, {"token", strings.TrimRight(string(c.TokenID)+" "+r.TokenName, " ")}, {"from", c.Address.String()},
		{"operation", c.Method + " " + c.Host + operation}, {"scope", dash(scope)},
		{"decision", decision}, {"reason", r.Reason}, {"price", price}, {"payer", dash(string(c.Payer))},
		{"charged", r.Charged.String() + " " + s.cli.Currency}, {"transfer", dash(string(transferOf(r)))},
		{"subscription", dash(string(c.SubscriptionID))},
	}
}

// transferOf is what moved the money: with the decision, or with the settlement.
func transferOf(r *meter.Receipt) pontage.TransferID {
	id := r.Call.TransferID
	for _, o := range r.Outcomes {
		if o.Kind == pontage.OutcomeSettled {
			id = o.TransferID
		}
	}
	return id
}

func checkLines(checks []meter.Check) [][]string {
	rows := make([][]string, len(checks))
	for i, c := range checks {
		passed := map[bool]string{true: "yes", false: "no"}[c.Passed]
		rows[i] = []string{c.Name, passed, dash(c.Limit), dash(c.Before), dash(c.After), dash(c.Unit), dash(c.Window)}
	}
	return rows
}

func outcomeLines(outcomes []pontage.Outcome) [][]string {
	rows := make([][]string, len(outcomes))
	for i, o := range outcomes {
		status := "-"
		if o.Status != 0 {
			status = strconv.Itoa(o.Status)
		}
		rows[i] = []string{string(o.Kind), moment(o.At), status, o.Elapsed.String(), dash(string(o.Code)), dash(string(o.TransferID))}
	}
	return rows
}

// dash stands for what is not there.
func dash(text string) string { return cmp.Or(text, "-") }
