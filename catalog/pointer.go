package catalog

import (
	"errors"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// componentSections are the library's words for the parts of "components".
var componentSections = map[string]string{"schema": "schemas", "parameter": "parameters", "header": "headers",
	"request body": "requestBodies", "response": "responses", "security scheme": "securitySchemes", "example": "examples",
	"link": "links", "callback": "callbacks"}

// pointerOf finds the way to a fault in the chain of the library's errors, as far as that says.
func pointerOf(err error) string {
	var (
		section    *openapi3.SectionValidationError
		component  *openapi3.ComponentValidationError
		path       *openapi3.PathValidationError
		parameters *openapi3.PathParametersError
		operation  *openapi3.OperationValidationError
	)
	pointer := ""
	if errors.As(err, &section) {
		pointer = "/" + section.Section
	}
	switch {
	case errors.As(err, &component):
		return "/components/" + componentSections[component.Section] + "/" + escapePointer(component.Name)
	case errors.As(err, &parameters):
		return "/paths/" + escapePointer(parameters.Path) + "/" + strings.ToLower(parameters.Method)
	case errors.As(err, &path):
		pointer = "/paths/" + escapePointer(path.Path)
		if errors.As(err, &operation) {
			pointer += "/" + strings.ToLower(operation.Method)
		}
	}
	return pointer
}
