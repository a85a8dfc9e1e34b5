package limit

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/pontage/pontage"
)

// ceiling is where counting ends: no limit is as high, and no product of two such numbers overflows.
const ceiling = 1 << 30

// plainList is what a list is taken for that has no page size.
const plainList = 10

var errCycle = pontage.E(pontage.InvalidInput, "Fragments must not spread themselves.")

// sum is what a selection comes to.
type sum struct{ depth, aliases, directives, fields, cost int }

// beside adds what stands next to s.
func (s sum) beside(o sum) sum {
	return sum{
		depth: max(s.depth, o.depth), aliases: add(s.aliases, o.aliases), directives: add(s.directives, o.directives),
		fields: add(s.fields, o.fields), cost: add(s.cost, o.cost),
	}
}

func add(a, b int) int { return min(a+b, ceiling) }

func multiply(a, b int) int { return min(min(a, ceiling)*min(b, ceiling), ceiling) }

// walker adds up a document. It visits every node of it once; visits counts them.
type walker struct {
	limits    Limits
	schema    *ast.Schema
	doc       *ast.QueryDocument
	variables map[string]any
	defaults  ast.VariableDefinitionList
	known     map[string]sum
	open      map[string]bool
	visits    int
}

func (w *walker) selections(set ast.SelectionSet, parent *ast.Definition) (all sum, err error) {
	if err := w.repeats(set); err != nil {
		return all, err
	}
	for _, selection := range set {
		w.visits++
		var s sum
		switch selection := selection.(type) {
		case *ast.Field:
			s, err = w.field(selection, parent)
		case *ast.InlineFragment:
			s, err = w.selections(selection.SelectionSet, w.condition(selection.TypeCondition, parent))
			s.directives = add(s.directives, len(selection.Directives))
		case *ast.FragmentSpread:
			s, err = w.fragment(selection.Name)
			s.directives = add(s.directives, len(selection.Directives))
		}
		if err != nil {
			return all, err
		}
		all = all.beside(s)
	}
	return all, nil
}

// repeats refuses a selection in which one name stands too often.
func (w *walker) repeats(set ast.SelectionSet) error {
	if len(set) <= w.limits.Repeats {
		return nil
	}
	times := map[string]int{}
	for _, selection := range set {
		name := "..." // unnamed fragments meet like fields of one name
		switch selection := selection.(type) {
		case *ast.Field:
			name = selection.Alias
		case *ast.FragmentSpread:
			name += selection.Name
		}
		times[name]++
		if times[name] > w.limits.Repeats {
			return refusal("repeats", w.limits.Repeats, 0)
		}
	}
	return nil
}

func (w *walker) condition(name string, parent *ast.Definition) *ast.Definition {
	if name == "" {
		return parent
	}
	return w.schema.Types[name]
}

// fragment adds a fragment up the first time it is spread.
func (w *walker) fragment(name string) (sum, error) {
	if s, ok := w.known[name]; ok {
		return s, nil
	}
	definition := w.doc.Fragments.ForName(name)
	if definition == nil {
		return sum{}, nil // the validation says so
	}
	if w.open[name] {
		return sum{}, errCycle
	}
	w.open[name] = true
	defer delete(w.open, name)
	s, err := w.selections(definition.SelectionSet, w.schema.Types[definition.TypeCondition])
	s.directives = add(s.directives, len(definition.Directives))
	w.known[name] = s
	return s, err
}

func (w *walker) field(f *ast.Field, parent *ast.Definition) (sum, error) {
	var definition *ast.FieldDefinition
	var result *ast.Definition
	if parent != nil {
		if definition = parent.Fields.ForName(f.Name); definition != nil {
			result = w.schema.Types[definition.Type.Name()]
		}
	}
	aboutSchema := f.Name == "__schema" || f.Name == "__type"
	if aboutSchema && !w.limits.Introspection {
		return sum{}, pontage.E(pontage.Forbidden, "This instance does not answer questions about its schema.")
	}
	below, err := w.selections(f.SelectionSet, result)
	s := sum{depth: below.depth + 1, aliases: below.aliases, fields: add(below.fields, 1), cost: w.cost(f, parent, definition, below.cost)}
	s.directives = add(below.directives, len(f.Directives))
	if f.Alias != f.Name {
		s.aliases = add(s.aliases, 1)
	}
	if aboutSchema { // the validation bounds how deep these may go
		s.depth, s.cost = 1, 1
	}
	return s, err
}

// cost is how many objects the field brings: those below it once for every one of its own.
func (w *walker) cost(f *ast.Field, parent *ast.Definition, definition *ast.FieldDefinition, below int) int {
	if len(f.SelectionSet) == 0 {
		return 0
	}
	own := add(below, 1)
	switch {
	case definition == nil:
		return own
	case definition.Arguments.ForName("first") != nil:
		return multiply(own, w.pageSize(f, definition))
	case definition.Arguments.ForName("ids") != nil:
		return multiply(own, w.length(f.Arguments.ForName("ids")))
	case definition.Type.Elem != nil && !strings.HasSuffix(parent.Name, "Connection"):
		return multiply(own, plainList)
	}
	return own
}

// pageSize is what was asked for, at least one.
func (w *walker) pageSize(f *ast.Field, definition *ast.FieldDefinition) int {
	value := definition.Arguments.ForName("first").DefaultValue
	if given := f.Arguments.ForName("first"); given != nil {
		value = given.Value
	}
	if value == nil {
		return 1
	}
	if value.Kind != ast.Variable {
		return size(value.Raw)
	}
	switch v := w.variables[value.Raw].(type) {
	case json.Number:
		return size(string(v))
	case string:
		return size(v)
	}
	if d := w.defaults.ForName(value.Raw); d != nil && d.DefaultValue != nil {
		return size(d.DefaultValue.Raw)
	}
	return 1
}

// size reads a whole number; what is none is refused later.
func size(text string) int {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 1
	}
	return int(min(max(n, 1), ceiling))
}

// length is how many values a list argument has.
func (w *walker) length(argument *ast.Argument) int {
	if argument == nil {
		return 1
	}
	if argument.Value.Kind != ast.Variable {
		return max(1, len(argument.Value.Children))
	}
	if list, ok := w.variables[argument.Value.Raw].([]any); ok {
		return max(1, len(list))
	}
	if d := w.defaults.ForName(argument.Value.Raw); d != nil && d.DefaultValue != nil {
		return max(1, len(d.DefaultValue.Children))
	}
	return 1
}
