package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pontage/pontage/catalog"
)

const sentAndRead = `"/things/{id}": {"post": {
	"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^[0-9]{4}$"}, "example": "no number"},
		{"name": "day", "in": "query", "schema": {"type": "string"}, "examples": {"one": {"value": "2026-11-20"}}}],
	"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
	"responses": {"2XX": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}}}`

func reading(t *testing.T) *catalog.Reading {
	t.Helper()
	text := document(sentAndRead, `"components": {"schemas": {"Thing": {"type": "object", "required": ["name"],
		"properties": {"id": {"type": "integer", "readOnly": true}, "name": {"type": "string"}, "secret": {"type": "string", "writeOnly": true}}}}},`)
	r, err := catalog.Read(catalog.Document{Data: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// An example of a request holds what a caller may send, an example of an answer what it may read.
func TestExamplesAreForTheirDirection(t *testing.T) {
	r := reading(t)
	sent, ok := r.Request("POST", "/things/{id}", "application/json")
	if got := string(sent.Body); !ok || !sent.Valid || !sent.Generated || strings.Contains(got, "id") || !strings.Contains(got, "secret") {
		t.Errorf("request %s %+v", got, sent)
	}
	read, ok := r.Answer("POST", "/things/{id}", "2XX", "application/json")
	if got := string(read.Body); !ok || !read.Valid || !strings.Contains(got, "id") || strings.Contains(got, "secret") {
		t.Errorf("answer %s %+v", got, read)
	}
	for _, missing := range [][2]string{{"GET", "/things/{id}"}, {"POST", "/none"}, {"NONE", "/things/{id}"}} {
		if _, ok := r.Request(missing[0], missing[1], "application/json"); ok {
			t.Errorf("%v has a body", missing)
		}
	}
}

// A parameter's example is taken where its schema accepts it; where it does not, one that is accepted is made.
func TestParametersGetValuesThatFit(t *testing.T) {
	r := reading(t)
	value, offered, ok := r.Parameter("POST", "/things/{id}", "path", "id")
	if text := fmt.Sprint(value); !ok || offered || len(text) != 4 || strings.Trim(text, "0123456789") != "" {
		t.Errorf("id: %v %v %v", value, offered, ok)
	}
	if value, offered, ok = r.Parameter("POST", "/things/{id}", "query", "day"); !ok || !offered || value != "2026-11-20" {
		t.Errorf("day: %v %v %v", value, offered, ok)
	}
	if _, _, ok = r.Parameter("POST", "/things/{id}", "query", "id"); ok {
		t.Error("a parameter that is not there has a value")
	}
}
