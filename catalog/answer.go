package catalog

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pontage/pontage"
)

// answerer makes the answers of a document's operations. It walks the parsed tree for examples, whose numbers are not rounded
// there, and the library's schemas for what is valid.
type answerer struct {
	*compiled
	root map[string]any
	doc  *openapi3.T
	// request says that bodies are sent to the API, so that members it alone writes stay out.
	request bool
}

// answers compiles every documented status of an operation, lowest first. An operation without any success gets an empty one, and
// the report says so.
func (a *answerer) answers(path, method, pointer string, operation *openapi3.Operation) []pontage.Answer {
	item := follow(a.root, a.root["paths"].(map[string]any)[path])
	raw := follow(a.root, follow(a.root, item[strings.ToLower(method)])["responses"])
	all := operation.Responses.Map()
	var list []pontage.Answer
	for _, code := range sortedKeys(all) {
		if all[code].Value == nil {
			continue
		}
		at := pointer + "/responses/" + code
		answer := a.answer(method+" "+path+" "+code, at, follow(a.root, raw[code]), all[code].Value)
		answer.Status = statusOf(code, all)
		list = append(list, answer)
	}
	if !slices.ContainsFunc(list, func(x pontage.Answer) bool { return x.Status >= 200 && x.Status < 300 }) {
		a.leave(pointer+"/responses", "No success is documented; the sandbox answers 204.")
		list = append(list, pontage.Answer{Status: http.StatusNoContent, Generated: true})
	}
	slices.SortStableFunc(list, func(x, y pontage.Answer) int { return cmp.Compare(x.Status, y.Status) })
	return slices.CompactFunc(list, func(x, y pontage.Answer) bool { return x.Status == y.Status })
}

func (a *answerer) leave(pointer, reason string) {
	a.leftOut = append(a.leftOut, LeftOut{Pointer: pointer, Reason: reason})
}

// statusOf reads a response's key: a status, a range such as "4XX", or "default", which stands for the success where none is
// documented and else for the first server error that is not.
func statusOf(code string, all map[string]*openapi3.ResponseRef) int {
	if status, err := strconv.Atoi(code); err == nil {
		return status
	}
	first, last := 500, 599
	switch {
	case code != "default":
		first = int(code[0]-'0') * 100
		last = first + 99
	case !documentsSuccess(all):
		return http.StatusOK
	}
	for status := first; status < last; status++ {
		if all[strconv.Itoa(status)] == nil {
			return status
		}
	}
	return last
}

func documentsSuccess(all map[string]*openapi3.ResponseRef) bool {
	for code := range all {
		if code[0] == '2' {
			return true
		}
	}
	return false
}

// answer compiles one response; seed makes what is generated the same at every import.
func (a *answerer) answer(seed, pointer string, raw map[string]any, response *openapi3.Response) pontage.Answer {
	contentType := chooseContent(response.Content)
	if contentType == "" {
		return pontage.Answer{}
	}
	m := a.media(seed, pointer, raw, response.Content, contentType)
	if body, ok := m.fromExample(); ok {
		return pontage.Answer{ContentType: m.contentType, Body: body}
	}
	body, ok := m.generate()
	if !ok {
		a.leave(m.pointer, "No body could be made that its schema accepts; the sandbox answers with the nearest.")
	}
	return pontage.Answer{ContentType: m.contentType, Body: body, Generated: true}
}

// media prepares one media type of a body; raw is what holds "content" in the parsed tree.
func (a *answerer) media(seed, pointer string, raw map[string]any, all openapi3.Content, contentType string) *mediaAnswer {
	content, _ := raw["content"].(map[string]any)
	m := &mediaAnswer{answerer: a, pointer: pointer + "/content/" + escapePointer(contentType), seed: seed,
		raw: follow(a.root, content[contentType]), contentType: concreteType(contentType)}
	if media := all[contentType]; media != nil && media.Schema != nil {
		m.schema = media.Schema.Value
	}
	return m
}

// chooseContent prefers JSON, then JSON by suffix, then text, then what comes first by name.
func chooseContent(content openapi3.Content) string {
	best, bestRank := "", 9
	for _, name := range sortedKeys(content) {
		if content[name] == nil {
			continue
		}
		if rank := contentRank(name); rank < bestRank {
			best, bestRank = name, rank
		}
	}
	return best
}

func contentRank(name string) int {
	base := baseType(name)
	switch {
	case base == "application/json":
		return 0
	case isJSON(base):
		return 1
	case base == "*/*" || base == "application/*":
		return 2
	case strings.HasPrefix(base, "text/"):
		return 3
	}
	return 4
}

// baseType is a media type in lower case without its parameters.
func baseType(name string) string {
	base, _, _ := strings.Cut(name, ";")
	return strings.ToLower(strings.TrimSpace(base))
}

func isJSON(base string) bool { return base == "application/json" || strings.HasSuffix(base, "+json") }

// concreteType makes a range of media types one that can be sent.
func concreteType(name string) string {
	switch base := baseType(name); {
	case base == "*/*" || base == "application/*":
		return "application/json"
	case base == "text/*":
		return "text/plain; charset=utf-8"
	case base == "image/*":
		return "image/png"
	case strings.HasSuffix(base, "/*"):
		return "application/octet-stream"
	}
	return name
}
