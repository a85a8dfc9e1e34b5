package postman

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pontage/pontage/openapi/docs/reference"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// item makes one request with its examples and tests.
func (b *builder) item(s step) item {
	i := item{Name: s.name, Request: b.request(s), Response: []example{},
		Event: []event{{Listen: "test", Script: script{Type: "text/javascript", Exec: b.tests(s)}}}}
	for _, a := range s.Answers {
		if c := reference.Preferred(a.Content); c != nil && utf8.Valid(c.Example) {
			i.Response = append(i.Response, b.example(i.Request, a, *c))
		}
	}
	return i
}

func (b *builder) example(sent request, a reference.Answer, c reference.Content) example {
	code := statusOf(a.Status)
	return example{Name: firstLine(a.Description, http.StatusText(code)), OriginalRequest: sent, Status: http.StatusText(code), Code: code,
		Header: []variable{{Key: "Content-Type", Value: c.Type}}, Body: readable(c)}
}

// statusOf is the first status that a key of "responses" stands for.
func statusOf(key string) int {
	code, err := strconv.Atoi(strings.ReplaceAll(strings.ToUpper(key), "XX", "00"))
	if err != nil {
		return http.StatusOK
	}
	return code
}

func firstLine(text, otherwise string) string {
	line, _, _ := strings.Cut(text, "\n")
	if line == "" {
		return otherwise
	}
	return line
}

// readable indents JSON.
func readable(c reference.Content) string {
	if n, err := tree.ParseJSON(c.Example); err == nil && c.JSON() {
		if text, err := tree.Indented(n); err == nil {
			return string(text)
		}
	}
	return string(c.Example)
}

func (b *builder) request(s step) request {
	r := request{Method: s.Method, Description: s.Description, Auth: b.auth(s.security), Header: []variable{}, URL: b.address(s)}
	for _, p := range s.Parameters {
		if p.In == "header" {
			r.Header = append(r.Header, variable{Key: p.Name, Value: strings.Join(p.Texts(), ","), Description: p.Description, Disabled: !p.Required})
		}
	}
	if s.Body == nil {
		return r
	}
	c := reference.Preferred(s.Body.Content)
	if c == nil {
		return r
	}
	if c.Multipart() {
		r.Body = formOf(c.Parts)
		return r
	}
	if c.Binary() {
		r.Header = append(r.Header, variable{Key: "Content-Type", Value: c.Type})
		r.Body = &body{Mode: "file", File: &fileBody{Src: c.File()}}
		return r
	}
	if !utf8.Valid(c.Example) {
		return r
	}
	r.Header = append(r.Header, variable{Key: "Content-Type", Value: c.Type})
	r.Body = &body{Mode: "raw", Raw: readable(*c)}
	r.Body.Options.Raw.Language = "text"
	if c.JSON() {
		r.Body.Options.Raw.Language = "json"
	}
	return r
}

// formOf is a form with parts; the tool makes the content type with its boundary.
func formOf(parts []reference.Part) *body {
	b := &body{Mode: "formdata", FormData: []formPart{}}
	for _, p := range parts {
		if p.File {
			b.FormData = append(b.FormData, formPart{Key: p.Name, Src: p.Value, Type: "file"})
		} else {
			b.FormData = append(b.FormData, formPart{Key: p.Name, Value: p.Value, Type: "text"})
		}
	}
	return b
}

// address writes the path with the tool's own form of parameters, and every parameter of the query; those that need not be there are
// switched off.
func (b *builder) address(s step) address {
	path := s.Path
	a := address{Host: []string{"{{baseUrl}}"}, Path: []string{}}
	for _, p := range s.Parameters {
		switch p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", ":"+p.Name)
			a.Variable = append(a.Variable, variable{Key: p.Name, Value: "{{" + variableOf(s.Operation, p.Name) + "}}", Description: p.Description})
		case "query":
			for _, pair := range p.Pairs() {
				a.Query = append(a.Query, variable{Key: pair[0], Value: pair[1], Description: p.Description, Disabled: !p.Required})
			}
		}
	}
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		a.Path = append(a.Path, segment)
	}
	a.Raw = "{{baseUrl}}" + path + rawQuery(a.Query)
	return a
}

func rawQuery(query []variable) string {
	var pairs []string
	for _, q := range query {
		if !q.Disabled {
			pairs = append(pairs, q.Key+"="+q.Value)
		}
	}
	if len(pairs) == 0 {
		return ""
	}
	return "?" + strings.Join(pairs, "&")
}
