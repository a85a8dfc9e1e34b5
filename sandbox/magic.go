package sandbox

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pontage/pontage"
)

// magic begins the values that make an API answer as the header's values of the same name do.
const magic = "simulate-"

// magicOf is the magic value of a line, "" for those that are not about the API.
func (s simulation) magicOf() string {
	if s.suppose.Fact != "" {
		return ""
	}
	return magic + strings.TrimPrefix(s.value, upstream)
}

// MagicValues lists what may stand in a path, a query or a body in place of the header.
func MagicValues() []pontage.Simulation {
	var all []pontage.Simulation
	for _, s := range simulations {
		if value := s.magicOf(); value != "" {
			line := s.public()
			line.Value = value
			all = append(all, line)
		}
	}
	return all
}

// supposed is what a call supposes of its API: by the header, else by a magic value in its path, query or body.
func supposed(call *pontage.Attempt, r *http.Request, body []byte) pontage.Supposition {
	s := call.Suppose
	if s.Outage != "" || s.Status != 0 {
		return s
	}
	values := said(call.Match, r, body)
	slices.Sort(values) // of several, the same one whenever the request comes
	for _, value := range values {
		if !strings.HasPrefix(value, magic) {
			continue
		}
		for _, line := range simulations {
			if line.magicOf() == value {
				s.Outage, s.Status = line.suppose.Outage, line.suppose.Status
				return s
			}
		}
	}
	return s
}

// said lists the values of path parameters, of the query, and of a body's members, where that is a JSON object or a form.
func said(match *pontage.Match, r *http.Request, body []byte) []string {
	var all []string
	given := strings.Split(match.Path, "/")
	for i, segment := range strings.Split(match.Operation.Path, "/") {
		if value, err := url.PathUnescape(given[min(i, len(given)-1)]); err == nil && strings.HasPrefix(segment, "{") {
			all = append(all, value)
		}
	}
	for _, values := range r.URL.Query() {
		all = append(all, values...)
	}
	if !strings.Contains(string(body), magic) {
		return all
	}
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media == "application/x-www-form-urlencoded" {
		form, _ := url.ParseQuery(string(body)) // what can be read of it counts
		for _, values := range form {
			all = append(all, values...)
		}
		return all
	}
	var object map[string]any
	if json.Unmarshal(body, &object) == nil {
		for _, value := range object {
			if text, ok := value.(string); ok {
				all = append(all, text)
			}
		}
	}
	return all
}
