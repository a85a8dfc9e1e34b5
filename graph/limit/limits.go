package limit

import (
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/pontage/pontage"
)

// Limits bound one document. Fragments count where they are spread.
type Limits struct {
	// Tokens bounds the lexer; names, punctuation and values count.
	Tokens int
	// Depth is how deep fields may be nested.
	Depth int
	// Aliases and Directives are how many there may be.
	Aliases, Directives int
	// Fields is how many fields there may be, Repeats how often one name may stand in one selection: the validation compares each of them
	// with every other one.
	Fields, Repeats int
	// Cost is how many objects the answer may hold, by the page sizes that were asked for.
	Cost int
	// Introspection lets questions about the schema pass; what they select counts as Fields and Aliases only.
	Introspection bool
}

// Default is what every instance has.
func Default() Limits {
	return Limits{Tokens: 1_000, Depth: 8, Aliases: 15, Directives: 50, Fields: 2_000, Repeats: 50, Cost: 5_000}
}

// Parse reads a document; a longer one is TooLarge, one that cannot be read is a *gqlerror.Error.
func (l Limits) Parse(query string) (*ast.QueryDocument, error) {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, l.Tokens)
	var syntax *gqlerror.Error
	if errors.As(err, &syntax) && syntax.Message == fmt.Sprintf("exceeded token limit of %d", l.Tokens) {
		return nil, refusal("tokens", l.Tokens, 0)
	}
	return doc, err
}

// Refusal says which limit a document goes beyond.
type Refusal struct {
	// Limit is "tokens", "depth", "aliases", "directives", "fields", "repeats" or "cost".
	Limit string
	// Most is the limit, Found what the document has; 0 where it was not counted to the end.
	Most, Found int
}

// Error says it in words.
func (r *Refusal) Error() string {
	text := fmt.Sprintf("The document goes beyond the limit of %d %s", r.Most, r.Limit)
	if r.Found > 0 {
		text += fmt.Sprintf(": it has %d", r.Found)
	}
	return text + "."
}

// Unwrap gives the error as users see it.
func (r *Refusal) Unwrap() error { return pontage.E(pontage.TooLarge, "%s", r.Error()) }

func refusal(name string, most, found int) error {
	return &Refusal{Limit: name, Most: most, Found: found}
}

// Check refuses a document that goes beyond a limit, in any of its operations. schema tells the page sizes, variables what is given
// for them; what does not fit the schema is left to the validation.
func (l Limits) Check(schema *ast.Schema, doc *ast.QueryDocument, variables map[string]any) error {
	w := &walker{limits: l, schema: schema, doc: doc, variables: variables, known: map[string]sum{}, open: map[string]bool{}}
	var all sum
	for _, op := range doc.Operations {
		w.defaults = op.VariableDefinitions
		w.known = map[string]sum{} // page sizes in fragments may hang on the operation's variables
		s, err := w.selections(op.SelectionSet, rootOf(schema, op.Operation))
		if err != nil {
			return err
		}
		s.directives = add(s.directives, len(op.Directives))
		all = all.beside(s)
	}
	return l.judge(all)
}

func (l Limits) judge(s sum) error {
	for _, c := range []struct {
		name        string
		most, found int
	}{
		{"depth", l.Depth, s.depth}, {"aliases", l.Aliases, s.aliases}, {"directives", l.Directives, s.directives},
		{"fields", l.Fields, s.fields}, {"cost", l.Cost, s.cost},
	} {
		if c.found > c.most {
			return refusal(c.name, c.most, c.found)
		}
	}
	return nil
}

func rootOf(schema *ast.Schema, op ast.Operation) *ast.Definition {
	switch op {
	case ast.Mutation:
		return schema.Mutation
	case ast.Subscription:
		return schema.Subscription
	}
	return schema.Query
}
