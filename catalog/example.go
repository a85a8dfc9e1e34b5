package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// mediaAnswer is one body to be made.
type mediaAnswer struct {
	*answerer
	pointer     string
	raw         map[string]any
	schema      *openapi3.Schema
	contentType string
	seed        string
}

// candidate is an example of the document and where it stands.
type candidate struct {
	pointer string
	value   any
}

// fromExample gives the first example that the schema accepts, if need be without the nulls it does not.
func (m *mediaAnswer) fromExample() ([]byte, bool) {
	candidates := m.candidates()
	for _, c := range candidates {
		if body, ok := m.encode(c.value); ok && m.valid(c.value) {
			return body, true
		}
	}
	for _, c := range candidates {
		value, changed := m.withoutNulls(c.value)
		if !changed || !m.valid(value) {
			continue
		}
		if body, ok := m.encode(value); ok {
			m.repairs = append(m.repairs, Repair{Document: m.name, Pointer: c.pointer,
				What: "The example holds null where its schema does not allow it; these members are left out."})
			return body, true
		}
	}
	return nil, false
}

// candidates are the examples in the order they are tried: of the media type, its named ones, of the schema.
func (m *mediaAnswer) candidates() []candidate {
	var list []candidate
	add := func(pointer string, value any, there bool) {
		if there {
			list = append(list, candidate{pointer, value})
		}
	}
	value, there := m.raw["example"]
	add(m.pointer+"/example", value, there)
	named, _ := m.raw["examples"].(map[string]any)
	for _, name := range sortedKeys(named) {
		value, there := follow(m.root, named[name])["value"]
		add(m.pointer+"/examples/"+escapePointer(name)+"/value", value, there)
	}
	schema := follow(m.root, m.raw["schema"])
	value, there = schema["example"]
	add(m.pointer+"/schema/example", value, there)
	if examples, _ := schema["examples"].([]any); len(examples) > 0 {
		add(m.pointer+"/schema/examples/0", examples[0], true)
	}
	return list
}

// encode writes a value as the media type wants it; ok is false where that cannot be done.
func (m *mediaAnswer) encode(value any) ([]byte, bool) {
	base := baseType(m.contentType)
	if isJSON(base) || m.isParts(base) {
		return encodeJSON(value)
	}
	text, isText := value.(string)
	switch {
	case isText && (strings.HasPrefix(base, "text/") || isXML(base)):
		return []byte(text), true
	case base == "application/x-www-form-urlencoded":
		return encodeForm(value)
	}
	return nil, false
}

// isParts says whether a request of this type is a form with parts, whose example is a JSON object of them: files stand in it by a text.
func (m *mediaAnswer) isParts(base string) bool { return m.request && base == "multipart/form-data" }

// encodeJSON writes compact JSON with keys in order and without the escapes meant for HTML.
func encodeJSON(value any) ([]byte, bool) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, false
	}
	return bytes.TrimRight(out.Bytes(), "\n"), true
}

// check validates a value as the library would the body of a response, or of a request.
func (a *answerer) check(schema *openapi3.Schema, value any, options ...openapi3.SchemaValidationOption) error {
	if schema == nil {
		return nil
	}
	data, ok := encodeJSON(value)
	if !ok {
		return errors.New("value cannot be written")
	}
	var decoded any
	if err := json.Unmarshal(data, &decoded); err != nil {
		return err
	}
	visit := openapi3.VisitAsResponse()
	if a.request {
		visit = openapi3.VisitAsRequest()
	}
	options = append(options, visit, openapi3.EnableFormatValidation())
	if a.doc.IsOpenAPI31OrLater() {
		options = append(options, openapi3.EnableJSONSchema2020())
	}
	return schema.VisitJSON(decoded, options...)
}

func (m *mediaAnswer) valid(value any) bool { return m.check(m.schema, value) == nil }

// withoutNulls takes away the nulls that the schema objects to, and all of them where that does not help; the value itself is not
// changed.
func (m *mediaAnswer) withoutNulls(value any) (any, bool) {
	unwanted := map[string]bool{}
	collectNulls(m.check(m.schema, value, openapi3.MultiErrors()), unwanted)
	some, changed := dropNulls(value, "", func(pointer string) bool { return unwanted[pointer] })
	if changed && m.valid(some) {
		return some, true
	}
	return dropNulls(value, "", func(string) bool { return true })
}

// collectNulls notes the places where an error is about a null.
func collectNulls(err error, places map[string]bool) {
	var many openapi3.MultiError
	if errors.As(err, &many) {
		for _, one := range many {
			collectNulls(one, places)
		}
		return
	}
	var one *openapi3.SchemaError
	if errors.As(err, &one) && one.Value == nil {
		path := ""
		for _, token := range one.JSONPointer() {
			path += "/" + escapePointer(token)
		}
		places[path] = true
	}
}

// dropNulls copies value without the members that are null and unwanted; places in lists are never dropped.
func dropNulls(value any, pointer string, unwanted func(string) bool) (any, bool) {
	changed := false
	switch v := value.(type) {
	case map[string]any:
		object := make(map[string]any, len(v))
		for key, member := range v {
			at := pointer + "/" + escapePointer(key)
			if member == nil && unwanted(at) {
				changed = true
				continue
			}
			kept, below := dropNulls(member, at, unwanted)
			object[key], changed = kept, changed || below
		}
		return object, changed
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			kept, below := dropNulls(item, pointer+"/"+itoa(i), unwanted)
			list[i], changed = kept, changed || below
		}
		return list, changed
	}
	return value, false
}
