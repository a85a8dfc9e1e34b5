package token_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi/docs/edition"
	"github.com/pontage/pontage/openapi/token"
)

// A generated client of the contract must find everything it knows in our document.
func TestTheDocumentTakesNothingFromTheContract(t *testing.T) {
	wire, ours := theContract(t), ourContract(t)
	for name, want := range wire.operations {
		have, ok := ours.operations[name]
		if !ok {
			t.Errorf("%s is missing", name)
			continue
		}
		for p, parameter := range want.parameters {
			mine, ok := have.parameters[p]
			if !ok || mine.at("schema")["type"] != parameter.at("schema")["type"] ||
				mine.at("schema")["default"] != parameter.at("schema")["default"] ||
				mine.at("schema")["maximum"] != parameter.at("schema")["maximum"] {
				t.Errorf("%s: parameter %s: want %v, have %v", name, p, parameter, mine)
			}
		}
		for p, parameter := range have.parameters {
			if _, known := want.parameters[p]; !known && parameter["required"] == true {
				t.Errorf("%s: parameter %s is required and the contract does not know it", name, p)
			}
		}
		compareSchemas(t, name+" body", wire, ours, want.body, have.body)
		compareSchemas(t, name+" data", wire, ours, want.data, have.data)
		if want.body != nil {
			if a, b := fmt.Sprint(want.body["required"]), fmt.Sprint(have.body["required"]); a != b {
				t.Errorf("%s: the body requires %s, want %s", name, b, a)
			}
		}
		for _, f := range want.failures {
			if !slices.Contains(have.failures, f) {
				t.Errorf("%s: failure %+v is not documented", name, f)
			}
		}
	}
}

// compareSchemas walks both schemas by name and type. A part the contract leaves open is not looked at.
func compareSchemas(t *testing.T, where string, wire, ours *contract, want, have node) {
	t.Helper()
	want, have = wire.follow(want), ours.follow(have)
	if want == nil {
		return
	}
	if have == nil {
		t.Errorf("%s is missing", where)
		return
	}
	if a, b := want["type"], have["type"]; a != nil && a != b {
		t.Errorf("%s: type %v, want %v", where, b, a)
	}
	if a, b := want["format"], have["format"]; a == "date-time" && a != b {
		t.Errorf("%s: format %v, want %v", where, b, a)
	}
	mine := ours.properties(have)
	for name := range wire.properties(want) {
		compareSchemas(t, where+"."+name, wire, ours, wire.properties(want).at(name), mine.at(name))
	}
	compareSchemas(t, where+"[]", wire, ours, want.at("items"), have.at("items"))
	compareSchemas(t, where+"{}", wire, ours, want.at("additionalProperties"), have.at("additionalProperties"))
	choices, _ := want["oneOf"].([]any)
	others, _ := have["oneOf"].([]any)
	if len(choices) != len(others) {
		t.Errorf("%s: %d choices, want %d", where, len(others), len(choices))
		return
	}
	for i := range choices {
		compareSchemas(t, fmt.Sprintf("%s|%d", where, i), wire, ours, choices[i].(map[string]any), others[i].(map[string]any))
	}
}

// Whoever copies an example from the page must get past validation with it.
func TestTheExamplesOfTheDocumentValidate(t *testing.T) {
	doc := loadDocument(t)
	seen := 0
	check := func(where string, schema *openapi3.SchemaRef, examples openapi3.Examples) {
		for name, e := range examples {
			seen++
			if err := schema.Value.VisitJSON(e.Value.Value); err != nil {
				t.Errorf("%s: example %s: %v", where, name, err)
			}
		}
	}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			where := method + " " + path
			if o.Description == "" || o.Summary == "" || o.Extensions["x-codeSamples"] == nil {
				t.Errorf("%s: description, summary or samples are missing", where)
			}
			if o.RequestBody != nil {
				m := o.RequestBody.Value.Content["application/json"]
				check(where+" body", m.Schema, m.Examples)
			}
			for status, r := range o.Responses.Map() {
				m := r.Value.Content["application/json"]
				if len(m.Examples) == 0 {
					t.Errorf("%s %s has no example", where, status)
				}
				check(where+" "+status, m.Schema, m.Examples)
			}
			for _, p := range append(slices.Clone(item.Parameters), o.Parameters...) {
				if p.Value.Example != nil {
					check(where, p.Value.Schema, openapi3.Examples{p.Value.Name: {Value: &openapi3.Example{Value: p.Value.Example}}})
				}
			}
		}
	}
	t.Logf("%d examples", seen)
}

