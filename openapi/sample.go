package openapi

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/pontage/pontage/openapi/docs/tree"
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
func addSamples(root *tree.Node, serverURL string) error {
	paths := tree.Member(root, "paths")
	for i := 0; paths != nil && i < len(paths.Content); i += 2 {
		path, item := paths.Content[i].Value, paths.Content[i+1]
		for _, method := range methods {
			operation := tree.Member(item, method)
			if operation == nil {
				continue
			}
			calls, err := callsOf(root, item, operation, method, serverURL+path)
			if err != nil {
				return err
			}
			var samples []*tree.Node
			for _, c := range calls {
				samples = append(samples, tree.Object("lang", tree.Text("Shell"), "label", tree.Text(c.label), "source", tree.Text(c.curl())))
			}
			tree.Set(operation, "x-codeSamples", tree.List(samples...))
		}
	}
	return nil
}

func callsOf(root, item, operation *tree.Node, method, address string) ([]call, error) {
	for _, owner := range []*tree.Node{item, operation} {
		for _, p := range tree.Items(tree.Member(owner, "parameters")) {
			if p = tree.Follow(root, p); tree.Value(tree.Member(p, "in")) == "path" {
				address = strings.ReplaceAll(address, "{"+tree.Value(tree.Member(p, "name"))+"}", url.PathEscape(tree.Value(tree.Member(p, "example"))))
			}
		}
	}
	c := call{label: "curl", method: strings.ToUpper(method), url: address}
	body, err := firstExample(tree.Member(tree.Member(tree.Member(operation, "requestBody"), "content"), "application/json"))
	if err != nil {
		return nil, err
	}
	c.body = body
	calls := []call{c, {label: "curl with a token", method: c.method, url: c.url, body: c.body, authorization: "Bearer $PONTAGE_TOKEN"}}
	for _, s := range tree.Items(tree.Member(operation, "security")) {
		if tree.Member(s, refreshScheme) != nil {
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

func firstExample(media *tree.Node) (string, error) {
	examples := tree.Member(media, "examples")
	if examples == nil || len(examples.Content) < 2 {
		return "", nil
	}
	body, err := tree.JSON(tree.Member(examples.Content[1], "value"))
	return string(body), err
}
