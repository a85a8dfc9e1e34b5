package catalog

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// The library follows schemas without looking where it has been: one that contains itself at the same place of a value, or one
// without a type that contains itself further down, would have it run until the process dies. The first kind says nothing and is
// refused; the second is common and is given a bound that no value reaches, which is all it takes.

// sameValue are the keywords whose schemas are about the same value; the ones below hold lists and maps of them.
var (
	sameValue     = []string{"not", "if", "then", "else"}
	sameValueList = []string{"allOf", "anyOf", "oneOf"}
	sameValueMap  = []string{"dependentSchemas"}
	partOfValue   = []string{"properties", "items", "additionalProperties", "patternProperties", "prefixItems", "contains",
		"propertyNames", "unevaluatedItems", "unevaluatedProperties", "contentSchema"}
)

// unreachable is more members than any value has.
const unreachable = json.Number("9007199254740991")

// boundUntyped gives a copy of the tree whose schemas without a type have the bound.
func boundUntyped(original map[string]any) map[string]any {
	tree, _ := copyTree(original).(map[string]any)
	walkSchemas(tree, "", true, func(_ string, schema map[string]any) {
		for _, key := range [...]string{"type", "$ref", "maxProperties"} {
			if _, there := schema[key]; there {
				return
			}
		}
		for _, key := range partOfValue {
			if _, there := schema[key]; there {
				schema["maxProperties"] = unreachable
				return
			}
		}
	})
	return tree
}

// checkCycles refuses a schema that contains itself at the same place.
func checkCycles(tree map[string]any) (wrong *fault) {
	c := &cycles{tree: tree, state: map[string]int{}}
	walkSchemas(tree, "", true, func(pointer string, schema map[string]any) {
		if wrong == nil {
			wrong = c.visit(pointer, schema)
		}
	})
	return wrong
}

// cycles is a depth-first search over the places of schemas.
type cycles struct {
	tree  map[string]any
	state map[string]int
}

// The states of a place.
const (
	entered = 1
	left    = 2
)

func (c *cycles) visit(pointer string, value any) *fault {
	schema, ok := value.(map[string]any)
	if !ok || c.state[pointer] == left {
		return nil
	}
	if c.state[pointer] == entered {
		return faultAt(pointer, "The schema contains itself.")
	}
	c.state[pointer] = entered
	defer func() { c.state[pointer] = left }()
	if ref, isRef := schema["$ref"].(string); isRef && strings.HasPrefix(ref, "#/") {
		if wrong := c.visit(canonicalPointer(ref), lookup(c.tree, ref)); wrong != nil {
			return wrong
		}
	}
	for at, sub := range alternatives(pointer, schema) {
		if wrong := c.visit(at, sub); wrong != nil {
			return wrong
		}
	}
	return nil
}

// alternatives gives the schemas about the same value by their place.
func alternatives(pointer string, schema map[string]any) map[string]any {
	found := map[string]any{}
	for _, key := range sameValue {
		found[pointer+"/"+key] = schema[key]
	}
	for _, key := range sameValueList {
		list, _ := schema[key].([]any)
		for i, sub := range list {
			found[pointer+"/"+key+"/"+strconv.Itoa(i)] = sub
		}
	}
	for _, key := range sameValueMap {
		members, _ := schema[key].(map[string]any)
		for name, sub := range members {
			found[pointer+"/"+key+"/"+escapePointer(name)] = sub
		}
	}
	return found
}

// canonicalPointer writes a local reference as walkSchemas writes places.
func canonicalPointer(ref string) string {
	var out strings.Builder
	for token := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		out.WriteString("/" + escapePointer(unescapePointer(unescapePercent(token))))
	}
	return out.String()
}

// unescapePercent undoes the percent escapes a reference may have as part of a URL.
func unescapePercent(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
