package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/pontage/pontage"
)

// validateParameters checks path and query parameters against the document. The query is cleaned on the way: what is declared and
// empty counts as absent, what is not declared is ignored, and a declared one that comes twice is refused.
func (o *Operation) validateParameters(r *http.Request, path map[string]string, clamp bool) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return invalid("query", "format", "The query string is malformed.")
	}
	for name, values := range query {
		switch p := o.parameter(name); {
		case p == nil:
			delete(query, name)
		case len(values) > 1:
			return invalid(name, "maxItems", "The parameter stands there more than once.")
		case values[0] == "":
			delete(query, name)
		case clamp:
			query[name][0] = clamped(p, values[0])
		}
	}
	r.URL.RawQuery = query.Encode()
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: path, QueryParams: query, Route: o.route,
		Options: &openapi3filter.Options{SkipSettingDefaults: true}}
	for _, p := range o.parameters {
		if p.In == openapi3.ParameterInPath && path[p.Name] == "" {
			return invalid(p.Name, "required", "The value is missing.")
		}
		if err := openapi3filter.ValidateParameter(r.Context(), input, p); err != nil {
			return parameterError(p.Name, err)
		}
	}
	return nil
}

// clamped gives the parameter's maximum where an integer lies above it.
func clamped(p *openapi3.Parameter, text string) string {
	s := p.Schema.Value
	if s.Max == nil || text == "" || strings.Trim(text, "0123456789") != "" {
		return text
	}
	most := fmt.Sprintf("%.0f", *s.Max)
	if text = strings.TrimLeft(text, "0"); len(text) > len(most) || len(text) == len(most) && text > most {
		return most
	}
	return cmp.Or(text, "0")
}

func parameterError(name string, err error) error {
	var broken *openapi3.SchemaError
	if errors.As(err, &broken) {
		return schemaError(name, broken)
	}
	var parse *openapi3filter.ParseError
	if errors.As(err, &parse) {
		return invalid(name, "type", "The value has the wrong type.")
	}
	return invalid(name, "required", "The value is missing.")
}

// validateValue checks a decoded JSON value. Of several things that are wrong it gives the one the operation's rules name first,
// else the first by pointer, so that the same request always gets the same answer.
func (o *Operation) validateValue(schema *openapi3.Schema, value any) error {
	err := schema.VisitJSON(value, openapi3.MultiErrors(), openapi3.VisitAsRequest())
	if err == nil {
		return nil
	}
	var all []*pontage.Error
	for _, one := range flatten(err) {
		var broken *openapi3.SchemaError
		if errors.As(one, &broken) {
			all = append(all, schemaError("/"+strings.Join(broken.JSONPointer(), "/"), broken))
		}
	}
	if len(all) == 0 {
		return invalid("", "", "The body does not fit the document.")
	}
	return slices.MinFunc(all, func(a, b *pontage.Error) int {
		return cmp.Or(cmp.Compare(o.rank(a), o.rank(b)), cmp.Compare(a.Field, b.Field))
	})
}

func flatten(err error) []error {
	var many openapi3.MultiError
	if !errors.As(err, &many) {
		return []error{err}
	}
	var all []error
	for _, one := range many {
		all = append(all, flatten(one)...)
	}
	return all
}

func invalid(field, word, message string) *pontage.Error {
	return pontage.E(pontage.InvalidInput, "%s", message).At(field).Because(keyword(word))
}
