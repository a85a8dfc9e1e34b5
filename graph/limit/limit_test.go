package limit

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/pontage/pontage"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	type Query { things(first: Int! = 20): ThingConnection! nodes(ids: [ID!]!): [Thing]! thing: Thing plain: [Thing!]! }
	type ThingConnection { nodes: [Thing!]! }
	type Thing { id: ID! name(first: Int): String thing: Thing things(first: Int! = 20): ThingConnection! }
`})

// bomb is levels of fragments, each of which spreads the next one twice.
func bomb(levels int) string {
	var b strings.Builder
	b.WriteString("{ thing { ...F0 } }\n")
	for i := range levels {
		fmt.Fprintf(&b, "fragment F%d on Thing { ...F%d ...F%d }\n", i, i+1, i+1)
	}
	fmt.Fprintf(&b, "fragment F%d on Thing { id }\n", levels)
	return b.String()
}

// attacks are what a stranger may send; limit is what refuses it.
var attacks = map[string]struct{ query, limit string }{
	"a fragment bomb":        {bomb(30), "fields"},
	"10,000 fields":          {"{" + strings.Repeat(" __typename", 10_000) + "}", "tokens"},
	"20,000 directives":      {"{ thing { id" + strings.Repeat(" @a", 20_000) + "} }", "tokens"},
	"100 directives":         {"{ thing { id" + strings.Repeat(" @a", 100) + "} }", "directives"},
	"16 aliases":             {"{" + numbered("a%d: __typename ", 16) + "}", "aliases"},
	"aliases in a fragment":  {"{ thing { ...F thing { ...F } } } fragment F on Thing { a1:id a2:id a3:id a4:id a5:id a6:id a7:id a8:id }", "aliases"},
	"nine levels":            {strings.Repeat("{ thing ", 8) + "{ id }" + strings.Repeat("}", 8), "depth"},
	"pages of pages":         {"{ things(first: 100) { nodes { things(first: 100) { nodes { id } } } } }", "cost"},
	"pages by default":       {"{ things { nodes { things { nodes { things { nodes { id } } } } } } }", "cost"},
	"an endless page":        {"{ things(first: 99999999999999999999) { nodes { id } } thing { things(first: 2000000000) { nodes { things(first: 2000000000) { nodes { id } } } } } }", "cost"},
	"an operation unasked":   {"query A { thing { id } } query B { things(first: 6000) { nodes { id } } }", "cost"},
	"many nodes":             {"{ nodes(ids: [" + strings.Repeat(`"a" `, 900) + "]) { id things { nodes { id } } } }", "cost"},
	"a question of schema":   {"{ __schema { types { name } } }", "introspection"},
	"a type in a fragment":   {"{ ...F } fragment F on Query { __type(name: \"A\") { name } }", "introspection"},
	"a circle of fragments":  {"{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }", "cycle"},
	"fragments fan out wide": {"{ thing {" + strings.Repeat(" ...F", 45) + "} } fragment F on Thing { " + strings.Repeat(" id", 45) + "}", "fields"},
	"a field 51 times":       {"{ thing {" + strings.Repeat(" id", 51) + "} }", "repeats"},
	"a fragment 51 times":    {"{ thing {" + strings.Repeat(" ...F", 51) + "} } fragment F on Thing { id }", "repeats"},
	"51 unnamed fragments":   {"{ thing {" + strings.Repeat(" ...{id}", 51) + "} }", "repeats"},
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func check(l Limits, query string, variables map[string]any) error {
	doc, err := l.Parse(query)
	if err != nil {
		return err
	}
	return l.Check(schema, doc, variables)
}

// A stranger's document must be refused by a look at its text, for what it is.
func TestDearDocumentsAreRefused(t *testing.T) {
	for name, attack := range attacks {
		err := check(Default(), attack.query, nil)
		var r *Refusal
		switch {
		case attack.limit == "introspection" && pontage.CodeOf(err) != pontage.Forbidden:
			t.Errorf("%s: %v", name, err)
		case attack.limit == "cycle" && !errors.Is(err, errCycle):
			t.Errorf("%s: %v", name, err)
		case attack.limit == "introspection" || attack.limit == "cycle":
		case !errors.As(err, &r) || r.Limit != attack.limit:
			t.Errorf("%s: %v, want the limit of %s", name, err, attack.limit)
		case pontage.CodeOf(err) != pontage.TooLarge:
			t.Errorf("%s: code %s", name, pontage.CodeOf(err))
		}
	}
}

// What is allowed to its last unit passes.
func TestDocumentsAtTheLimitsPass(t *testing.T) {
	for name, query := range map[string]string{
		"15 aliases":       "{" + numbered("a%d: __typename ", 15) + "}",
		"eight levels":     strings.Repeat("{ thing ", 7) + "{ id }" + strings.Repeat("}", 7),
		"a field 50 times": "{ thing { nodes: id" + strings.Repeat(" id", 50) + "} }",
		"50 directives":    "{ thing { id" + strings.Repeat(" @a", 50) + "} }",
		"a page of 100":    "{ things(first: 100) { nodes { things(first: 20) { nodes { id } } thing { id } } } }",
	} {
		if err := check(Default(), query, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	open := Default()
	open.Introspection = true
	deep := "{ __schema { types { fields { type { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } }"
	if err := check(open, deep, nil); err != nil {
		t.Errorf("a question about the schema, where it may be asked: %v", err)
	}
}

// The size of a page counts wherever it comes from.
func TestPageSizesInVariablesCount(t *testing.T) {
	query := "query($n: Int! = 1, $ids: [ID!]!) { things(first: $n) { nodes { things(first: $n) { nodes { id } } } } nodes(ids: $ids) { id } }"
	for _, c := range []struct {
		n   any
		ids int
		ok  bool
	}{{nil, 1, true}, {json.Number("40"), 1, true}, {json.Number("100"), 1, false}, {"100", 1, false}, {json.Number("1"), 6000, false}} {
		variables := map[string]any{"ids": make([]any, c.ids)}
		if c.n != nil {
			variables["n"] = c.n
		}
		if err := check(Default(), query, variables); (err == nil) != c.ok {
			t.Errorf("first %v, %d ids: %v", c.n, c.ids, err)
		}
	}
}

// The check's own work grows with the text alone: a bomb of n levels costs as many steps as it has selections.
func TestTheCheckVisitsEverySelectionOnce(t *testing.T) {
	for _, levels := range []int{5, 30, 90} {
		doc, err := Default().Parse(bomb(levels))
		if err != nil {
			t.Fatal(err)
		}
		w := &walker{limits: Default(), schema: schema, doc: doc, known: map[string]sum{}, open: map[string]bool{}}
		if _, err := w.selections(doc.Operations[0].SelectionSet, schema.Query); err != nil {
			t.Fatal(err)
		}
		if most := 2*levels + 3; w.visits > most {
			t.Errorf("%d levels: %d visits, at most %d are needed", levels, w.visits, most)
		}
	}
}

func BenchmarkAttacks(b *testing.B) {
	for name, attack := range attacks {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			for b.Loop() {
				if err := check(Default(), attack.query, nil); err == nil {
					b.Fatal("passed")
				}
			}
		})
	}
}

// Whatever text comes, the check ends with a yes, a refusal or a syntax error, and its steps stay within the tokens.
func FuzzCheck(f *testing.F) {
	for _, attack := range attacks {
		if len(attack.query) < 4_000 {
			f.Add(attack.query)
		}
	}
	f.Fuzz(func(t *testing.T, query string) {
		l := Default()
		doc, err := l.Parse(query)
		if err != nil {
			return
		}
		w := &walker{limits: l, schema: schema, doc: doc, known: map[string]sum{}, open: map[string]bool{}}
		for _, op := range doc.Operations {
			if s, err := w.selections(op.SelectionSet, rootOf(schema, op.Operation)); err == nil && (s.cost < 0 || s.fields < 0 || s.depth < 0) {
				t.Fatalf("%+v", s)
			}
		}
		if w.visits > l.Tokens {
			t.Fatalf("%d visits", w.visits)
		}
		_ = l.Check(schema, doc, map[string]any{"n": json.Number("5")})
	})
}
