package edition

import (
	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// simulateParameter names the parameter among a document's components.
const simulateParameter = "PontageSimulate"

// operationKeys are the members of a path item that are operations.
var operationKeys = []string{"get", "put", "post", "delete", "patch", "head", "options", "trace"}

// Simulable says on every operation of a document that pontage.HeaderSimulate makes it meet something else; description says what.
func Simulable(root *tree.Node, description string) {
	components := member(root, "components")
	tree.Set(member(components, "parameters"), simulateParameter, tree.Object(
		"name", tree.Text(pontage.HeaderSimulate), "in", tree.Text("header"), "description", tree.Text(description),
		"schema", tree.Object("type", tree.Text("string"))))
	tree.Members(tree.Member(root, "paths"), func(_ string, item *tree.Node) {
		for _, key := range operationKeys {
			operation := tree.Member(item, key)
			if operation == nil {
				continue
			}
			reference := tree.Object("$ref", tree.Text("#/components/parameters/"+simulateParameter))
			if parameters := tree.Member(operation, "parameters"); parameters != nil {
				parameters.Content = append(parameters.Content, reference)
			} else {
				tree.Set(operation, "parameters", tree.List(reference))
			}
		}
	})
}

// member gives a mapping below a mapping, and makes it where it is missing.
func member(n *tree.Node, key string) *tree.Node {
	if m := tree.Member(n, key); tree.IsObject(m) {
		return m
	}
	m := tree.Object()
	tree.Set(n, key, m)
	return m
}
