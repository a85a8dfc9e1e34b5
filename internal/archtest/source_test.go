package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// moneyPaths are the folders in which no float may stand: a price that went through one is not the price any more.
var moneyPaths = []string{".", "meter", "storage", "openapi", "openapi/token", "openapi/token/generated", "gateway", "oauth", "account", "partner",
	"sandbox", "demo", "graph", "graph/model", "graph/scalar"}

// clockReaders may read the machine's clock; everybody else is given one.
var clockReaders = []string{"cmd", "server", "internal", "tools"}

// No amount may pass through a float on its way from a partner's request to the ledger.
func TestNoFloatInAMoneyPath(t *testing.T) {
	inspect(t, func(file string, node ast.Node) {
		name, ok := node.(*ast.Ident)
		if ok && (name.Name == "float64" || name.Name == "float32") && contains(moneyPaths, folderOf(file)) {
			t.Errorf("%s: %s", file, name.Name)
		}
	})
}

// A rule that reads the machine's clock cannot be tested at a month's end.
func TestOnlyTheDoorReadsTheClock(t *testing.T) {
	inspect(t, func(file string, node ast.Node) {
		call, ok := node.(*ast.SelectorExpr)
		if !ok || call.Sel.Name != "Now" || contains(clockReaders, top(folderOf(file))) {
			return
		}
		if from, ok := call.X.(*ast.Ident); ok && from.Name == "time" {
			t.Errorf("%s reads time.Now: take a pontage.Clock", file)
		}
	})
}

// inspect walks every product file of the module; file is its path from the module's root.
func inspect(t *testing.T, visit func(file string, node ast.Node)) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != root {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(node ast.Node) bool { visit(filepath.ToSlash(name), node); return true })
		return nil
	})
	if err != nil || files < 10 {
		t.Fatalf("%d files read: %v", files, err)
	}
}

func folderOf(file string) string { return filepath.ToSlash(filepath.Dir(file)) }
