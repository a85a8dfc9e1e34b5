package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/server"
)

type migrateCommand struct{}

// Run opens the chosen instance's database, which applies what is missing.
func (migrateCommand) Run(s *session) error {
	s.cli.Migrate = true
	return s.with(func(i *server.Instance) error {
		return s.print(map[string]string{"instance": i.Name(), "schema": "up to date"}, func(w io.Writer) {
			fmt.Fprintf(w, "The %s database is up to date.\n", i.Name())
		})
	})
}

type verifyCommand struct{}

// Help says what the exit code means.
func (verifyCommand) Help() string {
	return "Works on a live database. Checks the signatures of the closed days, begins with their totals, and computes the rest from the log;\n" +
		"money is summed from the first transfer on. Prints 'equal' and exits with 0, or prints what differs and exits with 1.\n" +
		"The result is also shown by the server's metrics."
}

// Run recomputes the books.
func (verifyCommand) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		differences, err := i.Meter.Verify(s)
		if err != nil {
			return err
		}
		standing, err := i.Meter.Standing(s)
		if err != nil {
			return err
		}
		if err := s.printDifferences(differences, standing.ClosedDay); err != nil || len(differences) == 0 {
			return err
		}
		return fmt.Errorf("%d difference(s)", len(differences))
	})
}

func (s *session) printDifferences(differences []pontage.Difference, closed pontage.Period) error {
	answer := map[string]any{"equal": len(differences) == 0, "differences": append([]pontage.Difference{}, differences...), "closedDay": closed}
	return s.print(answer, func(w io.Writer) {
		if len(differences) == 0 {
			fmt.Fprintln(w, "equal")
			if closed != "" {
				fmt.Fprintf(w, "The days up to %s are closed and their signatures hold.\n", closed)
			}
			return
		}
		cells := [][]string{}
		for _, d := range differences {
			cells = append(cells, []string{d.What, d.Key, d.Stored, d.Computed})
		}
		table(w, "WHAT|KEY|STORED|COMPUTED", cells)
	})
}

type keysCommand struct {
	New    keysNew    `cmd:"" help:"Print a random key for --keys."`
	Rotate keysRotate `cmd:"" help:"Put a new signing key in front of an instance's key file; the old keys go on verifying."`
}

type keysNew struct{}

// Run prints the key.
func (keysNew) Run(s *session) error {
	key := server.NewKeyText()
	return s.print(map[string]string{"key": key}, func(w io.Writer) { fmt.Fprintln(w, key) })
}

type keysRotate struct{}

// Run changes the file; a running server takes the new ring at its next start.
func (keysRotate) Run(s *session) error {
	if endpoints := map[string]server.Endpoint{server.Production: s.cli.Production, server.Sandbox: s.cli.Sandbox}; endpoints[s.cli.Instance].Keys != "" {
		return errors.New("the key ring comes from the configuration: put a key of 'pontage keys new' and a comma in front of it")
	}
	id, err := server.RotateKeyFile(filepath.Join(s.cli.Data, s.cli.Instance+".keys"))
	if err != nil {
		return err
	}
	return s.print(map[string]string{"key": id}, func(w io.Writer) {
		fmt.Fprintf(w, "%s signs from the next start on; the older keys go on verifying.\n", id)
	})
}
