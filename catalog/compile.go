package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pontage/pontage"
)

// compiled is what a document means, before it meets the rows there are.
type compiled struct {
	name     string
	platform bool
	// host is the document's own, without the instance's prefix; base the path of its server, without slash at the end.
	host, base                  string
	title, version, description string
	// sum is the SHA-256 of the document as it came.
	sum        [32]byte
	operations []compiledOperation
	repairs    []Repair
	leftOut    []LeftOut
	// data is the document as it came, tree the repaired one; published is made of them where it is needed.
	data      []byte
	tree      map[string]any
	published *published
}

// compiledOperation is one operation, its scope's segment and its answers, lowest status first.
type compiledOperation struct {
	method, path, segment string
	answers               []pontage.Answer
}

// fault says why a document is rejected, and where.
type fault struct{ pointer, reason string }

func faultAt(pointer, format string, args ...any) *fault {
	return &fault{pointer: pointer, reason: fmt.Sprintf(format, args...)}
}

// compile reads a document into what it means. A document that makes the library panic is rejected like any other: the ones
// beside it go on.
func compile(d Document) (c *compiled, wrong *fault) {
	defer rejectPanic(&wrong)
	a, wrong := read(d)
	if wrong != nil {
		return nil, wrong
	}
	if wrong = a.server(a.doc.Servers); wrong != nil {
		return nil, wrong
	}
	return a.compiled, a.compileOperations(a)
}

// rejectPanic makes a panic of the library the document's fault.
func rejectPanic(wrong **fault) {
	if p := recover(); p != nil {
		*wrong = faultAt("", "The document cannot be read: %v", p)
	}
}

// read parses, repairs and checks a document.
func read(d Document) (*answerer, *fault) {
	tree, wrong := parseTree(d.Data)
	if wrong != nil {
		return nil, wrong
	}
	if wrong = checkVersion(tree); wrong != nil {
		return nil, wrong
	}
	r := &repairer{root: tree, document: d.Name}
	r.repair()
	if wrong = checkReferences(tree); wrong != nil {
		return nil, wrong
	}
	if wrong = checkCycles(tree); wrong != nil {
		return nil, wrong
	}
	doc, wrong := load(tree)
	if wrong != nil {
		return nil, wrong
	}
	c := &compiled{name: d.Name, platform: d.Platform, sum: sha256.Sum256(d.Data), repairs: r.repairs, data: d.Data, tree: tree,
		title: doc.Info.Title, version: doc.Info.Version, description: doc.Info.Description}
	return &answerer{root: tree, doc: doc, compiled: c}, nil
}

// checkVersion takes 3.0 and 3.1.
func checkVersion(tree map[string]any) *fault {
	version, _ := tree["openapi"].(string)
	if strings.HasPrefix(version, "3.0.") || strings.HasPrefix(version, "3.1.") {
		return nil
	}
	return faultAt("/openapi", "Only OpenAPI 3.0 and 3.1 are read, as a text such as \"3.0.3\".")
}

// checkReferences refuses references to other documents, and to nothing.
func checkReferences(tree map[string]any) (wrong *fault) {
	walkSchemas(tree, "", true, func(pointer string, object map[string]any) {
		ref, ok := object["$ref"].(string)
		if !ok || wrong != nil {
			return
		}
		switch {
		case !strings.HasPrefix(ref, "#"):
			wrong = faultAt(pointer+"/$ref", "References to other documents are not read.")
		case strings.HasPrefix(ref, "#/") && lookup(tree, ref) == nil:
			wrong = faultAt(pointer+"/$ref", "The reference %q leads nowhere.", clip(ref))
		}
	})
	return wrong
}

// load gives the repaired tree to the library, which checks it against the specification. Examples are not part of that: each is
// looked at where it is used.
func load(tree map[string]any) (*openapi3.T, *fault) {
	data, err := json.Marshal(boundUntyped(tree))
	if err != nil {
		return nil, faultAt("", "The document cannot be read: %s", firstLine(err))
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, faultAt(pointerOf(err), "%s", firstLine(err))
	}
	if err := doc.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return nil, faultAt(pointerOf(err), "%s", firstLine(err))
	}
	return doc, nil
}

// server takes host and base path from the first server that is not a test system.
func (c *compiled) server(servers openapi3.Servers) *fault {
	for i, s := range servers {
		text := s.URL
		for name, v := range s.Variables {
			text = strings.ReplaceAll(text, "{"+name+"}", v.Default)
		}
		u, err := url.Parse(text)
		at := fmt.Sprintf("/servers/%d/url", i)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || !validHost(strings.ToLower(u.Hostname())) {
			return faultAt(at, "The server must be an absolute http or https URL with a host name.")
		}
		host := strings.ToLower(u.Hostname())
		if strings.HasPrefix(host, "test.") || strings.HasPrefix(host, "sandbox") {
			continue
		}
		base := strings.TrimRight(u.EscapedPath(), "/")
		if !plainPath(base) || strings.ContainsAny(base, "{}") {
			return faultAt(at, "The path of the server is not allowed.")
		}
		c.host, c.base = host, base
		return nil
	}
	return faultAt("/servers", "The document names no production server.")
}
