package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/server"
)

// apiInput is what an import, or the check of one, is given.
type apiInput struct {
	Paths    []string `arg:"" name:"file|dir" help:"Documents (JSON or YAML), or folders of them." type:"existingpath"`
	Upstream string   `help:"Where calls go: one URL that may contain {host}, or host=URL pairs with commas between." placeholder:"URL|HOST=URL,…"`
	Prices   string   `help:"Price file (YAML)." type:"existingfile" placeholder:"FILE"`
	Complete bool     `help:"These documents are all there are: disable every other API."`
	Into     []string `help:"Instances to import into." default:"production,sandbox" enum:"production,sandbox"`
}

type apiImport struct {
	apiInput `embed:""`
}

// Help shows examples.
func (apiImport) Help() string {
	return `Examples:
  pontage api import ./apis --upstream https://{host} --prices prices.yaml
  pontage api import company.json --upstream company.example.com=http://10.0.0.7:8080

Without a price a scope cannot be called: 'request: 0' makes it free. Importing again updates; what is gone is disabled.
'pontage api check' takes the same and says beforehand what would come of it.`
}

// Run imports into each instance and prints what came of every document; a rejected document makes the command fail.
func (c apiImport) Run(s *session) error {
	return c.each(s, func(i *server.Instance, input catalog.ImportInput) (*catalog.Report, error) {
		report, err := i.Catalog.Import(s, pontage.Operator(), input)
		if err == nil {
			_, err = i.Documents.Make(s)
		}
		return report, err
	})
}

type apiCheck struct {
	apiInput `embed:""`
}

// Help shows an example.
func (apiCheck) Help() string {
	return `Examples:
  pontage api check ./apis --prices prices.yaml
  pontage api check company.json --into production --json

Says for every document what an import would do: whether it is taken, what is repaired, which scopes are added, removed or changed, and
which have no price. The catalogue stays as it is. Exits with 1 if a document would be rejected.`
}

// Run prints what an import into each instance would do.
func (c apiCheck) Run(s *session) error {
	return c.each(s, func(i *server.Instance, input catalog.ImportInput) (*catalog.Report, error) {
		return i.Catalog.Check(s, pontage.Operator(), input)
	})
}

// each does something with the input on each instance and prints the reports.
func (c apiInput) each(s *session, do func(*server.Instance, catalog.ImportInput) (*catalog.Report, error)) error {
	input, err := c.read()
	if err != nil {
		return err
	}
	reports, rejected := map[string]*catalog.Report{}, 0
	for _, name := range c.Into {
		s.cli.Instance = name
		err := s.with(func(i *server.Instance) error {
			report, err := do(i, input)
			reports[name] = report
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
		err = fmt.Errorf("%d document(s) rejected; the report says where", rejected)
	}
	return err
}

func (c apiInput) read() (catalog.ImportInput, error) {
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
