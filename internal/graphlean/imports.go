package main

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"strconv"
	"strings"
)

// runtime is the package that the rewritten code calls.
const runtime = "github.com/pontage/pontage/graph/execution"

// withImports formats a file and makes its imports those it uses.
func withImports(name string, text []byte) ([]byte, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	named := qualifiers(file)
	var standard, others strings.Builder
	for _, spec := range append(file.Imports, &ast.ImportSpec{Path: &ast.BasicLit{Value: strconv.Quote(runtime)}}) {
		name, line := path.Base(strings.Trim(spec.Path.Value, `"`)), spec.Path.Value
		if spec.Name != nil {
			name, line = spec.Name.Name, spec.Name.Name+" "+line
		}
		switch {
		case !named[name]:
		case strings.Contains(line, "."):
			others.WriteString("\t" + line + "\n")
		default:
			standard.WriteString("\t" + line + "\n")
		}
	}
	block := file.Decls[0] // gqlgen writes all imports into one
	from, to := set.Position(block.Pos()).Offset, set.Position(block.End()).Offset
	imports := "import (\n" + standard.String() + "\n" + others.String() + ")"
	return format.Source([]byte(string(text[:from]) + imports + string(text[to:])))
}

// qualifiers are the names before dots: packages, and variables, which no import is called like.
func qualifiers(file *ast.File) map[string]bool {
	named := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if of, ok := selector.X.(*ast.Ident); ok {
				named[of.Name] = true
			}
		}
		return true
	})
	return named
}
