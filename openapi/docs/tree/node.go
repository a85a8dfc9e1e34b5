package tree

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// Node is a value of the document: a mapping, a sequence or a scalar. Aliases stand only in what was read from YAML; Expand writes
// them out, and the other functions want that done.
type Node = yaml.Node

// Member gives the value of a key of a mapping, or nil.
func Member(n *Node, key string) *Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// At goes down by keys; nil where one is missing.
func At(n *Node, keys ...string) *Node {
	for _, key := range keys {
		n = Member(n, key)
	}
	return n
}

// Set replaces or appends a member of a mapping.
func Set(n *Node, key string, value *Node) {
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content[i+1] = value
			return
		}
	}
	n.Content = append(n.Content, Text(key), value)
}

// Remove takes a member out of a mapping and gives its value, nil where it was not there.
func Remove(n *Node, key string) *Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			value := n.Content[i+1]
			n.Content = append(n.Content[:i:i], n.Content[i+2:]...)
			return value
		}
	}
	return nil
}

// Members calls f for each member of a mapping, in order; for anything else not at all.
func Members(n *Node, f func(key string, value *Node)) {
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		f(n.Content[i].Value, n.Content[i+1])
	}
}

// Items are the values of a sequence; none for anything else.
func Items(n *Node) []*Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// Value is the text of a scalar, however it is typed; empty for anything else.
func Value(n *Node) string {
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

// IsTrue says whether n is the boolean true.
func IsTrue(n *Node) bool { return n != nil && n.Tag == "!!bool" && n.Value == "true" }

// Text is a string.
func Text(value string) *Node { return &Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value} }

// IsObject says whether n is a mapping.
func IsObject(n *Node) bool { return n != nil && n.Kind == yaml.MappingNode }

// True is the boolean.
func True() *Node { return &Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"} }

// Null is JSON's null.
func Null() *Node { return &Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"} }

// List is a sequence.
func List(items ...*Node) *Node {
	return &Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}
}

// Object is a mapping of keys to nodes: Object("a", node, "b", node).
func Object(pairs ...any) *Node {
	n := &Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for i := 0; i+1 < len(pairs); i += 2 {
		Set(n, pairs[i].(string), pairs[i+1].(*Node))
	}
	return n
}

// mostReferences bounds a chain of references, which could be a circle.
const mostReferences = 100

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~").Replace

// Follow gives the node behind a chain of references into the document itself; nil where it leads nowhere.
func Follow(root, n *Node) *Node {
	for range mostReferences {
		ref := Member(n, "$ref")
		if ref == nil || ref.Kind != yaml.ScalarNode {
			return n
		}
		n = lookup(root, ref.Value)
	}
	return nil
}
