package edition

import (
	"slices"
	"strings"

	"github.com/pontage/pontage/openapi/docs/tree"
)

// newest is the version that documents of 3.0 are made.
const newest = "3.1.1"

// opaque are the members whose values are data of the API, not parts of the document.
var opaque = []string{"example", "examples", "default", "enum", "const", "value"}

// Upgrade makes a document of OpenAPI 3.0 one of 3.1, in place: schemas then are JSON Schema. A newer document stays as it is.
func Upgrade(root *tree.Node) {
	if !strings.HasPrefix(tree.Value(tree.Member(root, "openapi")), "3.0.") {
		return
	}
	tree.Set(root, "openapi", tree.Text(newest))
	walk(root, place{})
}

// place says what an object of the document is.
type place struct {
	// names says that its keys are names the author chose, and schema that it is a schema, or that they name schemas.
	names, schema bool
}

// named are the members whose keys are names; those of named schemas are true.
var named = map[string]bool{"properties": true, "patternProperties": true, "schemas": true,
	"responses": false, "parameters": false, "headers": false, "requestBodies": false, "callbacks": false, "links": false,
	"securitySchemes": false, "paths": false, "content": false, "encoding": false, "variables": false, "mapping": false, "scopes": false}

// schemas are the members of anything that are schemas or lists of them.
var schemas = []string{"schema", "items", "additionalProperties", "not", "allOf", "anyOf", "oneOf"}

func walk(n *tree.Node, at place) {
	for _, item := range tree.Items(n) {
		walk(item, at)
	}
	if at.schema && !at.names {
		upgradeSchema(n)
	}
	tree.Members(n, func(key string, value *tree.Node) {
		switch isSchema, names := named[key]; {
		case at.names:
			walk(value, place{schema: at.schema})
		case slices.Contains(opaque, key) || strings.HasPrefix(key, "x-"):
		case names && value.Kind == n.Kind: // a list of parameters has no names
			walk(value, place{names: true, schema: isSchema})
		default:
			walk(value, place{schema: slices.Contains(schemas, key)})
		}
	})
}

// upgradeSchema rewrites what changed between the versions.
func upgradeSchema(n *tree.Node) {
	if tree.Member(n, "$ref") != nil {
		besideReference(n)
		return
	}
	exclusive(n, "minimum", "exclusiveMinimum")
	exclusive(n, "maximum", "exclusiveMaximum")
	if example := tree.Remove(n, "example"); example != nil {
		tree.Set(n, "examples", tree.List(example))
	}
	binary(n)
	nullable(n)
}

// besideReference takes away what 3.0 did not read: 3.1 would.
func besideReference(n *tree.Node) {
	ref := tree.Member(n, "$ref")
	n.Content = nil
	tree.Set(n, "$ref", ref)
}

// exclusive makes a bound with a flag a bound of its own.
func exclusive(n *tree.Node, bound, flag string) {
	switch is := tree.Member(n, flag); {
	case is == nil || is.Tag != "!!bool":
	case tree.IsTrue(is) && tree.Member(n, bound) != nil:
		tree.Set(n, flag, tree.Remove(n, bound))
	default:
		tree.Remove(n, flag)
	}
}

// binary says the formats of files in JSON Schema's words.
func binary(n *tree.Node) {
	switch tree.Value(tree.Member(n, "format")) {
	case "binary":
		tree.Remove(n, "format")
		tree.Set(n, "contentMediaType", tree.Text("application/octet-stream"))
	case "byte":
		tree.Remove(n, "format")
		tree.Set(n, "contentEncoding", tree.Text("base64"))
	}
}

// nullable adds null to the types, and to the values where they are listed: in 3.0 both had to be said.
func nullable(n *tree.Node) {
	flag := tree.Remove(n, "nullable")
	kind := tree.Member(n, "type")
	if !tree.IsTrue(flag) || kind == nil { // 3.0 has nullable mean something beside a type only
		return
	}
	tree.Set(n, "type", tree.List(kind, tree.Text("null")))
}
