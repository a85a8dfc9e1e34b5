package main

import (
	"fmt"
	"io"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/server"
)

type mailCommand struct {
	List mailList `cmd:"" help:"List the outbox, newest first."`
	Show mailShow `cmd:"" help:"Show a mail with its text, as long as it was not sent."`
}

type mailList struct {
	Limit int    `help:"How many to show." default:"50"`
	After string `help:"Go on behind this mail of an earlier list." placeholder:"ID"`
}

// mailRow is a mail as the list shows it.
type mailRow struct {
	ID        pontage.MailID `json:"id"`
	CreatedAt string         `json:"createdAt"`
	State     string         `json:"state"`
	Recipient string         `json:"recipient"`
	Subject   string         `json:"subject"`
}

// Run prints the outbox.
func (c mailList) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		page := pontage.Keyset{Limit: c.Limit}
		if c.After != "" {
			m, err := i.Store.Mail(s, pontage.MailID(c.After))
			if err != nil {
				return err
			}
			page.After = pontage.Cursor{At: m.CreatedAt, ID: c.After}
		}
		all, err := i.Mail.List(s, pontage.Operator(), page)
		if err != nil {
			return err
		}
		rows, cells := []mailRow{}, [][]string{}
		for _, m := range all {
			r := mailRow{m.ID, moment(m.CreatedAt), mailState(m), m.Recipient, m.Subject}
			rows = append(rows, r)
			cells = append(cells, []string{string(r.ID), r.CreatedAt, r.State, r.Recipient, r.Subject})
		}
		return s.print(rows, func(w io.Writer) { table(w, "ID|CREATED|STATE|TO|SUBJECT", cells) })
	})
}

func mailState(m pontage.Mail) string {
	switch {
	case !m.SentAt.IsZero():
		return "sent"
	case !time.Now().Before(m.SendBy):
		return "given up"
	case m.Failure != "":
		return "failed, tried again"
	}
	return "waiting"
}

type mailShow struct {
	ID string `arg:"" help:"Id of the mail (mai_…)."`
}

// Run prints the mail.
func (c mailShow) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		m, text, err := i.Mail.Show(s, pontage.Operator(), pontage.MailID(c.ID))
		if err != nil {
			return err
		}
		answer := map[string]any{"id": m.ID, "state": mailState(*m), "recipient": m.Recipient, "subject": m.Subject, "text": text, "failure": m.Failure}
		return s.print(answer, func(w io.Writer) {
			fmt.Fprintf(w, "to       %s\nsubject  %s\nstate    %s\n", m.Recipient, m.Subject, mailState(*m))
			if m.Failure != "" {
				fmt.Fprintf(w, "failure  %s\n", m.Failure)
			}
			fmt.Fprintf(w, "\n%s", text)
		})
	})
}
