package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/server"
)

type apiCommand struct {
	Import     apiImport     `cmd:"" help:"Import OpenAPI documents with their prices into both instances."`
	List       apiList       `cmd:"" help:"List the imported APIs."`
	Credential apiCredential `cmd:"" help:"Set the header lines added to every call to an API's upstream, read from standard input."`
}

type apiImport struct {
	Paths    []string `arg:"" name:"file|dir" help:"Documents (JSON or YAML), or folders of them." type:"existingpath"`
	Upstream string   `help:"Where calls go: one URL that may contain {host}, or host=URL pairs with commas between." placeholder:"URL|HOST=URL,…"`
	Prices   string   `help:"Price file (YAML)." type:"existingfile" placeholder:"FILE"`
	Complete bool     `help:"These documents are all there are: disable every other API."`
	Into     []string `help:"Instances to import into." default:"production,sandbox" enum:"production,sandbox"`
}

// Help shows examples.
func (apiImport) Help() string {
	return `Examples:
  pontage api import ./apis --upstream https://{host} --prices prices.yaml
  pontage api import company.json --upstream company.example.com=http://10.0.0.7:8080

Without a price a scope cannot be called: 'request: 0' makes it free. Importing again updates; what is gone is disabled.`
}

// Run imports into each instance and prints what came of every document; a rejected document makes the command fail.
func (c apiImport) Run(s *session) error {
	input, err := c.input()
	if err != nil {
		return err
	}
	reports, rejected := map[string]*catalog.Report{}, 0
	for _, name := range c.Into {
		s.cli.Instance = name
		err := s.with(func(i *server.Instance) error {
			report, err := i.Catalog.Import(s, pontage.Operator(), input)
			reports[name] = report
			if err == nil {
				_, err = i.Documents.Make(s)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		rejected += reports[name].Rejected()
	}
	err = s.print(reports, func(w io.Writer) {
		for _, name := range c.Into {
			fmt.Fprintf(w, "%s\n%s\n", name, reports[name])
		}
	})
	if err == nil && rejected > 0 {
		err = fmt.Errorf("%d document(s) were rejected; the report says where", rejected)
	}
	return err
}

func (c apiImport) input() (catalog.ImportInput, error) {
	input := catalog.ImportInput{Complete: c.Complete}
	files, err := documents(c.Paths)
	if err != nil {
		return input, err
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return input, err
		}
		input.Documents = append(input.Documents, catalog.Document{Name: filepath.Base(file), Data: data})
	}
	if c.Prices != "" {
		if input.Prices, err = os.ReadFile(c.Prices); err != nil {
			return input, err
		}
	}
	input.Upstream, err = catalog.ParseUpstream(c.Upstream)
	return input, err
}

// documents gives the files, folders replaced by their documents in order.
func documents(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		for _, pattern := range []string{"*.json", "*.yaml", "*.yml"} {
			found, err := filepath.Glob(filepath.Join(path, pattern))
			if err != nil {
				return nil, err
			}
			files = append(files, found...)
		}
	}
	sort.Strings(files)
	if len(files) == 0 {
		return nil, fmt.Errorf("no documents (*.json, *.yaml, *.yml) in %s", strings.Join(paths, ", "))
	}
	return files, nil
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