// Every number of our own stands in the document's list, so that nobody has to guess.
func TestTheDocumentNamesOurOwnNumbers(t *testing.T) {
	text := loadDocument(t).Info.Description
	for _, code := range pontage.Codes() {
		switch code {
		// These are decided on calls at the gateway alone.
		case pontage.InsufficientCredit, pontage.RequirementMissing, pontage.NotSellable, pontage.UpstreamMissing,
			pontage.BadGateway, pontage.GatewayTimeout:
			continue
		case pontage.ReloginRequired: // this is for people with a session
			continue
		case pontage.PlanLimit: // what a plan limits is not made here
			continue
		}
		if !strings.Contains(text, fmt.Sprint(code.Failure().Number)) {
			t.Errorf("%s (%d) is not explained", code, code.Failure().Number)
		}
	}
}

// The documents name the instance they came from, and nothing that only our generator reads.
func TestTheServedDocumentsAreTheInstancesOwn(t *testing.T) {
	text := string(served(t, "http://localhost:8080", "test.oauth.pontage.example"))
	for _, bad := range []string{"x-go-", "oauth.example.com"} {
		if strings.Contains(text, bad) {
			t.Errorf("the document contains %q", bad)
		}
	}
	if !strings.Contains(text, `"servers":[{"url":"http://test.oauth.pontage.example"}]`) || !strings.Contains(text, "curl -X POST") {
		t.Errorf("no server or no sample: %.300s", text)
	}
	var source, served any
	data, err := os.ReadFile("openapi.yaml")
	must(t, err)
	must(t, yaml.Unmarshal(data, &source))
	must(t, json.Unmarshal([]byte(text), &served))
	if a, b := len(source.(map[string]any)["paths"].(map[string]any)), len(served.(map[string]any)["paths"].(map[string]any)); a != b {
		t.Errorf("%d paths became %d", a, b)
	}
}

// An instance without play money serves the same document but for the operations that give it, what only they use, and the header that
// simulates, which with play money every operation names.
func TestAPartThatIsLeftOutLeavesNothingBehind(t *testing.T) {
	whole, rest := map[string]any{}, map[string]any{}
	must(t, json.Unmarshal(token.Document("http://localhost", platformHost, token.Play), &whole))
	text := token.Document("http://localhost", platformHost)
	must(t, json.Unmarshal(text, &rest))
	if strings.Contains(strings.ToLower(string(text)), "sandbox") {
		t.Error("it is still spoken of")
	}
	takeSimulationAway(t, whole)
	left := 0
	for _, section := range []string{"paths", "schemas", "examples", "responses", "parameters", "headers"} {
		all, kept := node(whole).at(section), node(rest).at(section)
		if section != "paths" {
			all, kept = node(whole).at("components", section), node(rest).at("components", section)
		}
		for name, v := range all {
			switch there := kept[name]; {
			case there == nil && strings.Contains(strings.ToLower(name), "sandbox"):
				left++
			case fmt.Sprint(there) != fmt.Sprint(v):
				t.Errorf("%s %s is not what it was", section, name)
			}
		}
	}
	t.Logf("%d left out", left)
}

// served is the document with its samples, as it is handed out.
func served(t testing.TB, publicURL, host string) []byte {
	t.Helper()
	e, err := edition.Of(token.Document(publicURL, host, token.Play))
	must(t, err)
	return e.JSON
}

func loadDocument(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(served(t, "http://localhost", platformHost))
	must(t, err)
	must(t, doc.Validate(context.Background()))
	return doc
}

// takeSimulationAway removes the parameter that names the header, which must be on every operation.
func takeSimulationAway(t *testing.T, document map[string]any) {
	t.Helper()
	delete(node(document).at("components", "parameters"), "PontageSimulate")
	for path, item := range node(document).at("paths") {
		for method, o := range item.(map[string]any) {
			operation, ok := o.(map[string]any)
			if !ok {
				continue
			}
			parameters, _ := operation["parameters"].([]any)
			last := len(parameters) - 1
			if last < 0 || fmt.Sprint(parameters[last]) != "map[$ref:#/components/parameters/PontageSimulate]" {
				t.Errorf("%s %s does not name the header: %v", method, path, parameters)
				continue
			}
			if operation["parameters"] = parameters[:last]; last == 0 {
				delete(operation, "parameters")
			}
		}
	}
}
