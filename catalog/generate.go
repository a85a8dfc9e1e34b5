package catalog

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// deepest bounds how far optional members are filled in; mandatory ones go on to hardStop. mostValues bounds the work on one body.
const (
	deepest    = 8
	hardStop   = 40
	mostValues = 20_000
)

// generator makes values that a schema accepts, always the same for the same seed.
type generator struct {
	*answerer
	random *rand.Rand
	// open are the schemas being made, so that recursive ones end.
	open []*openapi3.Schema
	// sparse leaves optional members out: what a choice between schemas sometimes needs.
	sparse bool
	made   int
}

func newGenerator(a *answerer, seed string) *generator {
	sum := sha256.Sum256([]byte(a.host + " " + seed))
	return &generator{answerer: a,
		random: rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])))}
}

// body gives a value for the schema, and whether the schema accepts it; if not in full, it tries without optional members.
func (g *generator) body(schema *openapi3.Schema) (any, bool) {
	if schema == nil {
		return map[string]any{}, true
	}
	full := g.value(schema)
	if g.accepts(schema, full) {
		return full, true
	}
	g.sparse, g.made = true, 0
	sparse := g.value(schema)
	if g.accepts(schema, sparse) {
		return sparse, true
	}
	if schema.PermitsNull() && g.accepts(schema, nil) {
		return nil, true
	}
	return full, false
}

func (g *generator) accepts(schema *openapi3.Schema, value any) bool {
	return g.check(schema, value) == nil
}

// value makes one value: what the schema itself offers where that is valid, else one by its type.
func (g *generator) value(schema *openapi3.Schema) any {
	if g.made++; len(g.open) >= hardStop || g.made > mostValues {
		return nil
	}
	flat := flatten(schema, 0)
	for _, offered := range offers(flat) {
		if g.accepts(schema, offered) {
			return offered
		}
	}
	g.open = append(g.open, schema)
	defer func() { g.open = g.open[:len(g.open)-1] }()
	if choices := slices.Concat(flat.OneOf, flat.AnyOf); len(choices) > 0 {
		return g.choice(schema, flat, choices)
	}
	return g.byType(flat)
}

// offers are the values the document gives for a schema, its own and those of its parts.
func offers(schema *openapi3.Schema) []any {
	var list []any
	if schema.Const != nil {
		list = append(list, schema.Const)
	}
	if schema.Example != nil {
		list = append(list, schema.Example)
	}
	list = append(list, schema.Examples...)
	if schema.Default != nil {
		list = append(list, schema.Default)
	}
	return append(list, schema.Enum...)
}

// choice tries the alternatives one by one, first in full and then sparse, until the whole schema accepts one.
func (g *generator) choice(whole, flat *openapi3.Schema, choices openapi3.SchemaRefs) any {
	sparse := g.sparse
	defer func() { g.sparse = sparse }()
	var first any
	for _, g.sparse = range []bool{sparse, true} {
		for i, c := range choices {
			if c.Value == nil || slices.Contains(g.open, c.Value) {
				continue
			}
			alternative := *flat
			alternative.OneOf, alternative.AnyOf = nil, nil
			alternative.AllOf = openapi3.SchemaRefs{c}
			value := g.value(flatten(&alternative, 0))
			if g.accepts(whole, value) {
				return value
			}
			if i == 0 {
				first = value
			}
		}
	}
	return first
}

// byType makes a value of the schema's first type that is not null.
func (g *generator) byType(schema *openapi3.Schema) any {
	switch typeOf(schema) {
	case "object":
		return g.object(schema)
	case "array":
		return g.array(schema)
	case "string":
		return g.text(schema)
	case "integer":
		return number(schema, true)
	case "number":
		return number(schema, false)
	case "boolean":
		return true
	case "null":
		return nil
	}
	return "string"
}

// typeOf is the type a schema states, or the one its keywords are about.
func typeOf(schema *openapi3.Schema) string {
	for _, t := range schema.Type.Slice() {
		if t != "null" {
			return t
		}
	}
	switch {
	case schema.Type != nil && len(*schema.Type) > 0:
		return "null"
	case len(schema.Properties) > 0 || len(schema.Required) > 0 || schema.AdditionalProperties.Schema != nil || schema.MinProps > 0:
		return "object"
	case schema.Items != nil || schema.MinItems > 0 || len(schema.PrefixItems) > 0:
		return "array"
	case schema.Min != nil || schema.Max != nil || schema.MultipleOf != nil:
		return "number"
	}
	return "string"
}

// object makes the mandatory members and, while that ends, the optional ones.
func (g *generator) object(schema *openapi3.Schema) any {
	object := map[string]any{}
	for _, name := range sortedKeys(schema.Properties) {
		property := schema.Properties[name].Value
		required := slices.Contains(schema.Required, name)
		if property == nil || g.otherWay(property) || !required && g.skip(property) {
			continue
		}
		value := g.value(property)
		if required || g.accepts(property, value) {
			object[name] = value
		}
	}
	for _, name := range schema.Required {
		if _, there := object[name]; !there && schema.Properties[name] == nil {
			object[name] = g.additional(schema)
		}
	}
	for i := 0; uint64(len(object)) < schema.MinProps && i < maxSegments; i++ {
		object["key"+itoa(i+1)] = g.additional(schema)
	}
	return object
}

// otherWay says whether a member only travels in the other direction.
func (g *generator) otherWay(property *openapi3.Schema) bool {
	return property.WriteOnly && !g.request || property.ReadOnly && g.request
}

// skip says whether an optional member stays out.
func (g *generator) skip(property *openapi3.Schema) bool {
	return g.sparse || len(g.open) > deepest || g.made > mostValues || slices.Contains(g.open, property)
}

func (g *generator) additional(schema *openapi3.Schema) any {
	if s := schema.AdditionalProperties.Schema; s != nil && s.Value != nil {
		return g.value(s.Value)
	}
	return "string"
}

// array makes one item, or as many as there must be; what must differ is tried again with other luck.
func (g *generator) array(schema *openapi3.Schema) any {
	length := max(int(min(schema.MinItems, 100)), len(schema.PrefixItems))
	if length == 0 && !g.sparse && schema.Items != nil && schema.Items.Value != nil && !slices.Contains(g.open, schema.Items.Value) {
		length = 1
	}
	if schema.MaxItems != nil {
		length = min(length, int(min(*schema.MaxItems, 100)))
	}
	list := make([]any, 0, length)
	for i := range length {
		list = append(list, g.item(schema, i, list))
	}
	return list
}

func (g *generator) item(schema *openapi3.Schema, i int, before []any) any {
	item := schema.Items
	if i < len(schema.PrefixItems) {
		item = schema.PrefixItems[i]
	}
	if item == nil || item.Value == nil {
		return "string" + itoa(i)
	}
	value := g.value(item.Value)
	if schema.UniqueItems {
		for try := 1; try < 20 && contains(before, value); try++ {
			value = g.variant(item.Value, i+try)
		}
	}
	return value
}
