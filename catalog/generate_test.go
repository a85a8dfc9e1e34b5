package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pontage/pontage/catalog"
)

// schemas30 and schemas31 are what documents of each version say of values; each must get one that is valid.
var schemas30 = []string{
	`{}`, `{"type": "string"}`, `{"type": "boolean"}`, `{"type": "object"}`, `{"type": "array", "items": {}}`,
	`{"type": "string", "minLength": 20, "maxLength": 20}`, `{"type": "string", "maxLength": 2}`, `{"type": "string", "maxLength": 0}`,
	`{"type": "string", "format": "uuid"}`, `{"type": "string", "format": "date"}`, `{"type": "string", "format": "date-time"}`,
	`{"type": "string", "format": "byte"}`, `{"type": "string", "format": "something-else"}`,
	`{"type": "string", "pattern": "^[A-Z]{3}-[0-9]+(\\.[a-f]{2,5})?$", "minLength": 12}`, `{"type": "string", "pattern": "x|y"}`,
	`{"type": "string", "pattern": "^\\w+@\\w+\\.\\w{2,}$"}`, `{"type": "string", "pattern": "^[\\u0041-\\u0043]{4}$"}`,
	`{"type": "string", "enum": ["a", "b"]}`, `{"type": "integer", "enum": ["a", 7]}`, `{"type": "string", "default": "d", "minLength": 1}`,
	`{"type": "string", "example": 5}`, `{"type": "integer"}`, `{"type": "integer", "format": "int32", "minimum": 2147483647}`,
	`{"type": "integer", "minimum": 5, "maximum": 5}`, `{"type": "integer", "minimum": 5, "exclusiveMinimum": true, "multipleOf": 4}`,
	`{"type": "integer", "maximum": -3}`, `{"type": "number", "minimum": 0.1, "maximum": 0.2}`,
	`{"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 0.5, "exclusiveMaximum": true}`, `{"type": "number", "multipleOf": 0.25, "minimum": 3.1}`,
	`{"type": "array", "minItems": 3, "uniqueItems": true, "items": {"type": "string"}}`, `{"type": "array", "minItems": 2, "uniqueItems": true, "items": {"type": "boolean"}}`,
	`{"type": "array", "minItems": 3, "uniqueItems": true, "items": {"type": "integer", "minimum": 10}}`,
	`{"type": "array", "minItems": 2, "uniqueItems": true, "items": {"type": "string", "enum": ["a", "b"]}}`,
	`{"type": "array", "maxItems": 0, "items": {"type": "string"}}`,
	`{"type": "object", "required": ["a"], "additionalProperties": {"type": "integer"}, "minProperties": 3}`,
	`{"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "writeOnly": true}, "b": {"type": "string", "writeOnly": true}, "c": {"type": "integer", "readOnly": true}}}`,
	`{"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false, "maxProperties": 0}`,
	`{"allOf": [{"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "minimum": 3}}}, {"properties": {"a": {"maximum": 3}, "b": {"type": "boolean"}}, "required": ["b"]}]}`,
	`{"allOf": [{"type": "string"}, {"maxLength": 3, "minLength": 3}]}`, `{"allOf": [{"type": "string", "enum": ["a", "b"]}, {"enum": ["b"]}]}`,
	`{"oneOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "object", "required": ["b"], "properties": {"b": {"type": "integer"}}}]}`,
	`{"anyOf": [{"type": "string", "enum": []}, {"type": "integer"}]}`,
	`{"type": "object", "required": ["k"], "properties": {"k": {"type": "string"}}, "oneOf": [{"properties": {"k": {"enum": ["x"]}}}, {"properties": {"k": {"enum": ["y"]}}}]}`,
	`{"type": "string", "nullable": true, "enum": [null]}`, `{"not": {"type": "integer"}}`, `{"$ref": "#/components/schemas/Tree"}`, `{"$ref": "#/components/schemas/List"}`,
}

