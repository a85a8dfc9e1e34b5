package samples

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pontage/pontage/openapi/docs/reference"
)

// request is what a template writes.
type request struct {
	Method, URL   string
	Headers       []header
	Authorization *authorization
	// Body is sent where HasBody; JSON is indented. JSON says that it is JSON, Exact that a program may write it as a value of its own
	// language and still send the same.
	Body                 string
	HasBody, JSON, Exact bool
	// Parts are sent as a form with parts, File is a file that is sent as it is; either in place of Body.
	Parts []reference.Part
	File  string
}

// Sends says whether there is any body.
func (r request) Sends() bool { return r.HasBody || len(r.Parts) > 0 || r.File != "" }

// Files says whether a file of the reader's is sent.
func (r request) Files() bool {
	return r.File != "" || slices.ContainsFunc(r.Parts, func(p reference.Part) bool { return p.File })
}

type header struct{ Name, Value string }

// Bearing is the authorization where it is a plain header.
func (r request) Bearing() *authorization {
	if r.Authorization != nil && r.Authorization.Kind == "header" {
		return r.Authorization
	}
	return nil
}

// Plain says that there is nothing to say but the URL.
func (r request) Plain() bool {
	return r.Method == "GET" && r.Authorization == nil && len(r.Headers) == 0 && !r.Sends()
}

func requestOf(ref *reference.Reference, o reference.Operation) request {
	r := request{Method: o.Method, URL: address(ref, o)}
	for _, p := range o.Parameters {
		if p.In == "header" && p.Required && plainName(p.Name) {
			r.Headers = append(r.Headers, header{p.Name, oneLine(strings.Join(p.Texts(), ","))})
		}
	}
	if o.Body == nil {
		return r
	}
	c := reference.Preferred(o.Body.Content)
	if c == nil || r.Method == "GET" || r.Method == "HEAD" {
		return r
	}
	if c.Multipart() {
		r.Parts = c.Parts // the boundary is the program's, so the content type is too
		return r
	}
	if c.Binary() {
		r.File = c.File()
		r.Headers = append(r.Headers, header{"Content-Type", concrete(c.Type)})
		return r
	}
	if !utf8.Valid(c.Example) || strings.ContainsRune(string(c.Example), 0) {
		return r
	}
	r.HasBody, r.Body = true, string(c.Example)
	if r.JSON = c.JSON(); r.JSON {
		r.Body, r.Exact = indented(c.Example)
	}
	r.Headers = append(r.Headers, header{"Content-Type", concrete(c.Type)})
	return r
}

// concrete is a content type that can be sent.
func concrete(contentType string) string {
	switch {
	case strings.HasPrefix(contentType, "*"):
		return "application/json"
	case strings.Contains(contentType, "*"):
		return "application/octet-stream"
	}
	return oneLine(contentType)
}

// address fills the path and adds what the query must have.
func address(ref *reference.Reference, o reference.Operation) string {
	path, query := o.Path, url.Values{}
	for _, p := range o.Parameters {
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", escapePath(strings.Join(p.Texts(), ",")))
		case p.In == "query" && p.Required:
			for _, pair := range p.Pairs() {
				query.Add(pair[0], pair[1])
			}
		}
	}
	full := path
	if len(ref.Servers) > 0 {
		full = ref.Servers[0].URL + path
	}
	if len(query) > 0 {
		full += "?" + query.Encode()
	}
	return full
}

// escapePath writes a value as one segment. A dot alone would be taken for the folder itself, even escaped, and an empty one for none.
func escapePath(value string) string {
	if strings.Trim(value, ".") == "" {
		return "_"
	}
	return url.PathEscape(value)
}

// oneLine makes a text one that a header can carry.
func oneLine(value string) string {
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return ' '
		}
		return c
	}, value))
}
