package catalog

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

func itoa(i int) string { return strconv.Itoa(i) }

func isXML(base string) bool {
	return base == "application/xml" || base == "text/xml" || strings.HasSuffix(base, "+xml")
}

// generate makes a body from the schema, or the smallest valid file of a type that has none; ok says whether the schema, where
// there is one, accepts it.
func (m *mediaAnswer) generate() ([]byte, bool) {
	base := baseType(m.contentType)
	if file, known := smallest[base]; known {
		return file, true
	}
	value, ok := newGenerator(m.answerer, m.seed).body(m.schema)
	switch {
	case isJSON(base), m.isParts(base):
		body, _ := encodeJSON(value)
		return body, ok
	case isXML(base):
		return encodeXML(value), true
	case base == "application/x-www-form-urlencoded":
		body, written := encodeForm(value)
		return body, written && ok
	}
	if text, isText := value.(string); isText {
		return []byte(text), ok
	}
	return []byte("example"), true
}

// encodeForm writes an object of plain values.
func encodeForm(value any) ([]byte, bool) {
	object, ok := value.(map[string]any)
	if !ok {
		return nil, false
	}
	form := url.Values{}
	for key, member := range object {
		form.Set(key, fmt.Sprint(member))
	}
	return []byte(form.Encode()), true
}

// encodeXML writes a value as elements named after its keys.
func encodeXML(value any) []byte {
	var out strings.Builder
	out.WriteString(xml.Header)
	writeElement(&out, "response", value)
	return []byte(out.String())
}

func writeElement(out *strings.Builder, name string, value any) {
	name = elementName(name)
	if list, ok := value.([]any); ok {
		for _, item := range list {
			writeElement(out, name, item)
		}
		return
	}
	out.WriteString("<" + name + ">")
	switch v := value.(type) {
	case map[string]any:
		for _, key := range sortedKeys(v) {
			writeElement(out, key, v[key])
		}
	case nil:
	default:
		// A strings.Builder never fails.
		_ = xml.EscapeText(out, []byte(fmt.Sprint(v)))
	}
	out.WriteString("</" + name + ">")
}

// elementName makes a key a name XML takes.
func elementName(key string) string {
	name := []byte(key)
	for i, c := range name {
		if !isAlphanumeric(c) && c != '-' && c != '_' && c != '.' {
			name[i] = '_'
		}
	}
	if len(name) == 0 || !isAlphanumeric(name[0]) || name[0] <= '9' {
		return "_" + string(name)
	}
	return string(name)
}

// smallest holds a valid file for the types that no schema describes.
var smallest = map[string][]byte{
	"application/pdf": smallestPDF(),
	"application/zip": append([]byte("PK\x05\x06"), make([]byte, 18)...),
	"image/png":       fromBase64("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="),
	"image/gif":       fromBase64("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"),
	"text/html":       []byte("<!doctype html>\n<html lang=\"en\"><title>Example</title><p>Example</p></html>\n"),
	"text/csv":        []byte("name,value\r\nexample,1\r\n"),
	"image/svg+xml":   []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`),
}

// smallestPDF is one empty A4 page; the offsets of the cross-reference table are counted while it is written.
func smallestPDF() []byte {
	objects := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>"}
	var out, table strings.Builder
	out.WriteString("%PDF-1.4\n")
	for i, object := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", out.Len())
		fmt.Fprintf(&out, "%d 0 obj%sendobj\n", i+1, object)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, table.String(), len(objects)+1, start)
	return []byte(out.String())
}

func fromBase64(text string) []byte {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err) // the texts are ours
	}
	return data
}
