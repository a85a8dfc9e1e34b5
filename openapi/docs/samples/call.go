package samples

import "github.com/pontage/pontage/openapi/docs/reference"

// Call is one request that a page shows and sends.
type Call struct {
	Method, URL string
	// Type and Body are empty where nothing is sent.
	Type, Body string
	// Way is how the caller is known.
	Way Way
	// parts and file are sent in place of Body.
	parts []reference.Part
	file  string
}

// Files says that the call sends a body that only a program can: a form with parts, or a file.
func (c Call) Files() bool { return len(c.parts) > 0 || c.file != "" }

// Way is how a caller is known.
type Way string

// The ways of the platform: the account's e-mail and key, a token, a token's refresh token.
const (
	Account Way = "basic"
	Token   Way = "token"
	Refresh Way = "refresh"
)

var ways = map[Way]*authorization{Account: basic, Token: bearer, Refresh: refresh}

// CallOf is an operation's request with the examples that Of writes.
func CallOf(ref *reference.Reference, o reference.Operation, way Way) Call {
	r := requestOf(ref, o)
	c := Call{Method: r.Method, URL: r.URL, Way: way, Body: r.Body, parts: r.Parts, file: r.File}
	for _, h := range r.Headers {
		if h.Name == "Content-Type" {
			c.Type = h.Value
		}
	}
	return c
}

// Write gives the call in every language.
func (c Call) Write() []Sample {
	r := request{Method: c.Method, URL: c.URL, Authorization: ways[c.Way], Parts: c.parts, File: c.file}
	if c.file != "" {
		r.Headers = []header{{"Content-Type", c.Type}}
	}
	if c.Body != "" {
		r.HasBody, r.Body = true, c.Body
		if r.JSON = (reference.Content{Type: c.Type}).JSON(); r.JSON {
			r.Body, r.Exact = indented([]byte(c.Body))
		}
		r.Headers = []header{{"Content-Type", c.Type}}
	}
	var list []Sample
	for _, l := range languages {
		list = append(list, Sample{l.lang, l.label, l.write(r)})
	}
	return list
}
