package main

import (
	"fmt"
	"io"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/partner"
	"github.com/pontage/pontage/server"
)

type planCommand struct {
	Show    planShow    `cmd:"" help:"Show what an account booked, and how full it is."`
	Set     planSet     `cmd:"" help:"Give an account Basic, or an arrangement without fee and limits."`
	Upgrade planUpgrade `cmd:"" help:"Book Enterprise for an account; the month is paid from its wallet."`
	Cancel  planCancel  `cmd:"" help:"Let Enterprise end with the month that is paid."`
}

type planShow struct {
	Account string `arg:"" help:"Account id or e-mail."`
}

// Run prints the plan.
func (c planShow) Run(s *session) error { return s.changePlan(c.Account, nil) }

type planSet struct {
	Account string `arg:"" help:"Account id or e-mail."`
	Plan    string `arg:"" help:"basic or arranged." enum:"basic,arranged"`
}

// Help shows an example.
func (planSet) Help() string { return "Example:\n  pontage account plan set ann@example.com arranged" }

// Run gives the plan.
func (c planSet) Run(s *session) error {
	return s.changePlan(c.Account, func(i *server.Instance, account pontage.AccountID) error {
		return i.Partners.SetPlan(s, pontage.Operator(), account, pontage.PlanKind(c.Plan))
	})
}

type planUpgrade struct {
	Account string `arg:"" help:"Account id or e-mail."`
}

// Run books Enterprise.
func (c planUpgrade) Run(s *session) error {
	return s.changePlan(c.Account, func(i *server.Instance, account pontage.AccountID) error {
		_, err := i.Partners.Upgrade(s, pontage.Operator(), partner.UpgradeInput{AccountID: account})
		return err
	})
}

type planCancel struct {
	Account string `arg:"" help:"Account id or e-mail."`
}

// Run cancels Enterprise.
func (c planCancel) Run(s *session) error {
	return s.changePlan(c.Account, func(i *server.Instance, account pontage.AccountID) error {
		_, err := i.Partners.Cancel(s, pontage.Operator(), account)
		return err
	})
}

// changePlan does something to an account's plan, if anything, and prints what it is then.
func (s *session) changePlan(name string, do func(*server.Instance, pontage.AccountID) error) error {
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, name)
		if err == nil && do != nil {
			err = do(i, a.ID)
		}
		if err != nil {
			return err
		}
		status, err := i.Partners.PlanOf(s, pontage.Operator(), a.ID)
		if err != nil {
			return err
		}
		answer := map[string]any{
			"account": a.ID, "plan": status.Kind, "autoRenew": status.AutoRenew, "paidUntil": moment(status.PaidUntil),
			"fee": status.Fee, "clients": status.Clients, "domains": status.Domains, "requests": nil,
		}
		if a := status.Allowance; a != nil {
			answer["requests"] = map[string]any{"perMonth": a.PerMonth, "used": a.Used, "left": a.Left, "resetsAt": moment(a.ResetsAt)}
		}
		return s.print(answer, func(w io.Writer) {
			fmt.Fprintf(w, "plan     %s\nclients  %s\ndomains  %s\n", status.Kind, outOf(status.Clients, status.Limits.Clients), outOf(status.Domains, status.Limits.Domains))
			if a := status.Allowance; a != nil {
				fmt.Fprintf(w, "requests %d of %d left until %s\n", a.Left, a.PerMonth, moment(a.ResetsAt))
			}
			if status.Kind == pontage.PlanEnterprise {
				fmt.Fprintf(w, "paid     until %s\nrenews   %v, for %s %s\n", moment(status.PaidUntil), status.AutoRenew, status.Fee, s.cli.Currency)
			}
		})
	})
}

// outOf writes how much of a limit is there.
func outOf(n int, limit *int) string {
	if limit == nil {
		return fmt.Sprintf("%d, no limit", n)
	}
	return fmt.Sprintf("%d of %d", n, *limit)
}
