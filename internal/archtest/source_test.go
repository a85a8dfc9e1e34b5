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

// withoutMoney are the folders and files in which a float may stand: they measure time and load, count for metrics, set pages, or read
// the numbers of an OpenAPI schema. Everywhere else a price that went through one is not the price any more.
var withoutMoney = []string{"internal", "tools", "server/books.go", "server/metermetrics.go", "catalog/flatten.go", "catalog/tree.go",
	"catalog/generate_scalar.go", "openapi/docs/pdf"}

// clockReaders may read the machine's clock; everybody else is given one.
var clockReaders = []string{"cmd", "server", "internal", "tools"}

// No amount may pass through a float on its way from a partner's request to the ledger.
func TestNoFloatInAMoneyPath(t *testing.T) {
	looked := 0
	inspect(t, func(file string, node ast.Node) {
		if contains(withoutMoney, top(file)) || contains(withoutMoney, folderOf(file)) || contains(withoutMoney, file) {
			return
		}
		looked++
		if found := floatIn(node); found != "" {
			t.Errorf("%s: %s", file, found)
		}
	})
	t.Logf("%d nodes of syntax on money paths, none of them a float", looked)
}

// The rule itself must be able to say no.
func TestFloatsAreSeen(t *testing.T) {
	for _, text := range []string{"float64(1)", "new(float32)", "0.01", "1e-2", "strconv.ParseFloat(s, 64)", "big.NewFloat(x)", "n.Float64()"} {
		expression, err := parser.ParseExpr(text)
		if err != nil {
			t.Fatal(err)
		}
		found := ""
		ast.Inspect(expression, func(node ast.Node) bool { found += floatIn(node); return true })
		if found == "" {
			t.Errorf("%s passes", text)
		}
	}
}

// floatIn names what makes a node a float: a type, a number with a fraction, or a function that makes one without naming its type.
func floatIn(node ast.Node) string {
	switch n := node.(type) {
	case *ast.Ident:
		if strings.Contains(n.Name, "Float") || n.Name == "float64" || n.Name == "float32" {
			return n.Name
		}
	case *ast.BasicLit:
		if n.Kind == token.FLOAT {
			return n.Value
		}
	}
	return ""
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
