package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/server"
)

// print writes value as JSON where --json asks for it, else what text writes.
func (s *session) print(value any, text func(w io.Writer)) error {
	if !s.cli.JSON {
		text(s.out)
		return nil
	}
	encoder := json.NewEncoder(s.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// table writes rows in aligned columns under a heading.
func table(w io.Writer, heading string, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, strings.ReplaceAll(heading, "|", "\t"))
	for _, row := range rows {
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	t.Flush()
}

// moment prints a time, or a dash for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

// with opens the chosen instance, runs do on it and closes it.
func (s *session) with(do func(*server.Instance) error) error {
	i, err := server.Open(s, s.cli.Config, s.cli.Instance, version, s.log)
	if err != nil {
		return err
	}
	defer i.Close()
	return do(i)
}

// account finds an account by its id or its e-mail.
func account(s *session, i *server.Instance, reference string) (*pontage.Account, error) {
	if strings.HasPrefix(reference, "acc_") {
		return i.Store.Account(s, pontage.AccountID(reference))
	}
	return i.Store.AccountByEmail(s, reference)
}
