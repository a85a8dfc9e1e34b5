package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"os"
	"sort"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/server"
)

type apiCommand struct {
	Import     apiImport     `cmd:"" help:"Import OpenAPI documents with their prices into both instances."`
	Check      apiCheck      `cmd:"" help:"Say what an import would do, and change nothing."`
	List       apiList       `cmd:"" help:"List the imported APIs."`
	Credential apiCredential `cmd:"" help:"Set the header lines added to every call to an API's upstream, read from standard input."`
}

type apiList struct{}

// apiRow is an API as the list shows it.
type apiRow struct {
	Host       string `json:"host"`
	Title      string `json:"title"`
	Version    string `json:"version"`
	Upstream   string `json:"upstream"`
	Enabled    bool   `json:"enabled"`
	Operations int    `json:"operations"`
	Scopes     int    `json:"scopes"`
}

// Run prints the APIs with how many operations and scopes are enabled.
func (apiList) Run(s *session) error {
	return s.with(func(i *server.Instance) error {
		all, err := i.Store.Catalog(s)
		if err != nil {
			return err
		}
		rows, cells := countAPIs(all), [][]string{}
		for _, r := range rows {
			cells = append(cells, []string{r.Host, r.Version, fmt.Sprint(r.Operations), fmt.Sprint(r.Scopes), fmt.Sprint(r.Enabled), r.Upstream, r.Title})
		}
		return s.print(rows, func(w io.Writer) { table(w, "HOST|VERSION|OPERATIONS|SCOPES|ENABLED|UPSTREAM|TITLE", cells) })
	})
}

func countAPIs(all *pontage.Catalog) []apiRow {
	rows, place := []apiRow{}, map[pontage.APIID]int{}
	for _, a := range all.APIs {
		place[a.ID] = len(rows)
		rows = append(rows, apiRow{Host: a.Host, Title: a.Title, Version: a.Version, Upstream: a.Upstream, Enabled: a.Enabled})
	}
	for _, o := range all.Operations {
		if o.Enabled {
			rows[place[o.APIID]].Operations++
		}
	}
	for _, scope := range all.Scopes {
		if scope.Enabled {
			rows[place[scope.APIID]].Scopes++
		}
	}
	sort.Slice(rows, func(a, b int) bool { return rows[a].Host < rows[b].Host })
	return rows
}

type apiCredential struct {
	Host string `arg:"" help:"The API's host."`
}

// Help shows an example; a secret on the command line could be read by others on the machine.
func (apiCredential) Help() string {
	return `Example:
  pontage api credential company.example.com < header-lines.txt     # X-Api-Key: …

Empty input takes the credential away. It is stored encrypted and never shown.`
}

// Run reads the lines and stores them sealed.
func (c apiCredential) Run(s *session) error {
	lines, err := io.ReadAll(io.LimitReader(os.Stdin, 64<<10))
	if err != nil {
		return err
	}
	headers, err := textproto.NewReader(bufio.NewReader(strings.NewReader(strings.TrimSpace(string(lines)) + "\r\n\r\n"))).ReadMIMEHeader()
	if err != nil {
		return errors.New("standard input must hold header lines such as 'X-Api-Key: …'")
	}
	return s.with(func(i *server.Instance) error {
		if err := i.Catalog.SetCredential(s, pontage.Operator(), c.Host, http.Header(headers)); err != nil {
			return err
		}
		answer := map[string]any{"host": c.Host, "headers": len(headers)}
		return s.print(answer, func(w io.Writer) { fmt.Fprintf(w, "%d header(s) for %s\n", len(headers), c.Host) })
	})
}
