//go:build e2e

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pontage/pontage/openapi/docs/edition"
	"github.com/pontage/pontage/openapi/token"
)

// lintProblems gives what redocly's recommended rules find in a document, one line each.
func lintProblems(t *testing.T, document []byte) (lines []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "openapi.json")
	write(t, file, string(document))
	output := run(t, ".", []string{"REDOCLY_TELEMETRY=off"}, "sh", "-c",
		`node node_modules/@redocly/cli/bin/cli.js lint --extends recommended --format json --max-problems 10000 "$0" || [ $? = 1 ]`, file)
	var report struct {
		Problems []struct {
			Severity, RuleID, Message string
			Location                  []struct{ Pointer string }
		}
	}
	if err := json.Unmarshal([]byte(output[max(0, strings.IndexByte(output, '{')):]), &report); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	for _, p := range report.Problems {
		lines = append(lines, p.Severity+" "+p.RuleID+" "+p.Location[0].Pointer+": "+p.Message)
	}
	return lines
}

// Our own document has nothing that redocly would warn of, in either version.
func TestTheTokenDocumentPassesRedocly(t *testing.T) {
	e, err := edition.Of(token.Document("https://oauth.pontage.dev", "oauth.pontage.dev", token.Play))
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range [][]byte{e.JSON, e.Newer} {
		if problems := lintProblems(t, document); len(problems) > 0 {
			t.Errorf("%s", strings.Join(problems, "\n"))
		}
	}
	t.Log("OpenAPI 3.0.3 and 3.1: 0 problems")
}

// Making an imported document newer adds no fault to those its author left in it.
func TestNewerDocumentsAreNoWorse(t *testing.T) {
	all, c := serve(t, onSQLite)
	r := sandbox(t, all)
	hosts := importAll(t, c)
	createToken(t, r, hosts)
	for name, host := range hosts {
		if name != "company" && name != "library.json" { // the largest stands for all: each takes seconds
			continue
		}
		before, after := lintProblems(t, published(t, r, host, "openapi.json")), lintProblems(t, published(t, r, host, "openapi-3.1.json"))
		if len(after) > len(before) || strings.Contains(strings.Join(after, "\n"), " struct ") {
			t.Errorf("%s: %d problems became %d: %s", name, len(before), len(after), strings.Join(after, "\n"))
		}
		t.Logf("%s: %d problems of the author's before, %d after", name, len(before), len(after))
	}
}

// Other people's generators make clients that compile, make a token and read the wallet with it.
func TestGeneratedClientsRun(t *testing.T) {
	all, _ := serve(t, onSQLite)
	r := sandbox(t, all)
	document := filepath.Join(t.TempDir(), "openapi.json")
	write(t, document, string(get(t, r.URL+"/openapi.json")))
	environment := []string{"PONTAGE_URL=" + r.URL, "PONTAGE_EMAIL=" + r.Demo.Email, "PONTAGE_KEY=" + r.Demo.APIKey}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for name, flow := range map[string]func(string) string{
		"oapi-codegen": func(folder string) string { return goClient(t, here, folder, document, environment) },
		"openapi-typescript": func(folder string) string {
			bin := filepath.Join(here, "node_modules", ".bin")
			copyFile(t, "testdata/clients/flow.ts", filepath.Join(folder, "flow.ts"))
			copyFile(t, "testdata/clients/tsconfig.json", filepath.Join(folder, "tsconfig.json"))
			write(t, filepath.Join(folder, "package.json"), `{"type":"module"}`)
			if err := os.Symlink(filepath.Join(here, "node_modules"), filepath.Join(folder, "node_modules")); err != nil {
				t.Fatal(err)
			}
			run(t, folder, nil, filepath.Join(bin, "openapi-typescript"), document, "-o", "schema.d.ts")
			run(t, folder, nil, filepath.Join(bin, "tsc"), "-p", ".")
			return run(t, folder, environment, "node", "flow.js")
		},
		"openapi-python-client": func(folder string) string {
			python := filepath.Join(here, ".venv", "bin")
			path := []string{"PATH=" + python + ":" + os.Getenv("PATH")} // it calls the formatter beside it
			run(t, folder, path, filepath.Join(python, "openapi-python-client"), "generate", "--path", document, "--output-path", "client", "--meta", "none")
			copyFile(t, "testdata/clients/flow.py", filepath.Join(folder, "flow.py"))
			return run(t, folder, environment, filepath.Join(python, "python"), "flow.py")
		},
	} {
		if output := flow(t.TempDir()); !strings.HasPrefix(output, "credit ") {
			t.Errorf("%s: %s", name, output)
		} else {
			t.Logf("%s: %s", name, output)
		}
	}
}

// goClient makes a module that needs what ours needs, so that nothing is fetched.
func goClient(t *testing.T, here, folder, document string, environment []string) string {
	t.Helper()
	root := filepath.Join(here, "..", "..")
	module, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "go.mod"), strings.Replace(string(module), "module github.com/pontage/pontage", "module flow", 1))
	copyFile(t, filepath.Join(root, "go.sum"), filepath.Join(folder, "go.sum"))
	copyFile(t, "testdata/clients/flow.go.txt", filepath.Join(folder, "main.go"))
	code := run(t, root, nil, goCommand(), "tool", "-modfile=tools/go.mod", "oapi-codegen", "-generate", "types,client", "-package", "client", document)
	write(t, filepath.Join(folder, "client", "client.go"), code)
	return run(t, folder, environment, goCommand(), "run", "-mod=mod", ".")
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, string(data))
}
