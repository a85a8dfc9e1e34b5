package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/pontage/pontage"

// rules are the packages that decide; they import the root and never each other.
var rules = []string{"catalog", "account", "partner", "oauth", "meter", "callback"}

// allowed says, by top-level folder, which other folders of the module it may import; "." is the root package.
var allowed = map[string][]string{
	".":        {},
	"catalog":  {"."},
	"account":  {"."},
	"partner":  {"."},
	"oauth":    {"."},
	"meter":    {"."},
	"callback": {"."},
	"storage":  {"."},
	"mail":     {"."},
	"sandbox":  {"."},
	"demo":     {},
	"fill":     {".", "meter"},
	"graph":    append([]string{"."}, rules...),
	"openapi":  append([]string{"."}, rules...),
	"gateway":  append([]string{"."}, rules...),
	"server":   append([]string{".", "storage", "graph", "openapi", "gateway", "sandbox", "demo", "fill", "dashboard", "mail"}, rules...),
	"cmd":      append([]string{".", "server", "fill", "mail"}, rules...),
}

// homes says which folders may import a vendor; anything under the path counts.
var homes = map[string][]string{
	"github.com/ory":                {"oauth"},
	"github.com/uptrace/bun":        {"storage"},
	"github.com/jackc/pgx":          {"storage"},
	"modernc.org":                   {"storage"},
	"github.com/99designs/gqlgen":   {"graph"},
	"github.com/vektah/gqlparser":   {"graph"},
	"github.com/getkin/kin-openapi": {"openapi", "catalog"},
	"codeberg.org/go-pdf":           {"openapi"},
	"github.com/oapi-codegen":       {"openapi"},
	"github.com/prometheus":         {"server"},
	"github.com/alecthomas":         {"cmd"},
	"github.com/jotaen":             {"cmd"},
	"github.com/muesli":             {"cmd"},
	"golang.org/x/crypto/argon2":    {"account"},
	"github.com/wneessen/go-mail":   {"mail"},
}

// testOnly are folders whose packages exist for tests; product files must not import them.
var testOnly = []string{"internal", "storage/storagetest"}

type listed struct {
	ImportPath string
	Imports    []string
}

// A stranger who follows the import graph must find the plan of the house in it: imports point down and vendors stay at home.
func TestImportsPointDownAndVendorsStayHome(t *testing.T) {
	packages := list(t)
	if len(packages) < 5 {
		t.Fatalf("only %d packages listed: the test looks at the wrong place", len(packages))
	}
	for _, p := range packages {
		folder := relative(p.ImportPath)
		if isTestOnly(folder) {
			continue
		}
		for _, imported := range p.Imports {
			if problem := judge(folder, imported); problem != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, imported, problem)
			}
		}
	}
}

// The rule itself must be able to say no.
func TestJudgeRefuses(t *testing.T) {
	for _, c := range []struct{ folder, imported string }{
		{".", "github.com/google/uuid"},
		{".", module + "/meter"},
		{"meter", module + "/oauth"},
		{"gateway", module + "/storage"},
		{"meter", "github.com/uptrace/bun"},
		{"storage", module + "/internal/pgtest"},
		{"storage", module + "/storage/storagetest"},
		{"newcomer", module},
	} {
		if judge(c.folder, c.imported) == "" {
			t.Errorf("%s may import %s", c.folder, c.imported)
		}
	}
}

func judge(folder, imported string) string {
	if imported == module || strings.HasPrefix(imported, module+"/") {
		return judgeOwn(folder, relative(imported))
	}
	external := strings.Contains(strings.SplitN(imported, "/", 2)[0], ".")
	if folder == "." && external {
		return "the root imports the standard library only"
	}
	for vendor, home := range homes {
		if (imported == vendor || strings.HasPrefix(imported, vendor+"/")) && !contains(home, top(folder)) {
			return "its home is " + strings.Join(home, ", ")
		}
	}
	return ""
}

func judgeOwn(folder, imported string) string {
	if isTestOnly(imported) {
		return "it exists for tests"
	}
	if top(folder) == top(imported) {
		return ""
	}
	may, known := allowed[top(folder)]
	if !known {
		return "the folder is not in the plan"
	}
	if !contains(may, top(imported)) {
		return "imports point down: the plan allows " + strings.Join(may, ", ")
	}
	return ""
}

func isTestOnly(folder string) bool {
	for _, f := range testOnly {
		if folder == f || strings.HasPrefix(folder, f+"/") {
			return true
		}
	}
	return false
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

// relative gives the folder inside the module, "." for the root.
func relative(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

func top(folder string) string { return strings.SplitN(folder, "/", 2)[0] }

func list(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
