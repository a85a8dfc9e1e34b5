package catalog_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// A client that asks for another type than JSON must get one it can read.
func TestBodiesOfOtherTypes(t *testing.T) {
	object := `{"schema": {"type": "object", "properties": {"a b": {"type": "string", "example": "<x>"}, "n": {"type": "array", "items": {"type": "integer"}}}}}`
	for _, c := range []struct{ name, content, contentType, body string }{
		{"XML", `"application/xml": ` + object, "application/xml", xml.Header + "<response><a_b>&lt;x&gt;</a_b><n>1</n></response>"},
		{"XML by suffix and example", `"application/soap+xml": {"example": "<a/>"}`, "application/soap+xml", "<a/>"},
		{"form", `"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"a": {"type": "string", "example": "x y"}}}}`, "application/x-www-form-urlencoded", "a=x+y"},
		{"form by example", `"application/x-www-form-urlencoded": {"example": {"b": 2}}`, "application/x-www-form-urlencoded", "b=2"},
		{"plain", `"text/plain": {"schema": {"type": "string", "maxLength": 3}}`, "text/plain", "str"},
		{"plain without schema", `"text/plain": {}`, "text/plain", "example"},
		{"any text", `"text/*": {"example": "hi"}`, "text/plain; charset=utf-8", "hi"},
		{"anything", `"*/*": {"schema": {"type": "integer"}}`, "application/json", "1"},
		{"any image", `"image/*": {}`, "image/png", "\x89PNG"},
		{"any sound", `"audio/*": {}`, "application/octet-stream", "example"},
		{"table", `"text/csv": {}`, "text/csv", "name,value"},
		{"JSON before text and by suffix", `"text/plain": {}, "application/vnd.a+json; v=1": {"schema": {"type": "boolean"}}`, "application/vnd.a+json; v=1", "true"},
		{"JSON before its suffix", `"application/vnd.a+json": {}, "application/json; charset=utf-8": {}`, "application/json; charset=utf-8", "{}"},
		{"JSON text", `"application/json": {"example": "a<b"}`, "application/json", `"a<b"`},
		{"nulls in a list", `"application/json": {"schema": {"type": "array", "items": {"type": "object", "properties": {"a~/b": {"type": "string"}}}}, "example": [{"a~/b": null, "c": null}, {"a~/b": "x"}]}`, "application/json", `[{"c":null},{"a~/b":"x"}]`},
		{"nulls inside a choice", `"application/json": {"schema": {"oneOf": [{"type": "object", "additionalProperties": {"type": "string"}}, {"type": "array", "items": {}}]}, "example": {"a": null, "b": "x"}}`, "application/json", `{"b":"x"}`},
	} {
		store := sqlite(t)
		s := newService(t, store, "")
		data := document(fmt.Sprintf(`"/a": {"get": {"responses": {"200": {"description": "", "content": {%s}}}}}`, c.content), ``)
		imported(t, s, catalog.ImportInput{Documents: []catalog.Document{{Name: c.name, Data: []byte(data)}}})
		answers, err := store.Answers(t.Context(), rows(t, store).Operations[0].ID)
		if err != nil || len(answers) != 1 {
			t.Fatalf("%s: %v, %v", c.name, answers, err)
		}
		if a := answers[0]; a.ContentType != c.contentType || !strings.HasPrefix(string(a.Body), c.body) {
			t.Errorf("%s: %s %q", c.name, a.ContentType, a.Body)
		}
		if strings.HasPrefix(c.name, "XML") {
			wellFormed(t, answers[0].Body)
		}
	}
}

func wellFormed(t *testing.T, body []byte) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(string(body)))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
	}
}

// A default is taken away where the schema's own bounds exclude it, and only there.
func TestDefaultsOutsideTheirBounds(t *testing.T) {
	for _, c := range []struct {
		version, schema string
		repaired        bool
	}{
		{"3.0.3", `{"type": "integer", "minimum": 5, "maximum": 5, "default": 0}`, true},
		{"3.0.3", `{"type": "integer", "minimum": 5, "default": 5}`, false},
		{"3.0.3", `{"type": "integer", "minimum": 5, "exclusiveMinimum": true, "default": 5}`, true},
		{"3.0.3", `{"type": "number", "maximum": 0.1, "exclusiveMaximum": true, "default": 0.1}`, true},
		{"3.0.3", `{"type": "number", "maximum": 1e2, "default": 100}`, false},
		{"3.0.3", `{"type": "number", "maximum": 1e2, "default": 100.5}`, true},
		{"3.1.0", `{"type": "integer", "exclusiveMinimum": 5, "default": 5}`, true},
		{"3.1.0", `{"type": "integer", "exclusiveMaximum": 5, "default": 5}`, true},
		{"3.1.0", `{"type": "integer", "exclusiveMaximum": 5, "default": 4}`, false},
		{"3.0.3", `{"type": "string", "minLength": 2, "default": "é"}`, true},
		{"3.0.3", `{"type": "string", "maxLength": 2, "default": "éé"}`, false},
		{"3.0.3", `{"type": "string", "maxLength": 1, "default": "éé"}`, true},
		{"3.0.3", `{"type": "string", "pattern": "^(?!a)"}`, true},
		{"3.0.3", `{"type": "object", "properties": {"default": {"type": "integer"}, "minimum": {"type": "integer"}}}`, false},
	} {
		s := newService(t, sqlite(t), "")
		data := document(fmt.Sprintf(`"/a": {"get": {"parameters": [{"name": "q", "in": "query", "schema": %s}], "responses": {"204": {"description": ""}}}}`, c.schema), ``)
		data = strings.Replace(data, "3.0.3", c.version, 1)
		report, err := s.Import(t.Context(), pontage.Operator(), catalog.ImportInput{Documents: []catalog.Document{{Name: "a", Data: []byte(data)}}})
		if err != nil || report.Rejected() != 0 || (len(report.Documents[0].Repairs) == 1) != c.repaired {
			t.Errorf("%s: %v\n%s", c.schema, err, report)
		}
	}
}

// YAML knows numbers and dates that JSON does not: they must mean what their author meant.
func TestYAMLMeansWhatJSONWouldSay(t *testing.T) {
	store := sqlite(t)
	s := newService(t, store, "")
	imported(t, s, catalog.ImportInput{Documents: []catalog.Document{{Name: "a", Data: []byte(`
openapi: 3.0.3
info: {title: A, version: "1"}
servers: [{url: "https://a.example"}]
paths:
  /a:
    get:
      responses:
        200:
          description: ok
          content:
            application/json:
              example: {day: 2026-11-20, hex: 0x10, big: 1_000, large: 123456789012345678901234567890, float: 1.10, yes: yes, on: true, none: ~, same: &s [1], again: *s}
`)}}})
	answers, err := store.Answers(t.Context(), rows(t, store).Operations[0].ID)
	want := `{"again":[1],"big":1000,"day":"2026-11-20","float":1.10,"hex":16,"large":123456789012345678901234567890,"none":null,"on":true,"same":[1],"yes":"yes"}`
	if err != nil || string(answers[0].Body) != want {
		t.Errorf("%s, %v", answers[0].Body, err)
	}
}
