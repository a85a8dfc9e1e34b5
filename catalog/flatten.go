package catalog

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// flatten gives a schema without allOf: what all its parts say together, as far as one schema can say it. The result is only for
// making values; whether they are valid is asked of the original.
func flatten(schema *openapi3.Schema, depth int) *openapi3.Schema {
	if len(schema.AllOf) == 0 || depth > deepest {
		return schema
	}
	flat := *schema
	flat.AllOf = nil
	flat.Properties = maps.Clone(schema.Properties)
	flat.Required = slices.Clone(schema.Required)
	for _, part := range schema.AllOf {
		if part.Value != nil {
			add(&flat, flatten(part.Value, depth+1))
		}
	}
	return &flat
}

// add lays part over flat: members are joined, bounds tightened, and what flat does not say is taken from part.
func add(flat, part *openapi3.Schema) {
	if flat.Properties == nil {
		flat.Properties = openapi3.Schemas{}
	}
	for name, property := range part.Properties {
		if own := flat.Properties[name]; own != nil && own != property {
			property = openapi3.NewSchemaRef("", &openapi3.Schema{AllOf: openapi3.SchemaRefs{own, property}})
		}
		flat.Properties[name] = property
	}
	for _, name := range part.Required {
		flat.Required = addOnce(flat.Required, name)
	}
	flat.OneOf = append(slices.Clone(flat.OneOf), part.OneOf...)
	flat.AnyOf = append(slices.Clone(flat.AnyOf), part.AnyOf...)
	addOffers(flat, part)
	addBounds(flat, part)
}

func addOffers(flat, part *openapi3.Schema) {
	if flat.Type == nil {
		flat.Type = part.Type
	}
	if flat.Format == "" {
		flat.Format = part.Format
	}
	if flat.Pattern == "" {
		flat.Pattern = part.Pattern
	}
	if flat.Enum == nil {
		flat.Enum = part.Enum
	}
	if flat.Const == nil {
		flat.Const = part.Const
	}
	if flat.Items == nil {
		flat.Items = part.Items
	}
	if flat.AdditionalProperties.Schema == nil && flat.AdditionalProperties.Has == nil {
		flat.AdditionalProperties = part.AdditionalProperties
	}
}

func addBounds(flat, part *openapi3.Schema) {
	flat.Min, flat.Max = tighter(flat.Min, part.Min, 1), tighter(flat.Max, part.Max, -1)
	flat.MinLength, flat.MinItems = max(flat.MinLength, part.MinLength), max(flat.MinItems, part.MinItems)
	flat.MinProps = max(flat.MinProps, part.MinProps)
	flat.UniqueItems = flat.UniqueItems || part.UniqueItems
	flat.MaxLength, flat.MaxItems = smaller(flat.MaxLength, part.MaxLength), smaller(flat.MaxItems, part.MaxItems)
	if flat.MultipleOf == nil {
		flat.MultipleOf = part.MultipleOf
	}
	if !flat.ExclusiveMin.IsSet() {
		flat.ExclusiveMin = part.ExclusiveMin
	}
	if !flat.ExclusiveMax.IsSet() {
		flat.ExclusiveMax = part.ExclusiveMax
	}
}

// tighter gives the larger of two bounds where sign is 1, the smaller where it is -1; nil bounds nothing.
func tighter(a, b *float64, sign float64) *float64 {
	if a == nil || b != nil && (*b-*a)*sign > 0 {
		return b
	}
	return a
}

func smaller(a, b *uint64) *uint64 {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}
