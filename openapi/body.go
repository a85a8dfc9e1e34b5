package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pontage/pontage"
)

// MaxBody is the most a request body may have, in bytes.
const MaxBody = 1 << 20

// readBody reads, parses and validates the body of an operation that has one, and gives it as JSON that decodes into the generated
// types. An absent body gives nil; where one is required it is checked as an empty object, so that the first missing member is named.
func (o *Operation) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if o.body == nil {
		return nil, nil
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, pontage.E(pontage.TooLarge, "The body has more than %d bytes.", MaxBody)
	case err != nil:
		return nil, pontage.E(pontage.InvalidInput, "The body could not be read.").Because(err)
	case len(data) == 0 && !o.body.Required:
		return nil, nil
	case len(data) == 0:
		data = []byte("{}")
	default:
		if err := checkMediaType(r.Header); err != nil {
			return nil, err
		}
	}
	value, err := parseJSON(data)
	if err != nil {
		return nil, err
	}
	schema := o.body.Content["application/json"].Schema.Value
	if err := o.validateValue(schema, value); err != nil {
		return nil, err
	}
	return json.Marshal(plainIntegers(declared(schema, value)))
}

// declared takes away the members the document does not name. Go would read "Limits" as "limits", and nobody has checked it.
func declared(schema *openapi3.Schema, value any) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	for name, member := range object {
		property := schema.Properties[name]
		if property == nil {
			delete(object, name)
			continue
		}
		object[name] = declared(property.Value, member)
	}
	return object
}

// checkMediaType takes JSON in UTF-8 that is not compressed; a body without a type is taken for JSON.
func checkMediaType(h http.Header) error {
	if encoding := h.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return pontage.E(pontage.UnsupportedMedia, "The body must not be compressed.").At("Content-Encoding")
	}
	text := h.Get("Content-Type")
	if text == "" {
		return nil
	}
	media, parameters, err := mime.ParseMediaType(text)
	charset := strings.ToLower(parameters["charset"])
	if err != nil || media != "application/json" || charset != "" && charset != "utf-8" {
		return pontage.E(pontage.UnsupportedMedia, "The body must be application/json.").At("Content-Type")
	}
	return nil
}

// parseJSON keeps numbers as they were written and says where the text stops being JSON.
func parseJSON(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, pontage.E(pontage.InvalidInput, "The body is not UTF-8.").Because(keyword("syntax"))
	}
	var raw json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, syntaxError(data, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, syntaxError(data, err)
	}
	return value, nil
}

func syntaxError(data []byte, err error) error {
	e := pontage.E(pontage.InvalidInput, "The body is not JSON.")
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		before := data[:min(int(syntax.Offset), len(data))]
		line := 1 + bytes.Count(before, []byte{'\n'})
		column := len(before) - 1 - bytes.LastIndexByte(before, '\n')
		e = pontage.E(pontage.InvalidInput, "The body is not JSON: the error is at line %d, column %d.", line, max(column, 1))
	}
	return e.Because(keyword("syntax"))
}
