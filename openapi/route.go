package openapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pontage/pontage"
)

// router matches raw paths with the operations of a document; it is filled by the generated code's registration. A request it
// cannot match is answered in the envelope, never redirected.
type router struct {
	operations map[string]*Operation
	routes     []route
	err        error
}

type route struct {
	operation *Operation
	handle    http.HandlerFunc
}

// HandleFunc registers the handler of "METHOD /path/{parameter}"; a pattern the document does not have is remembered as an error.
func (t *router) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	op := t.operations[pattern]
	if op == nil {
		t.err = pontage.E(pontage.Internal, "Pattern %q is not in the document.", pattern)
		return
	}
	t.routes = append(t.routes, route{op, handle})
}

// ServeHTTP makes a router fit the generated code; the surface never calls it.
func (t *router) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusNotFound)
}

// match finds the operation of method and raw path and the decoded path parameters. An empty last segment is an empty parameter.
// HEAD means GET. allowed lists the path's methods where the method does not fit.
func (t *router) match(method, rawPath string) (found *route, values map[string]string, allowed []string) {
	segments := segmentsOf(rawPath)
	for i := range t.routes {
		r := &t.routes[i]
		v, ok := r.operation.match(segments)
		if !ok {
			continue
		}
		if better := found == nil || len(v) < len(values); better && r.operation.answers(method) {
			found, values = r, v
		}
		allowed = append(allowed, r.operation.Method)
		if r.operation.Method == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
	}
	if len(allowed) > 0 {
		allowed = append(allowed, http.MethodOptions)
	}
	slices.Sort(allowed)
	return found, values, slices.Compact(allowed)
}

func (o *Operation) answers(method string) bool {
	return o.Method == method || o.Method == http.MethodGet && method == http.MethodHead
}

func (o *Operation) match(segments []string) (map[string]string, bool) {
	if len(segments) != len(o.segments) {
		return nil, false
	}
	var values map[string]string
	for i, want := range o.segments {
		name, isParameter := strings.CutPrefix(want, "{")
		if !isParameter {
			if want != segments[i] {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil, false
		}
		if values == nil {
			values = map[string]string{}
		}
		values[strings.TrimSuffix(name, "}")] = value
	}
	return values, true
}

func segmentsOf(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }
