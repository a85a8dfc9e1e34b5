package catalog

import (
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// imported are the methods that become operations; the platform answers OPTIONS itself.
var imported = map[string]bool{http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true,
	http.MethodPatch: true, http.MethodDelete: true}

// compileOperations goes through the paths in a fixed order.
func (c *compiled) compileOperations(a *answerer) *fault {
	if a.doc.Paths == nil || a.doc.Paths.Len() == 0 {
		return faultAt("/paths", "The document has no paths.")
	}
	items := a.doc.Paths.Map()
	for _, path := range sortedKeys(items) {
		pointer := "/paths/" + escapePointer(path)
		segment, wrong := checkTemplate(path, pointer)
		if wrong != nil {
			return wrong
		}
		operations := items[path].Operations()
		for _, method := range sortedKeys(operations) {
			at := pointer + "/" + strings.ToLower(method)
			if reason := c.notImported(method, items[path], operations); reason != "" {
				c.leftOut = append(c.leftOut, LeftOut{Pointer: at, Reason: reason})
				continue
			}
			c.operations = append(c.operations, compiledOperation{method: method, path: c.base + escapeTemplate(path),
				segment: segment, answers: a.answers(path, method, at, operations[method])})
		}
	}
	if len(c.operations) == 0 {
		return faultAt("/paths", "The document has no operation that can be called.")
	}
	return nil
}

// notImported says why an operation is left out; empty where it is not.
func (c *compiled) notImported(method string, item *openapi3.PathItem, operations map[string]*openapi3.Operation) string {
	switch {
	case method == http.MethodOptions:
		return "OPTIONS is answered by the platform."
	case method == http.MethodHead && operations[http.MethodGet] != nil:
		return "HEAD follows GET."
	case !imported[method]:
		return "The method is not supported."
	case len(item.Servers) > 0 || operations[method].Servers != nil && len(*operations[method].Servers) > 0:
		return "Servers of its own are not supported."
	}
	return ""
}

// checkTemplate gives the scope's segment of a path template: its first segment where that is static, else "root".
func checkTemplate(path, pointer string) (string, *fault) {
	if len(strings.Split(path, "/")) >= maxSegments {
		return "", faultAt(pointer, "The path is too deep.")
	}
	plain := templateParameter.ReplaceAllString(path, "x")
	if !plainPath(plain) || strings.ContainsAny(plain, "{}") {
		return "", faultAt(pointer, "The path is not a template of plain segments.")
	}
	first, _, _ := strings.Cut(path[1:], "/")
	if first == "" || strings.Contains(first, "{") {
		return rootSegment, nil
	}
	if first = escapeTemplate(first); !validSegment(first) {
		return "", faultAt(pointer, "The first segment of the path cannot be a scope.")
	}
	return first, nil
}

// escapeTemplate escapes what is not ASCII, as it comes over the wire.
func escapeTemplate(path string) string {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for _, c := range []byte(path) {
		if c < 0x80 {
			out.WriteByte(c)
			continue
		}
		out.WriteString("%" + string([]byte{hex[c>>4], hex[c&15]}))
	}
	return out.String()
}
