package catalog_test

import (
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// What is not harmless is refused with the way to it, so that the author of the document can put it right.
func TestDocumentsAreRejectedWithAPointer(t *testing.T) {
	s := newService(t, sqlite(t), "")
	for _, c := range []struct{ name, document, pointer string }{
		{"empty", "", ""},
		{"text", "hello", ""},
		{"torn JSON", `{"openapi": "3.0.3"`, ""},
		{"two JSON documents", `{"openapi": "3.0.3"} {}`, ""},
		{"key twice", "openapi: 3.0.3\nopenapi: 3.0.3", ""},
		{"old", `{"swagger": "2.0"}`, "/openapi"},
		{"new", `{"openapi": "4.0.0"}`, "/openapi"},
		{"number as version", "openapi: 3.0", "/openapi"},
		{"no paths", document(``, ``), "/paths"},
		{"external reference", document(`"/a": {"get": {"responses": {"200": {"$ref": "https://evil.example/x.json"}}}}`, ``), "/paths/~1a/get/responses/200/$ref"},
		{"file reference", document(`"/a": {"$ref": "../secret.yaml"}`, ``), "/paths/~1a/$ref"},
		{"reference to nothing", document(`"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/None"}}}}`, ``), "/paths/~1a/get/responses/200/$ref"},
		{"schema that contains itself", document(okPath, `"components": {"schemas": {"A": {"anyOf": [{"type": "string"}, {"allOf": [{"$ref": "#/components/schemas/A"}]}]}}},`), "/components/schemas/A"},
		{"reference to itself", document(okPath, `"components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}}},`), "/components/schemas/A"},
		{"no responses", document(`"/a": {"get": {}}`, ``), "/paths/~1a/get"},
		{"unknown type", document(`"/a": {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "text"}}}}}}}`, ``), "/paths/~1a/get"},
		{"unknown type in a component", document(`"/a": {"get": {"responses": {"200": {"description": ""}}}}`, `"components": {"schemas": {"A~/b": {"type": "text"}}},`), ""},
		{"default of the wrong type", document(`"/a": {"get": {"parameters": [{"name": "n", "in": "query", "schema": {"type": "integer", "default": "x"}}], "responses": {"200": {"description": ""}}}}`, ``), "/paths/~1a/get"},
		{"path without slash", document(`"a": {"get": {"responses": {"200": {"description": ""}}}}`, ``), "/paths"},
		{"dots in the path", document(`"/a/../b": {"get": {"responses": {"200": {"description": ""}}}}`, ``), "/paths/~1a~1..~1b"},
		{"query in the path", document(`"/a?b=c": {"get": {"responses": {"200": {"description": ""}}}}`, ``), "/paths/~1a?b=c"},
		{"comma in the scope", document(`"/a,b": {"get": {"responses": {"200": {"description": ""}}}}`, ``), "/paths/~1a,b"},
		{"two paths for the same", document(`"/a/{b}": {"get": {"responses": {"200": {"description": ""}}}}, "/a/{c}": {"get": {"responses": {"200": {"description": ""}}}}`, ``), "/paths"},
		{"only unsupported methods", document(`"/a": {"options": {"responses": {"200": {"description": ""}}}}`, ``), "/paths"},
		{"relative server", strings.Replace(document(okPath, ``), "https://a.example", "/v1", 1), "/servers/0/url"},
		{"server without host", strings.Replace(document(okPath, ``), "https://a.example", "https:///v1", 1), "/servers/0/url"},
		{"server by address", strings.Replace(document(okPath, ``), "https://a.example", "https://[::1]/", 1), "/servers/0/url"},
		{"server with a variable in the path", strings.Replace(document(okPath, ``), "https://a.example", "https://a.example/{v}", 1), "/servers"},
		{"only test servers", strings.Replace(document(okPath, ``), "https://a.example", "https://test.a.example", 1), "/servers"},
		{"no server", strings.Replace(document(okPath, ``), `"servers"`, `"x-servers"`, 1), "/servers"},
	} {
		report, err := s.Import(t.Context(), pontage.Operator(), catalog.ImportInput{Documents: []catalog.Document{{Name: c.name, Data: []byte(c.document)}}})
		if err != nil {
			t.Fatal(err)
		}
		d := report.Documents[0]
		if d.Outcome != "rejected" || d.Rejection == "" || strings.Contains(d.Rejection, "\n") || !strings.HasPrefix(d.Pointer, c.pointer) {
			t.Errorf("%s: %s at %q: %s", c.name, d.Outcome, d.Pointer, d.Rejection)
		}
	}
	if len(s.APIs()) != 0 {
		t.Errorf("a rejected document left %d APIs", len(s.APIs()))
	}
}

const okPath = `"/a": {"get": {"responses": {"200": {"description": ""}}}}`

func document(paths, more string) string {
	return `{"openapi": "3.0.3", "info": {"title": "A", "version": "1"}, "servers": [{"url": "https://a.example"}], ` + more + ` "paths": {` + paths + `}}`
}

// Two documents for one host cannot both be it.
func TestTheSecondDocumentOfAHostIsRejected(t *testing.T) {
	s := newService(t, sqlite(t), "")
	list := []catalog.Document{own(t)[0], own(t)[0]}
	report, err := s.Import(t.Context(), pontage.Operator(), catalog.ImportInput{Documents: list})
	if err != nil || report.Rejected() != 1 || report.Documents[1].Pointer != "/servers" {
		t.Errorf("%s, %v", report, err)
	}
}

// Each repair is said, and only what is harmless is repaired.
func TestRepairsAreReported(t *testing.T) {
	s := newService(t, sqlite(t), "")
	report := imported(t, s, catalog.ImportInput{Documents: own(t)[:1]})
	got := map[string]bool{}
	for _, r := range report.Documents[0].Repairs {
		got[r.Pointer] = r.Document == "library.json" && r.What != ""
	}
	for _, pointer := range []string{"/paths/", "/paths/~1books~1{isbn}/get/parameters", "/paths/~1books/get/parameters/0/schema/default",
		"/paths/~1/get/responses/200/content/application~1json/example"} {
		if !got[pointer] {
			t.Errorf("no repair at %s", pointer)
		}
		delete(got, pointer)
	}
	if len(got) != 0 {
		t.Errorf("more repairs: %v", got)
	}
}
