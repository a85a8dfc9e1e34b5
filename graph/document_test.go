package graph_test

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// generator writes documents from the schema, so that a field that is added tomorrow is walked tomorrow.
type generator struct {
	schema *ast.Schema
	fields int
	// refresh is what is written where a refresh token is wanted.
	refresh string
}

func newGenerator(t testing.TB) *generator {
	t.Helper()
	data, err := os.ReadFile("schema.graphql")
	must(t, err)
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: string(data)})
	must(t, err)
	return &generator{schema: schema}
}

// selection names every field below a type that needs no argument.
func (g *generator) selection(def *ast.Definition, depth int) string {
	var b strings.Builder
	for _, f := range def.Fields {
		result := g.schema.Types[f.Type.Name()]
		if strings.HasPrefix(f.Name, "__") || f.Name == "edges" {
			continue
		}
		if result.IsLeafType() {
			b.WriteString(f.Name + " ")
			g.fields++
		} else if depth > 1 && result.Kind == ast.Object {
			if inner := g.selection(result, depth-1); inner != "" {
				fmt.Fprintf(&b, "%s{%s} ", f.Name, inner)
				g.fields++
			}
		}
	}
	return b.String()
}

// documents gives the documents that ask for a root field with id in every place that takes one: one, or for nodes one per type, and one more
// where some of the places may be left empty.
func (g *generator) documents(root *ast.Definition, f *ast.FieldDefinition, id string) (all []string) {
	result := g.schema.Types[f.Type.Name()]
	bodies := []string{g.selection(result, 4)}
	if result.Kind == ast.Interface {
		bodies = nil
		for _, t := range g.schema.PossibleTypes[result.Name] {
			bodies = append(bodies, "__typename id ...on "+t.Name+"{"+g.selection(t, 3)+"}")
		}
		sort.Strings(bodies)
	}
	keyword := strings.ToLower(root.Name)
	for _, body := range bodies {
		arguments, fewest := g.arguments(f.Arguments, id, true), g.arguments(f.Arguments, id, false)
		if strings.Contains(arguments, "$file") {
			keyword = withFile
		}
		all = append(all, fmt.Sprintf("%s{%s%s{%s}}", keyword, f.Name, arguments, body))
		if fewest != arguments && strings.Contains(fewest, id) {
			all = append(all, fmt.Sprintf("%s{%s%s{%s}}", keyword, f.Name, fewest, body))
		}
	}
	return all
}

// arguments are those that must be given, and where every is true those that take an id.
func (g *generator) arguments(arguments ast.ArgumentDefinitionList, id string, every bool) string {
	var given []string
	for _, a := range arguments {
		if a.Type.NonNull && a.DefaultValue == nil || every && g.holdsID(a.Type) {
			given = append(given, a.Name+":"+g.value(a.Name, a.Type, id))
		}
	}
	if len(given) == 0 {
		return ""
	}
	return "(" + strings.Join(given, ",") + ")"
}

// value gives a literal that fits.
func (g *generator) value(name string, t *ast.Type, id string) string {
	if t.Elem != nil {
		return "[" + g.value(name, t.Elem, id) + "]"
	}
	def := g.schema.Types[t.NamedType]
	switch {
	case def.Kind == ast.InputObject:
		var fields []string
		for _, f := range def.Fields {
			if f.Type.NonNull && f.DefaultValue == nil || f.Type.Name() == "ID" {
				fields = append(fields, f.Name+":"+g.value(f.Name, f.Type, id))
			}
		}
		return "{" + strings.Join(fields, ",") + "}"
	case def.Kind == ast.Enum:
		return def.EnumValues[0].Name
	}
	switch t.NamedType {
	case "ID":
		return fmt.Sprintf("%q", id)
	case "URL":
		return `"https://` + apiHost + `/IT-start/1"`
	case "Money":
		return `"0.5"`
	case "Int", "Long":
		return "1"
	case "Boolean":
		return "true"
	case "Upload":
		return "$file"
	}
	switch name {
	case "refreshToken":
		return fmt.Sprintf("%q", g.refresh)
	case "scopes":
		return `"` + startScope + `"`
	case "email":
		return `"visitor@example.com"`
	case "month":
		return `"2026-11"`
	case "method":
		return `"GET"`
	case "host":
		return `"walked.example"`
	}
	return `"x"`
}

// takesID says whether a field has a place for an id.
func (g *generator) takesID(f *ast.FieldDefinition) bool {
	for _, a := range f.Arguments {
		if g.holdsID(a.Type) {
			return true
		}
	}
	return false
}

// holdsID says whether a type is an id or an input with one.
func (g *generator) holdsID(t *ast.Type) bool {
	def := g.schema.Types[t.Name()]
	for _, field := range def.Fields {
		if def.Kind == ast.InputObject && field.Type.Name() == "ID" {
			return true
		}
	}
	return t.Name() == "ID"
}
