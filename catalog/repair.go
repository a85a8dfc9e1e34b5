package catalog

import (
	"encoding/json"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// repairer puts right what is harmless (R10) in a parsed document, and remembers what it did.
type repairer struct {
	root     map[string]any
	document string
	repairs  []Repair
}

func (r *repairer) did(pointer, what string) {
	r.repairs = append(r.repairs, Repair{Document: r.document, Pointer: pointer, What: what})
}

// repair works on the tree in place.
func (r *repairer) repair() {
	r.emptyPath()
	r.pathParameters()
	walkSchemas(r.root, "", true, func(pointer string, schema map[string]any) {
		r.defaultInBounds(pointer, schema)
		r.pattern(pointer, schema)
	})
}

// emptyPath makes the path "" the root, unless there is a root already.
func (r *repairer) emptyPath() {
	paths, _ := r.root["paths"].(map[string]any)
	item, there := paths[""]
	if _, taken := paths["/"]; !there || taken {
		return
	}
	paths["/"] = item
	delete(paths, "")
	r.did("/paths/", `The empty path is read as "/".`)
}

var templateParameter = regexp.MustCompile(`\{([^{}/]+)\}`)

// operationKeys are the members of a path item that are operations.
var operationKeys = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// pathParameters declares the parameters that only the path template names.
func (r *repairer) pathParameters() {
	paths, _ := r.root["paths"].(map[string]any)
	for _, path := range sortedKeys(paths) {
		item := follow(r.root, paths[path])
		for _, key := range operationKeys {
			operation, ok := item[key].(map[string]any)
			if !ok {
				continue
			}
			declared := map[string]bool{}
			r.declared(item["parameters"], declared)
			r.declared(operation["parameters"], declared)
			for _, found := range templateParameter.FindAllStringSubmatch(path, -1) {
				if name := found[1]; !declared[name] {
					declared[name] = true
					r.declare(operation, name, "/paths/"+escapePointer(path)+"/"+key)
				}
			}
		}
	}
}

// declared notes the names of the path parameters in a list of parameters.
func (r *repairer) declared(list any, names map[string]bool) {
	parameters, _ := list.([]any)
	for _, p := range parameters {
		parameter := follow(r.root, p)
		if name, ok := parameter["name"].(string); ok && parameter["in"] == "path" {
			names[name] = true
		}
	}
}

func (r *repairer) declare(operation map[string]any, name, pointer string) {
	list, ok := operation["parameters"].([]any)
	if _, there := operation["parameters"]; there && !ok {
		return // not a list: the validation says so
	}
	operation["parameters"] = append(list, map[string]any{
		"name": name, "in": "path", "required": true, "schema": map[string]any{"type": "string"},
	})
	r.did(pointer+"/parameters", "The path parameter "+strconv.Quote(name)+" was not declared; it is read as a text.")
}

// defaultInBounds takes away a default that its own schema's bounds exclude.
func (r *repairer) defaultInBounds(pointer string, schema map[string]any) {
	outside := false
	switch value := schema["default"].(type) {
	case json.Number:
		outside = numberOutside(value, schema)
	case string:
		length := json.Number(strconv.Itoa(utf8.RuneCountInString(value)))
		outside = below(length, schema["minLength"]) || below(schema["maxLength"], length)
	}
	if outside {
		delete(schema, "default")
		r.did(pointer+"/default", "The default lies outside the bounds of its schema; it is left out.")
	}
}

// numberOutside knows the exclusive bounds of both versions: true beside the bound in 3.0, a number of its own in 3.1.
func numberOutside(value json.Number, schema map[string]any) bool {
	least, most := schema["minimum"], schema["maximum"]
	notLeast, notMost := schema["exclusiveMinimum"], schema["exclusiveMaximum"]
	return below(value, least) || below(most, value) ||
		notLeast == true && least != nil && !below(least, value) ||
		notMost == true && most != nil && !below(value, most) ||
		isNumber(notLeast) && !below(notLeast, value) || isNumber(notMost) && !below(value, notMost)
}

func isNumber(value any) bool { _, ok := value.(json.Number); return ok }

// below says whether a is a number less than the number b.
func below(a, b any) bool {
	x, ok := rational(a)
	y, ok2 := rational(b)
	return ok && ok2 && x.Cmp(y) < 0
}

func rational(value any) (*big.Rat, bool) {
	text, ok := value.(json.Number)
	if !ok || len(text) > 64 {
		return nil, false
	}
	if at := strings.IndexAny(string(text), "eE"); at >= 0 {
		if exponent, err := strconv.Atoi(string(text[at+1:])); err != nil || exponent > 400 || exponent < -400 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(string(text))
}

var unicodeEscape = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// pattern takes away a pattern that is fine in JavaScript but not in the regular expressions we have; no other rule of the schema
// is touched.
func (r *repairer) pattern(pointer string, schema map[string]any) {
	pattern, ok := schema["pattern"].(string)
	if !ok {
		return
	}
	if _, err := regexp.Compile(unicodeEscape.ReplaceAllString(pattern, `\x{$1}`)); err != nil {
		delete(schema, "pattern")
		r.did(pointer+"/pattern", "The pattern cannot be checked here; it is left out.")
	}
}

// opaque are the members whose values are data, not parts of the document.
var opaque = map[string]bool{"example": true, "examples": true, "default": true, "enum": true, "const": true, "value": true}

// named are the members whose keys are names that the author chose.
var named = map[string]bool{"properties": true, "patternProperties": true, "dependentSchemas": true, "$defs": true,
	"schemas": true, "responses": true, "parameters": true, "headers": true, "requestBodies": true, "callbacks": true,
	"links": true, "securitySchemes": true, "pathItems": true, "paths": true, "webhooks": true, "content": true,
	"encoding": true, "variables": true}

// walkSchemas visits every object that may be a schema, in a fixed order. keywords says whether the object's own keys are the
// specification's words and not names.
func walkSchemas(value any, pointer string, keywords bool, visit func(string, map[string]any)) {
	switch v := value.(type) {
	case map[string]any:
		if keywords {
			visit(pointer, v)
		}
		for _, key := range sortedKeys(v) {
			if keywords && (opaque[key] || strings.HasPrefix(key, "x-")) {
				continue
			}
			walkSchemas(v[key], pointer+"/"+escapePointer(key), !(keywords && named[key]), visit)
		}
	case []any:
		for i, item := range v {
			walkSchemas(item, pointer+"/"+strconv.Itoa(i), true, visit)
		}
	}
}
