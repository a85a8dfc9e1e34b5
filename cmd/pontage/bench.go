package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"github.com/pontage/pontage/fill"
	"github.com/pontage/pontage/server"
)

type benchCommand struct {
	Fill benchFill `cmd:"" help:"Fill an empty database with a year of made data, to see how the platform works on it."`
}

type benchFill struct {
	Tokens   int64  `help:"How many tokens are made." default:"1000000"`
	Calls    int64  `help:"How many calls are made, with their outcomes, transfers and statistics." default:"10000000"`
	Days     int    `help:"Over how many days, up to yesterday; each of them is closed." default:"365"`
	Accounts int    `help:"How many accounts they belong to." default:"1000"`
	Seed     uint64 `help:"The same seed makes the same payers and failures; 0 draws one."`
}

// Help says what the database is good for then.
func (benchFill) Help() string {
	return "The books are true: 'pontage verify' says equal, and a server can go on from there. The database must be empty and in use by\n" +
		"nobody else; nothing in it is a secret of anybody. A run that is stopped leaves a database that must be thrown away.\n\n" +
		"Example:\n  pontage bench fill --database sqlite:/tmp/filled.db --tokens 10000 --calls 100000"
}

// Run fills the chosen instance's database.
func (c benchFill) Run(s *session) error {
	s.cli.Migrate = true
	plan := fill.Plan{Tokens: c.Tokens, Calls: c.Calls, Days: c.Days, Accounts: c.Accounts, Seed: c.Seed}
	if plan.Seed == 0 {
		plan.Seed = rand.Uint64()
	}
	report, err := server.Fill(s, s.cli.Config, s.cli.Instance, version, s.log, plan, s.progress(time.Now()))
	if errors.Is(err, server.ErrFilled) {
		return s.print(map[string]any{"filled": false, "reason": err.Error()}, func(w io.Writer) { fmt.Fprintln(w, "Nothing to do:", err) })
	}
	if err != nil {
		return err
	}
	return s.print(report, func(w io.Writer) {
		fmt.Fprintf(w, "Filled in %s: %d accounts, %d tokens, %d calls, %d outcomes, %d transfers, %d lines of statistics with %d addresses, days %s to %s.\n",
			report.Elapsed.Round(time.Second), report.Accounts, report.Tokens, report.Calls, report.Outcomes, report.Transfers,
			report.Statistics, report.Addresses, report.First, report.Last)
	})
}

// progress tells at most every second how far it is.
func (s *session) progress(began time.Time) func(fill.Progress) {
	var told time.Time
	return func(p fill.Progress) {
		now := time.Now()
		if p.Day < p.Days && now.Sub(told) < time.Second {
			return
		}
		told = now
		rest := now.Sub(began) * time.Duration(p.Days-p.Day) / time.Duration(p.Day)
		fmt.Fprintf(s.errs, "day %d of %d, %d of %d calls, about %s to go\n", p.Day, p.Days, p.Calls, p.Total, rest.Round(time.Second))
	}
}