var schemas31 = []string{
	`{"type": ["null", "integer"], "minimum": 4}`, `{"type": "null"}`, `{"const": {"a": [1]}}`, `{"type": "string", "examples": [5, "five"]}`,
	`{"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 2}`, `{"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "minItems": 2}`,
	`{"type": "array", "contains": {"type": "integer"}, "items": {"type": "integer"}}`, `{"$ref": "#/components/schemas/Tree"}`,
	`{"type": "object", "properties": {"a": {"type": "string"}}, "unevaluatedProperties": false}`,
}

func generated(version string, schemas []string) catalog.Document {
	var paths []string
	for i, schema := range schemas {
		paths = append(paths, fmt.Sprintf(`"/s%d": {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": %s}}}}}}`, i, schema))
	}
	text := document(strings.Join(paths, ","), `"components": {"schemas": {
		"Tree": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}},
		"List": {"type": "object", "required": ["tail"], "properties": {"tail": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/List"}]}}}
	}},`)
	text = strings.Replace(text, "3.0.3", version, 1)
	if version != "3.0.3" {
		text = strings.Replace(text, `"nullable": true, "allOf"`, `"anyOf": [{"type": "null"}], "x-allOf"`, 1)
	}
	return catalog.Document{Name: version, Data: []byte(text)}
}

// A schema without an example must still give the partner's client something it can read.
func TestEverySchemaGetsAValidValue(t *testing.T) {
	for version, schemas := range map[string][]string{"3.0.3": schemas30, "3.1.0": schemas31} {
		s := newService(t, sqlite(t), "")
		report := imported(t, s, catalog.ImportInput{Documents: []catalog.Document{generated(version, schemas)}})
		for _, l := range report.Documents[0].LeftOut {
			var i int
			if _, err := fmt.Sscanf(l.Pointer, "/paths/~1s%d/", &i); err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s %s: %s", version, schemas[i], l.Reason)
		}
	}
}

// A schema that nothing satisfies is said in the report, and does not hold the document up.
func TestAnImpossibleSchemaIsReported(t *testing.T) {
	s := newService(t, sqlite(t), "")
	report := imported(t, s, catalog.ImportInput{Documents: []catalog.Document{generated("3.0.3", []string{`{"type": "integer", "minimum": 3, "maximum": 2}`})}})
	left := report.Documents[0].LeftOut
	if len(left) != 1 || left[0].Pointer != "/paths/~1s0/get/responses/200/content/application~1json" {
		t.Errorf("left out %+v", left)
	}
}

// recursive are schemas that contain themselves further down, with and without a type; a careless walk never comes back.
var recursive = []string{
	`{"properties": {"a": {"$ref": "#/components/schemas/A"}}}`, `{"items": {"$ref": "#/components/schemas/A"}}`,
	`{"additionalProperties": {"$ref": "#/components/schemas/A"}}`, `{"allOf": [{"properties": {"a": {"$ref": "#/components/schemas/A"}}}]}`,
	`{"allOf": [{"properties": {"a": {"$ref": "#/components/schemas/A"}}}, {"properties": {"a": {"$ref": "#/components/schemas/A"}, "b": {"$ref": "#/components/schemas/A"}}}]}`,
	`{"properties": {"a": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"allOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/A"}]}]}}}`,
	`{"type": "object", "required": ["a", "b"], "properties": {"a": {"$ref": "#/components/schemas/A"}, "b": {"$ref": "#/components/schemas/A"}}}`,
}

// A document with recursive schemas must be read, and not take the process down.
func TestRecursiveSchemasEnd(t *testing.T) {
	for _, version := range []string{"3.0.3", "3.1.0"} {
		for i, schema := range recursive {
			s := newService(t, sqlite(t), "")
			d := generated(version, []string{`{"$ref": "#/components/schemas/A"}`})
			d.Data = []byte(strings.Replace(string(d.Data), `"schemas": {`, `"schemas": {"A": `+schema+`,`, 1))
			report := imported(t, s, catalog.ImportInput{Documents: []catalog.Document{d}})
			// What must hold itself without end cannot be had; everything else can.
			if got, want := len(report.Documents[0].LeftOut), 0; i < len(recursive)-1 && got != want {
				t.Errorf("%s %s: %v", version, schema, report.Documents[0].LeftOut)
			}
		}
	}
}
