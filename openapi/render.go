package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Served is a document as an instance hands it out.
type Served struct{ JSON, YAML []byte }

// Render makes the served document from its source: the one server is serverURL, exampleHost is replaced by host wherever it stands,
// what only our generator reads is gone, and every operation has code samples that run against serverURL. The order of the source
// is kept.
func Render(source []byte, serverURL, exampleHost, host string) (Served, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(source, &document); err != nil {
		return Served{}, fmt.Errorf("openapi document: %w", err)
	}
	if len(document.Content) != 1 {
		return Served{}, fmt.Errorf("openapi document: it is empty")
	}
	root := expand(document.Content[0], strings.NewReplacer(exampleHost, host))
	set(root, "servers", list(object("url", text(serverURL))))
	if err := addSamples(root, serverURL); err != nil {
		return Served{}, err
	}
	var out bytes.Buffer
	if err := writeJSON(&out, root); err != nil {
		return Served{}, err
	}
	asYAML, err := yaml.Marshal(root)
	return Served{JSON: out.Bytes(), YAML: asYAML}, err
}

// expand copies a node with its aliases written out, without the generator's extensions, and with replaced text.
func expand(n *yaml.Node, replace *strings.Replacer) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	c := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value, Style: n.Style}
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Tag == "!!str" {
			c.Value = replace.Replace(n.Value)
		}
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			if !strings.HasPrefix(n.Content[i].Value, "x-go-") {
				c.Content = append(c.Content, expand(n.Content[i], replace), expand(n.Content[i+1], replace))
			}
		}
	default:
		for _, child := range n.Content {
			c.Content = append(c.Content, expand(child, replace))
		}
	}
	return c
}

// writeJSON writes a node as JSON in its own order.
func writeJSON(out *bytes.Buffer, n *yaml.Node) error {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			out.WriteByte("{,"[min(i, 1)])
			if err := writeScalar(out, n.Content[i].Value); err != nil {
				return err
			}
			out.WriteByte(':')
			if err := writeJSON(out, n.Content[i+1]); err != nil {
				return err
			}
		}
		if len(n.Content) == 0 {
			out.WriteByte('{')
		}
		out.WriteByte('}')
	case yaml.SequenceNode:
		out.WriteByte('[')
		for i, child := range n.Content {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := writeJSON(out, child); err != nil {
				return err
			}
		}
		out.WriteByte(']')
	default:
		return writeLeaf(out, n)
	}
	return nil
}

func writeLeaf(out *bytes.Buffer, n *yaml.Node) error {
	switch n.Tag {
	case "!!null":
		out.WriteString("null")
	case "!!bool", "!!int", "!!float":
		if !json.Valid([]byte(n.Value)) {
			return fmt.Errorf("openapi document: %q is not a JSON value", n.Value)
		}
		out.WriteString(n.Value)
	default:
		return writeScalar(out, n.Value)
	}
	return nil
}

func writeScalar(out *bytes.Buffer, value string) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	out.Truncate(out.Len() - 1) // Encode ends in a new line
	return nil
}
