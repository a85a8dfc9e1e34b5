package server_test

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/server"
)

// documents are the real ones where PONTAGE_APIS names their folder, else the repository's own: the same way for both.
func documents(t *testing.T) []catalog.Document {
	t.Helper()
	folder := os.Getenv("PONTAGE_APIS")
	if folder == "" {
		folder = "../catalog/testdata"
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents in %s: %v", folder, err)
	}
	var all []catalog.Document
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, catalog.Document{Name: filepath.Base(file), Data: data})
	}
	return all
}

// importInto fills an instance that does not run yet, as `pontage api import` does, and gives its operations.
func importInto(t *testing.T, c server.Config, name string) (operations []pontage.Operation, hosts map[pontage.APIID]string) {
	t.Helper()
	i, err := server.Open(t.Context(), c, name, "test", slog.New(slog.NewJSONHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	report, err := i.Catalog.Import(t.Context(), pontage.Operator(), catalog.ImportInput{
		Documents: documents(t), Prices: []byte("scopes:\n  \"*:*/*\":\n    prices: {request: 0.001}\n"),
	})
	if err != nil || report.Rejected() > 0 {
		t.Fatalf("%v\n%s", err, report)
	}
	all, err := i.Store.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hosts = map[pontage.APIID]string{}
	for _, a := range all.APIs {
		hosts[a.ID] = a.Host
	}
	total := report.Totals()
	t.Logf("%d documents, %d operations, %d scopes, %d repairs, %d left out, %d answers from examples, %d generated",
		len(report.Documents), total.Operations, total.Scopes, len(total.Repairs), len(total.LeftOut), total.Examples, total.Generated)
	return all.Operations, hosts
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// Every operation of every document answers in the sandbox, through the gateway, with a token, for play money.
func TestEveryOperationAnswersInTheSandbox(t *testing.T) {
	c := defaults(t.TempDir())
	if err := c.Complete(); err != nil {
		t.Fatal(err)
	}
	operations, hosts := importInto(t, c, server.Sandbox)
	p := serve(t, func(s *server.Config) { s.Data = c.Data })
	bearer, answered := p.token(p.sandbox), 0
	deletes := func(o pontage.Operation) bool { return o.Method == "DELETE" }
	rest := slices.DeleteFunc(slices.Clone(operations), deletes)
	operations = append(rest, slices.DeleteFunc(operations, func(o pontage.Operation) bool { return !deletes(o) })...) // what is deleted is gone
	for _, o := range operations {
		url := p.sandbox.URL + "/apis/" + hosts[o.APIID] + parameter.ReplaceAllString(o.Path, "1")
		body := ""
		if o.Method == "POST" || o.Method == "PUT" || o.Method == "PATCH" {
			body = "{}"
		}
		a := p.ask(o.Method, url, bearer, body)
		if a.Status < 200 || a.Status > 299 || a.Status != 204 && (len(a.Raw) == 0 || a.Header.Get("Content-Type") == "") {
			t.Errorf("%s %s%s: %d %s", o.Method, hosts[o.APIID], o.Path, a.Status, a.Raw)
			continue
		}
		answered++
		if a.Header.Get("Pontage-Charged") != "0.001" {
			t.Errorf("%s %s%s charged %q", o.Method, hosts[o.APIID], o.Path, a.Header.Get("Pontage-Charged"))
		}
	}
	spent := pontage.Money(len(operations)) * 1_000
	if got := p.credit(p.sandbox); got != (10_000_000 - spent).String() {
		t.Errorf("%d calls at 0.001 left %s of 10", len(operations), got)
	}
	t.Logf("%d of %d operations answered", answered, len(operations))
}
