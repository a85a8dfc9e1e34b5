package openapi

import (
	"context"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"

	"github.com/pontage/pontage"
)

// Operation is one operation of a surface's document.
type Operation struct {
	// ID is the operationId, Path the template, Method the HTTP method.
	ID     string
	Method string
	Path   string
	// Rules give its failures the contract's numbers; the first that fits wins.
	Rules []Rule

	route      *routers.Route
	parameters []*openapi3.Parameter
	body       *openapi3.RequestBody
	segments   []string
	// repeatable says that requests may have a key.
	repeatable bool
}

// load parses and checks a document and lists its operations by method and path. The document is ours, so whatever is wrong with
// it is an error at start.
func load(source []byte, rules map[string][]Rule) (map[string]*Operation, error) {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(source)
	if err != nil {
		return nil, fmt.Errorf("openapi document: %w", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("openapi document: %w", err)
	}
	operations := map[string]*Operation{}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			op := &Operation{ID: o.OperationID, Method: method, Path: path, Rules: rules[o.OperationID], segments: segmentsOf(path)}
			op.route = &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: o}
			for _, p := range append(append(openapi3.Parameters{}, item.Parameters...), o.Parameters...) {
				op.parameters = append(op.parameters, p.Value)
				op.repeatable = op.repeatable || p.Value.In == openapi3.ParameterInHeader && p.Value.Name == pontage.IdempotencyHeader
			}
			if o.RequestBody != nil {
				op.body = o.RequestBody.Value
			}
			operations[method+" "+path] = op
		}
	}
	return operations, nil
}

// parameter gives the declared query parameter of that name, or nil.
func (o *Operation) parameter(name string) *openapi3.Parameter {
	for _, p := range o.parameters {
		if p.Name == name && p.In == openapi3.ParameterInQuery {
			return p
		}
	}
	return nil
}
