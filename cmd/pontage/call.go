package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/server"
)

type callCommand struct {
	ID string `arg:"" help:"Id of the call, as in Pontage-Call-Id."`
}

// Help shows examples.
func (callCommand) Help() string {
	return `Examples:
  pontage call cal_06f2a1d5jq0m3k8r7v9xw2z4bc
  pontage --instance sandbox call cal_06f2a1d5jq0m3k8r7v9xw2z4bc --json`
}

// Run prints the receipt of one call, whosever it is.
func (c callCommand) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		r, err := i.Meter.Receipt(s, pontage.Operator(), pontage.CallID(c.ID))
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
