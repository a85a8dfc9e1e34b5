package catalog

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pontage/pontage"
)

var (
	errNoOperation = pontage.E(pontage.OperationNotFound, "No operation of this API has this path.")
	errNoHost      = pontage.E(pontage.OperationNotFound, "No API has this host.")
	errNoMethod    = pontage.E(pontage.MethodNotAllowed, "The path exists, but not with this method.")
)

// Match gives the operation that method, host and raw path mean. rawPath is the escaped path as it came, without the query; host
// may carry a port, and the instance's prefix or not. HEAD means GET where the document has no HEAD of its own. Errors:
// InvalidInput for a path that could be read in two ways, OperationNotFound, MethodNotAllowed.
func (s *Service) Match(method, host, rawPath string) (*pontage.Match, error) {
	if err := checkPath(rawPath); err != nil {
		return nil, err
	}
	index := s.current.Load().host(host)
	if index == nil {
		return nil, errNoHost
	}
	var buffer [maxSegments]string
	segments, ok := split(rawPath, buffer[:0])
	if !ok {
		return nil, errPath
	}
	t := index.find(method, segments)
	if t == nil {
		if len(index.allowed(segments)) > 0 {
			return nil, errNoMethod
		}
		return nil, errNoOperation
	}
	return &pontage.Match{API: index.api, Operation: t.operation, Scope: t.scope,
		Path: rebuild(t.operation.Path, rawPath, segments)}, nil
}

// Methods lists what the path can be called with, sorted, OPTIONS not among them; nil where there is no such path.
func (s *Service) Methods(host, rawPath string) []string {
	index := s.current.Load().host(host)
	if index == nil || checkPath(rawPath) != nil {
		return nil
	}
	var buffer [maxSegments]string
	segments, ok := split(rawPath, buffer[:0])
	if !ok {
		return nil
	}
	return index.allowed(segments)
}

// HasHost says whether an enabled API answers under host, with or without the instance's prefix.
func (s *Service) HasHost(host string) bool { return s.current.Load().host(host) != nil }

// Host gives a host as this instance stores and shows it: lower-case, without port, with the instance's prefix.
func (s *Service) Host(host string) string { return s.HostPrefix + s.bareHost(normalHost(host)) }

// host finds an API by host; the usual spelling is looked up as it is.
func (s *snapshot) host(host string) *hostIndex {
	if index := s.hosts[host]; index != nil {
		return index
	}
	return s.hosts[normalHost(host)]
}

// normalHost is lower-case, without port and without the dot of the DNS root.
func normalHost(host string) string {
	if at := strings.LastIndexByte(host, ':'); at >= 0 {
		host = host[:at]
	}
	return strings.TrimSuffix(strings.ToLower(host), ".")
}

// split gives the decoded segments of a checked path in buffer; no more than fit there.
func split(rawPath string, buffer []string) ([]string, bool) {
	rest, more := strings.TrimPrefix(rawPath, "/"), true
	for more {
		var segment string
		segment, rest, more = strings.Cut(rest, "/")
		text, ok := decodeSegment(segment)
		if !ok || len(buffer) == cap(buffer) {
			return nil, false
		}
		buffer = append(buffer, text)
	}
	return buffer, true
}

func (h *hostIndex) find(method string, segments []string) *target {
	if root := h.methods[method]; root != nil {
		if t := root.find(segments); t != nil {
			return t
		}
	}
	if method == http.MethodHead {
		return h.find(http.MethodGet, segments)
	}
	return nil
}

// allowed tries every method the API has, and gives HEAD where GET is.
func (h *hostIndex) allowed(segments []string) []string {
	var methods []string
	for method, root := range h.methods {
		if root.find(segments) == nil {
			continue
		}
		methods = append(methods, method)
		if method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	slices.Sort(methods)
	return slices.Compact(methods)
}

// rebuild writes the path that goes upstream: static segments from the template, the others escaped the one canonical way.
func rebuild(template, rawPath string, segments []string) string {
	var out strings.Builder
	out.Grow(len(rawPath) + 1)
	rest := template[1:]
	for _, text := range segments {
		var segment string
		segment, rest, _ = strings.Cut(rest, "/")
		out.WriteByte('/')
		if strings.IndexByte(segment, '{') < 0 {
			out.WriteString(segment)
		} else {
			out.WriteString(canonicalSegment(text))
		}
	}
	return out.String()
}
