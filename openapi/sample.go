package openapi

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"go.yaml.in/yaml/v4"
)

// refreshScheme is the security scheme of operations that a refresh token may call.
const refreshScheme = "Refresh-Authentication"

// call is one request a sample shows.
type call struct {
	label, method, url string
	// authorization is a header line, or empty for the account's e-mail and key.
	authorization string
	body          string
}

var methods = []string{"get", "put", "post", "delete", "patch"}

// addSamples gives every operation x-codeSamples: its request with the document's own examples.
func addSamples(root *yaml.Node, serverURL string) error {
	paths := member(root, "paths")
	for i := 0; paths != nil && i < len(paths.Content); i += 2 {
		path, item := paths.Content[i].Value, paths.Content[i+1]
		for _, method := range methods {
			operation := member(item, method)
			if operation == nil {
				continue
			}
			calls, err := callsOf(root, item, operation, method, serverURL+path)
			if err != nil {
				return err
			}
			var samples []*yaml.Node
			for _, c := range calls {
				samples = append(samples, object("lang", text("Shell"), "label", text(c.label), "source", text(c.curl())))
			}
			set(operation, "x-codeSamples", list(samples...))
		}
	}
	return nil
}

func callsOf(root, item, operation *yaml.Node, method, address string) ([]call, error) {
	for _, owner := range []*yaml.Node{item, operation} {
		for _, p := range children(member(owner, "parameters")) {
			if p = resolve(root, p); value(member(p, "in")) == "path" {
				address = strings.ReplaceAll(address, "{"+value(member(p, "name"))+"}", url.PathEscape(value(member(p, "example"))))
			}
		}
	}
	c := call{label: "curl", method: strings.ToUpper(method), url: address}
	body, err := firstExample(member(member(member(operation, "requestBody"), "content"), "application/json"))
	if err != nil {
		return nil, err
	}
	c.body = body
	calls := []call{c, {label: "curl with a token", method: c.method, url: c.url, body: c.body, authorization: "Bearer $PONTAGE_TOKEN"}}
	for _, s := range children(member(operation, "security")) {
		if member(s, refreshScheme) != nil {
			calls = append(calls, call{label: "curl with the refresh token", method: c.method, url: c.url,
				authorization: "Bearer $PONTAGE_REFRESH_TOKEN"})
		}
	}
	return calls, nil
}

// curl writes the call for a POSIX shell.
func (c call) curl() string {
	var out strings.Builder
	out.WriteString("curl")
	if c.method != "GET" {
		out.WriteString(" -X " + c.method)
	}
	fmt.Fprintf(&out, " %s \\\n  ", quoted(c.url))
	if c.authorization == "" {
		out.WriteString(`-u "$PONTAGE_EMAIL:$PONTAGE_KEY"`)
	} else {
		fmt.Fprintf(&out, "-H \"Authorization: %s\"", c.authorization)
	}
	if c.body != "" {
		fmt.Fprintf(&out, " \\\n  -H 'Content-Type: application/json' \\\n  -d %s", quoted(c.body))
	}
	return out.String()
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func firstExample(media *yaml.Node) (string, error) {
	examples := member(media, "examples")
	if examples == nil || len(examples.Content) < 2 {
		return "", nil
	}
	var out bytes.Buffer
	err := writeJSON(&out, member(examples.Content[1], "value"))
	return out.String(), err
}

// resolve follows a reference into the document itself.
func resolve(root, n *yaml.Node) *yaml.Node {
	ref, ok := strings.CutPrefix(value(member(n, "$ref")), "#/")
	if !ok {
		return n
	}
	for _, key := range strings.Split(ref, "/") {
		root = member(root, key)
	}
	return root
}

func children(n *yaml.Node) []*yaml.Node {
	if n == nil {
		return nil
	}
	return n.Content
}

func value(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	return n.Value
}
