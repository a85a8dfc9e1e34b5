package main

import (
	"fmt"
	"io"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/server"
)

type subscriptionCommand struct {
	Create subscriptionCreate `cmd:"" help:"Create a subscription and pay it from the account's wallet."`
	List   subscriptionList   `cmd:"" help:"List an account's subscriptions, newest first."`
}

type subscriptionCreate struct {
	Account  string `arg:"" help:"Account id or e-mail."`
	Scope    string `arg:"" help:"Scope, such as GET:company.example.com/IT-start."`
	Requests int64  `help:"How many calls it covers." required:""`
	Price    string `help:"What it costs, from the wallet." default:"0"`
	Term     string `help:"monthly (30 days) or annual (365 days)." default:"monthly" enum:"monthly,annual"`
	Renew    bool   `help:"Renew from the wallet at the end."`
}

// Help shows an example.
func (subscriptionCreate) Help() string {
	return "Example:\n  pontage subscription create ann@example.com GET:company.example.com/IT-start --requests 1000 --price 25"
}

// Run creates the subscription.
func (c subscriptionCreate) Run(s *session) error {
	price, err := pontage.ParseMoney(c.Price)
	if err != nil {
		return fmt.Errorf("price: %w", err)
	}
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err != nil {
			return err
		}
		scopes, err := i.Catalog.ScopeIDs([]string{c.Scope})
		if err == nil && len(scopes) != 1 {
			err = pontage.E(pontage.InvalidInput, "%d scopes fit %q; a subscription is for one.", len(scopes), c.Scope).At("scope")
		}
		if err != nil {
			return err
		}
		made, err := i.Meter.CreateSubscription(s, pontage.Operator(), meter.SubscriptionInput{
			AccountID: a.ID, ScopeID: scopes[0], Term: pontage.Term(c.Term), Price: price, TotalRequests: c.Requests, AutoRenew: c.Renew,
		})
		if err != nil {
			return err
		}
		return s.printSubscriptions(i, []pontage.Subscription{*made})
	})
}

type subscriptionList struct {
	Account string `arg:"" help:"Account id or e-mail."`
	Skip    int    `help:"How many to pass over." default:"0"`
	Limit   int    `help:"How many to show." default:"50"`
}

// Run prints the account's subscriptions.
func (c subscriptionList) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		a, err := account(s, i, c.Account)
		if err != nil {
			return err
		}
		all, err := i.Store.Subscriptions(s, pontage.SubscriptionQuery{AccountID: a.ID, Page: pontage.Page{Skip: c.Skip, Limit: c.Limit}})
		if err != nil {
			return err
		}
		return s.printSubscriptions(i, all)
	})
}

// subscriptionRow is a subscription as the command line shows it.
type subscriptionRow struct {
	ID        pontage.SubscriptionID `json:"id"`
	Scope     string                 `json:"scope"`
	Term      pontage.Term           `json:"term"`
	Price     pontage.Money          `json:"price"`
	Total     int64                  `json:"totalRequests"`
	Used      int64                  `json:"usedRequests"`
	ExpiresAt string                 `json:"expiresAt"`
}

func (s *session) printSubscriptions(i *server.Instance, all []pontage.Subscription) error {
	rows, cells := []subscriptionRow{}, [][]string{}
	for _, x := range all {
		scope := i.Catalog.ScopeNames([]pontage.ScopeID{x.ScopeID})[0]
		r := subscriptionRow{x.ID, scope, x.Term, x.Price, x.TotalRequests, x.UsedRequests, moment(x.ExpiresAt)}
		rows = append(rows, r)
		cells = append(cells, []string{string(r.ID), r.Scope, string(r.Term), r.Price.String(), fmt.Sprintf("%d/%d", r.Used, r.Total), r.ExpiresAt})
	}
	return s.print(rows, func(w io.Writer) { table(w, "ID|SCOPE|TERM|PRICE|USED|EXPIRES", cells) })
}
