package graph

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/pontage/pontage/graph/generated"
)

// committed is the schema as it was given to clients.
const committed = "schema.graphql"

var update = flag.Bool("update", false, "write schema.graphql anew, where no client breaks by it")

func ourSchema() *ast.Schema {
	return generated.NewExecutableSchema(generated.Config{}).Schema()
}

// printed is the schema as one text, sorted, without GraphQL's own types.
func printed(s *ast.Schema) string {
	var b bytes.Buffer
	formatter.NewFormatter(&b).FormatSchema(s)
	return b.String()
}

// A dashboard or script that worked yesterday works today: schema.graphql is what was promised, and nothing of it is taken back.
func TestTheSchemaIsCommittedAndBreaksNobody(t *testing.T) {
	now := printed(ourSchema())
	data, err := os.ReadFile(committed)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if err == nil {
		before, err := gqlparser.LoadSchema(&ast.Source{Name: committed, Input: string(data)})
		if err != nil {
			t.Fatal(err)
		}
		for _, broken := range breaking(before, ourSchema()) {
			t.Error(broken)
		}
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(committed, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if now != string(data) {
		t.Errorf("%s is not the schema any more: go test ./graph -run TestTheSchemaIsCommitted -update", committed)
	}
}

// The check must be able to say no.
func TestBreakingChangesAreFound(t *testing.T) {
	const before = `
		type Query { a(x: Int, y: [Int!]! = []): String b: B! c: C u: U i: I }
		type B implements I { id: ID! } type B2 { id: ID! } interface I { id: ID! }
		enum C { ONE TWO } union U = B | B2 input In { x: Int! y: Int } scalar S
		directive @access(by: [C!]!) on FIELD_DEFINITION
		extend type Query { d(in: In): S }`
	for name, change := range map[string][2]string{
		"a field is gone":                    {"b: B!", ""},
		"a field may be null now":            {"b: B!", "b: B"},
		"a field has another type":           {"): String", "): Int"},
		"an argument is gone":                {"x: Int, ", ""},
		"an argument has another type":       {"x: Int,", "x: String,"},
		"an argument must be given now":      {"x: Int,", "x: Int!,"},
		"there is a new argument to give":    {"x: Int,", "x: Int, z: Int!,"},
		"an argument lost its default":       {"y: [Int!]! = []", "y: [Int!]!"},
		"an enum's value is gone":            {"ONE TWO", "ONE"},
		"a member of a union is gone":        {"= B | B2", "= B"},
		"an interface is not implemented":    {"type B implements I", "type B"},
		"an input's field is gone":           {" y: Int }", " }"},
		"an input's field must be given now": {" y: Int }", " y: Int! }"},
		"an input has a new field to give":   {" y: Int }", " y: Int z: Int! }"},
		"a type is gone":                     {"i: I }", "} # i"},
	} {
		text := strings.Replace(before, change[0], change[1], 1)
		if name == "a type is gone" {
			text = strings.NewReplacer("i: I }", "}", "implements I", "", "interface I { id: ID! }", "").Replace(before)
		}
		old, after := gqlparser.MustLoadSchema(&ast.Source{Input: before}), gqlparser.MustLoadSchema(&ast.Source{Input: text})
		if len(breaking(old, after)) == 0 {
			t.Errorf("%s, and nobody notices", name)
		}
	}
	old := gqlparser.MustLoadSchema(&ast.Source{Input: before})
	more := gqlparser.MustLoadSchema(&ast.Source{Input: strings.NewReplacer("x: Int,", "x: Int, z: Int = 1,", "c: C", "c: C! e: String", "ONE TWO", "ONE TWO THREE",
		" y: Int }", " y: Int z: Int }").Replace(before)})
	if found := breaking(old, more); len(found) > 0 {
		t.Errorf("additions are called breaking: %v", found)
	}
}

// Nobody may reach what nobody thought of: every root field, and every field that leads to a node, says who may use it.
func TestEveryWayIntoTheGraphSaysWhoMayUseIt(t *testing.T) {
	s := ourSchema()
	fields := 0
	for _, def := range s.Types {
		if def.BuiltIn || def.Kind != ast.Object {
			continue
		}
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") || !leads(s, def, f) {
				continue
			}
			fields++
			checkAccess(t, s, def, f)
		}
	}
	if fields < 5 {
		t.Fatalf("%d fields looked at", fields)
	}
}

