package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pontage/pontage/openapi/docs/tree"
)

// methods are those the operations of our documents have.
var methods = []string{"get", "put", "post", "delete", "patch"}

// Without gives a document without the operations that bear the tag, the tag itself and the components that only they use. left names
// the operations that are left out, as the generated code registers them: "METHOD /path".
func Without(source []byte, tag string) (kept []byte, left []string, err error) {
	root, err := tree.Parse(source)
	if err != nil {
		return nil, nil, fmt.Errorf("openapi document: %w", err)
	}
	before, after := map[string]bool{}, map[string]bool{}
	collect(root, tree.Member(root, "paths"), before)
	left = dropOperations(tree.Member(root, "paths"), tag)
	collect(root, tree.Member(root, "paths"), after)
	for ref := range before {
		if keys := strings.Split(strings.TrimPrefix(ref, "#/"), "/"); !after[ref] {
			tree.Remove(tree.At(root, keys[:2]...), keys[2])
		}
	}
	if tags := tree.Member(root, "tags"); tags != nil {
		tags.Content = slices.DeleteFunc(tags.Content, func(n *tree.Node) bool { return tree.Value(tree.Member(n, "name")) == tag })
	}
	kept, err = tree.YAML(root)
	return kept, left, err
}

// dropOperations takes the tagged operations away, and paths that have no other.
func dropOperations(paths *tree.Node, tag string) (left []string) {
	var empty []string
	tree.Members(paths, func(path string, item *tree.Node) {
		others := 0
		for _, method := range methods {
			operation := tree.Member(item, method)
			switch {
			case operation == nil:
			case slices.ContainsFunc(tree.Items(tree.Member(operation, "tags")), func(n *tree.Node) bool { return tree.Value(n) == tag }):
				left = append(left, strings.ToUpper(method)+" "+path)
				tree.Remove(item, method)
			default:
				others++
			}
		}
		if others == 0 {
			empty = append(empty, path)
		}
	})
	for _, path := range empty {
		tree.Remove(paths, path)
	}
	return left
}

// collect finds the components below n and those they refer to.
func collect(root, n *tree.Node, found map[string]bool) {
	if n == nil {
		return
	}
	ref := tree.Value(tree.Member(n, "$ref"))
	if strings.HasPrefix(ref, "#/components/") && strings.Count(ref, "/") == 3 && !found[ref] {
		found[ref] = true
		collect(root, tree.Follow(root, n), found)
	}
	for _, child := range n.Content {
		collect(root, child, found)
	}
}
