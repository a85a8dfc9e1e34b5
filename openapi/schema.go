package openapi

import (
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pontage/pontage"
)

// schemaError says in plain words which keyword of the schema a value breaks; it never repeats the value.
func schemaError(field string, broken *openapi3.SchemaError) *pontage.Error {
	if field == "/" {
		field = ""
	}
	word := broken.SchemaField
	if word == "nullable" {
		word = "type"
	}
	return invalid(field, word, plainReason(broken))
}

func plainReason(broken *openapi3.SchemaError) string {
	s := broken.Schema
	switch broken.SchemaField {
	case "required":
		return "The value is missing."
	case "nullable":
		return "The value must not be null."
	case "type":
		return fmt.Sprintf("The value must be of type %s.", strings.Join(s.Type.Slice(), " or "))
	case "format":
		return "The value is out of range."
	case "pattern":
		return "The value has the wrong form."
	case "minimum":
		return fmt.Sprintf("The value must be at least %.0f.", *s.Min)
	case "maximum":
		return fmt.Sprintf("The value must be at most %.0f.", *s.Max)
	case "minLength":
		return fmt.Sprintf("The value needs at least %d characters.", s.MinLength)
	case "maxLength":
		return fmt.Sprintf("The value has at most %d characters.", *s.MaxLength)
	case "maxItems":
		return fmt.Sprintf("The list has at most %d entries.", *s.MaxItems)
	}
	return "The value does not fit the document."
}