// leads says whether a field needs a rule of its own: roots do, and fields that lead to a node.
func leads(s *ast.Schema, def *ast.Definition, f *ast.FieldDefinition) bool {
	if def == s.Query || def == s.Mutation {
		return true
	}
	result := s.Types[f.Type.Name()]
	if def.Name == "PageInfo" || strings.HasSuffix(def.Name, "Payload") || strings.HasSuffix(def.Name, "Edge") || strings.HasSuffix(def.Name, "Connection") {
		return false // parts of a field that says it itself
	}
	return implements(result, "Node") || strings.HasSuffix(result.Name, "Connection")
}

func implements(def *ast.Definition, name string) bool {
	for _, i := range def.Interfaces {
		if i == name {
			return true
		}
	}
	return false
}

func checkAccess(t *testing.T, s *ast.Schema, def *ast.Definition, f *ast.FieldDefinition) {
	t.Helper()
	where := def.Name + "." + f.Name
	d := f.Directives.ForName("access")
	if d == nil {
		t.Errorf("%s has no @access", where)
		return
	}
	token := false
	for _, by := range d.Arguments.ForName("by").Value.Children {
		token = token || by.Value.Raw == "TOKEN"
	}
	if operation := d.Arguments.ForName("operation"); token != (operation != nil) {
		t.Errorf("%s: TOKEN and operation go together", where)
	}
	checkPermission(t, where, d)
	if def == s.Mutation && (len(f.Arguments) != 1 || f.Arguments[0].Name != "input" || !strings.HasSuffix(f.Type.Name(), "Payload")) {
		t.Errorf("%s does not take one input and give a payload", where)
	}
}

// ownAlone are the fields open to an account that are about the caller's own account alone, or that only lead on to others: no role on a
// client opens them.
var ownAlone = []string{
	"Query.plan", "Mutation.upgradePlan", "Mutation.cancelPlan",
	"Query.node", "Query.nodes", "Query.viewer", "Query.clients", "Query.apiKeys", "Query.scopes", "Query.scope",
	"Query.callbacks", "Query.callback",
	"Query.plan", "Mutation.upgradePlan", "Mutation.cancelPlan", "Mutation.createClient",
	"Mutation.createAPIKey", "Mutation.rotateAPIKey", "Mutation.revokeAPIKey", "Mutation.buySubscription", "Mutation.cancelSubscription", "Mutation.resumeSubscription",
	"Token.client", "Call.scope", "ErrorEntry.scope", "Callback.scope", "ScopeSubscription.scope", "Quote.scope",
}

// checkPermission wants a permission of every field that is open to an account, unless somebody decided that it is the caller's own alone.
// What is open to sessions alone is about the person.
func checkPermission(t *testing.T, where string, access *ast.Directive) {
	t.Helper()
	named, own := access.Arguments.ForName("permission") != nil, slices.Contains(ownAlone, where)
	account := strings.Contains(access.Arguments.ForName("by").Value.String(), "ACCOUNT")
	if account && named == own || own && !account {
		t.Errorf("%s names a permission: %t; is the caller's own alone: %t", where, named, own)
	}
}

// Whoever explores the schema finds every word of it explained.
func TestEverythingIsDescribed(t *testing.T) {
	for _, def := range ourSchema().Types {
		if def.BuiltIn {
			continue
		}
		explain(t, def.Name, def.Description)
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			explain(t, def.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				explain(t, def.Name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
		for _, v := range def.EnumValues {
			explain(t, def.Name+"."+v.Name, v.Description)
		}
	}
}

func explain(t *testing.T, what, description string) {
	t.Helper()
	if len(strings.TrimSpace(description)) < 5 {
		t.Errorf("%s is not described", what)
	}
}

// Whoever learned one list knows all: every connection is cut, continued, sorted and narrowed in the same words.
func TestEveryListIsPagedSortedAndFiltered(t *testing.T) {
	lists := 0
	for _, definition := range ourSchema().Types {
		for _, f := range definition.Fields {
			if definition.BuiltIn || !strings.HasSuffix(f.Type.Name(), "Connection") {
				continue
			}
			lists++
			for _, argument := range []string{"first", "after", "order", "filter"} {
				if f.Arguments.ForName(argument) == nil {
					t.Errorf("%s.%s has no argument %s", definition.Name, f.Name, argument)
				}
			}
		}
	}
	if lists < 20 {
		t.Errorf("only %d lists were looked at", lists)
	}
}

// What is generated has one home, and no model is among it.
func TestNoModelIsGenerated(t *testing.T) {
	if _, err := os.Stat("generated/models.go"); err == nil {
		t.Error("gqlgen made models of its own: bind the types in gqlgen.yml or package model")
	}
}
