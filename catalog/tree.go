package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v4"
)

// Bounds of a document: its size in bytes, how deep it nests, and how many nodes it may have once aliases are followed.
const (
	maxDocument = 32 << 20
	maxDepth    = 200
	maxNodes    = 2_000_000
)

// parseTree reads JSON or YAML into maps, lists, texts, booleans, nil and json.Number, so that no number is ever rounded.
func parseTree(data []byte) (map[string]any, *fault) {
	if len(data) > maxDocument {
		return nil, faultAt("", "The document is larger than %d bytes.", maxDocument)
	}
	var tree any
	var err error
	if trimmed := bytes.TrimLeft(data, " \t\r\n\ufeff"); len(trimmed) > 0 && trimmed[0] == '{' {
		tree, err = parseJSON(trimmed)
	} else {
		tree, err = parseYAML(data)
	}
	if err != nil {
		return nil, faultAt("", "The document cannot be read: %s", firstLine(err))
	}
	root, ok := tree.(map[string]any)
	if !ok {
		return nil, faultAt("", "The document is not an object.")
	}
	return root, nil
}

func parseJSON(data []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("something follows the document")
	}
	return tree, nil
}

func parseYAML(data []byte) (any, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	if document.Kind != yaml.DocumentNode || len(document.Content) != 1 {
		return nil, fmt.Errorf("it is empty")
	}
	budget := maxNodes
	return plainNode(document.Content[0], 0, &budget)
}

// plainNode turns a YAML node into what JSON would have given; dates stay the text they are.
func plainNode(n *yaml.Node, depth int, budget *int) (any, error) {
	if *budget--; *budget < 0 || depth > maxDepth {
		return nil, fmt.Errorf("it is too deep or too large, line %d", n.Line)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return plainNode(n.Alias, depth+1, budget)
	case yaml.MappingNode:
		return plainMapping(n, depth, budget)
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			value, err := plainNode(item, depth+1, budget)
			if err != nil {
				return nil, err
			}
			list[i] = value
		}
		return list, nil
	}
	return plainScalar(n)
}

func plainMapping(n *yaml.Node, depth int, budget *int) (any, error) {
	object := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || key.ShortTag() == "!!merge" {
			return nil, fmt.Errorf("line %d: keys must be plain texts", key.Line)
		}
		if _, twice := object[key.Value]; twice {
			return nil, fmt.Errorf("line %d: key %q stands twice", key.Line, clip(key.Value))
		}
		value, err := plainNode(n.Content[i+1], depth+1, budget)
		if err != nil {
			return nil, err
		}
		object[key.Value] = value
	}
	return object, nil
}

func plainScalar(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!bool":
		var b bool
		return b, n.Decode(&b)
	case "!!int", "!!float":
		return plainNumber(n)
	}
	return n.Value, nil
}

// plainNumber keeps the text where JSON would take it, and converts what only YAML knows, such as 0x10 or 1_000.
func plainNumber(n *yaml.Node) (any, error) {
	if json.Valid([]byte(n.Value)) {
		return json.Number(n.Value), nil
	}
	var i int64
	if n.ShortTag() == "!!int" && n.Decode(&i) == nil {
		return json.Number(strconv.FormatInt(i, 10)), nil
	}
	var f float64
	if err := n.Decode(&f); err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, fmt.Errorf("line %d: %q is not a number", n.Line, clip(n.Value))
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64)), nil
}

// escapePointer writes one token of a JSON pointer.
var escapePointer = strings.NewReplacer("~", "~0", "/", "~1").Replace
var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~").Replace

// follow gives the object behind a chain of local references; nil where it leads nowhere.
func follow(root map[string]any, value any) map[string]any {
	for range maxDepth {
		object, _ := value.(map[string]any)
		ref, isRef := object["$ref"].(string)
		if !isRef {
			return object
		}
		value = lookup(root, ref)
	}
	return nil
}

// lookup resolves "#/a/b"; nil where nothing is there.
func lookup(root map[string]any, ref string) any {
	path, local := strings.CutPrefix(ref, "#/")
	if !local {
		return nil
	}
	var value any = root
	for token := range strings.SplitSeq(path, "/") {
		token = unescapePointer(unescapePercent(token))
		switch v := value.(type) {
		case map[string]any:
			value = v[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// firstLine keeps what a library says short: the rest of it is schemas and values.
func firstLine(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	const most = 300
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// copyTree copies all of a parsed document that can be changed.
func copyTree(value any) any {
	switch v := value.(type) {
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, member := range v {
			object[key] = copyTree(member)
		}
		return object
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = copyTree(item)
		}
		return list
	}
	return value
}
