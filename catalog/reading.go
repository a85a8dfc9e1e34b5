package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pontage/pontage"
)

// Reading is a document as an import reads it, for those who show it to people: repaired, checked, and with examples of everything
// it describes. It needs no database and changes nothing. It is not for use by several goroutines at once.
type Reading struct{ *answerer }

// Example is a body that the document describes.
type Example struct {
	// Body is written as the content type wants it; empty where there is none.
	Body []byte
	// Valid says that the document's schema accepts it. Generated says that it was made from the schema, because the document offers
	// no valid example.
	Valid, Generated bool
}

// Read reads a document and imports nothing. InvalidInput, with the JSON pointer of the fault as its field, where an import would
// reject it for what it is; it need not name a server.
func Read(d Document) (r *Reading, err error) {
	a, wrong := readSafely(d)
	if wrong != nil {
		return nil, pontage.E(pontage.InvalidInput, "%s", wrong.reason).At(wrong.pointer)
	}
	return &Reading{a}, nil
}

func readSafely(d Document) (a *answerer, wrong *fault) {
	defer rejectPanic(&wrong)
	return read(d)
}

// Tree is the repaired document as maps, lists, texts, booleans, nil and json.Number. It must not be changed.
func (r *Reading) Tree() map[string]any { return r.root }

// Repairs say what was put right.
func (r *Reading) Repairs() []Repair { return slices.Clone(r.repairs) }

// Request gives an example of the body of a request; ok is false where the operation has no body of that content type. The path is
// the document's own, such as "/books/{id}", the content type a key of "content".
func (r *Reading) Request(method, path, contentType string) (example Example, ok bool) {
	operation, raw := r.operation(method, path)
	if operation == nil || operation.RequestBody == nil || operation.RequestBody.Value == nil {
		return Example{}, false
	}
	asked := *r.answerer
	asked.request = true
	return exampleOf(&asked, method+" "+path, follow(r.root, raw["requestBody"]), operation.RequestBody.Value.Content, contentType)
}

// Answer gives an example of the body of an answer; status is a key of "responses", such as "200", "4XX" or "default".
func (r *Reading) Answer(method, path, status, contentType string) (example Example, ok bool) {
	operation, raw := r.operation(method, path)
	if operation == nil || operation.Responses == nil || operation.Responses.Value(status) == nil {
		return Example{}, false
	}
	response := follow(r.root, follow(r.root, raw["responses"])[status])
	return exampleOf(r.answerer, method+" "+path+" "+status, response, operation.Responses.Value(status).Value.Content, contentType)
}

func exampleOf(a *answerer, seed string, raw map[string]any, content openapi3.Content, contentType string) (Example, bool) {
	if content[contentType] == nil {
		return Example{}, false
	}
	repairs := a.repairs
	defer func() { a.repairs = repairs }() // what an example is put right for is an import's report, not a reader's
	m := a.media(seed, "", raw, content, contentType)
	if body, ok := m.fromExample(); ok {
		return Example{Body: body, Valid: true}, true
	}
	body, ok := m.generate()
	return Example{Body: body, Valid: ok, Generated: true}, true
}

// Parameter gives a value for a parameter of an operation: the document's example where its schema accepts it, else a generated one.
// in is "path", "query", "header" or "cookie". ok is false where there is no such parameter or no value could be made.
func (r *Reading) Parameter(method, path, in, name string) (value any, offered, ok bool) {
	operation, raw := r.operation(method, path)
	if operation == nil {
		return nil, false, false
	}
	item := r.doc.Paths.Value(path)
	parameter := operation.Parameters.GetByInAndName(in, name)
	if parameter == nil {
		parameter = item.Parameters.GetByInAndName(in, name)
	}
	if parameter == nil || parameter.Schema == nil || parameter.Schema.Value == nil {
		return nil, false, false
	}
	asked := *r.answerer
	asked.request = true
	schema := parameter.Schema.Value
	for _, v := range r.offered(in, name, raw["parameters"], r.item(path)["parameters"]) {
		if asked.check(schema, v) == nil {
			return v, true, true
		}
	}
	value, ok = newGenerator(&asked, fmt.Sprint(method, path, in, name)).body(schema)
	return value, false, ok
}

// offered are the examples of a parameter in the lists that may declare it; the first that does counts.
func (r *Reading) offered(in, name string, lists ...any) (values []any) {
	for _, list := range lists {
		parameters, _ := list.([]any)
		for _, p := range parameters {
			raw := follow(r.root, p)
			if raw["in"] != in || raw["name"] != name {
				continue
			}
			for _, c := range (&mediaAnswer{answerer: r.answerer, raw: raw}).candidates() {
				values = append(values, c.value)
			}
			return values
		}
	}
	return nil
}

// operation gives an operation both ways: as the library has it and as the parsed tree has it.
func (r *Reading) operation(method, path string) (*openapi3.Operation, map[string]any) {
	item := r.doc.Paths.Value(path)
	if item == nil || !slices.Contains(operationKeys, strings.ToLower(method)) {
		return nil, nil
	}
	return item.GetOperation(strings.ToUpper(method)), follow(r.root, r.item(path)[strings.ToLower(method)])
}

func (r *Reading) item(path string) map[string]any {
	paths, _ := r.root["paths"].(map[string]any)
	return follow(r.root, paths[path])
}
