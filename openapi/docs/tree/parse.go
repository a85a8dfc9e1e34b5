package tree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
)

// deepest bounds how far a document nests, mostNodes how many values it has once aliases are written out.
const (
	deepest   = 200
	mostNodes = 2_000_000
)

var errTooMuch = errors.New("the document is too deep or too large")

// Parse reads JSON or YAML. Aliases are written out.
func Parse(data []byte) (*Node, error) {
	if trimmed := bytes.TrimLeft(data, " \t\r\n\ufeff"); len(trimmed) > 0 && trimmed[0] == '{' {
		return ParseJSON(trimmed)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, err
	}
	if document.Kind != yaml.DocumentNode || len(document.Content) != 1 {
		return nil, errors.New("the document is empty")
	}
	return Copy(document.Content[0])
}

// ParseJSON reads any one value of JSON.
func ParseJSON(data []byte) (*Node, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	root, err := readValue(decoder, 0)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("something follows the value")
	}
	return root, nil
}

// readValue reads one value; the decoder sees to the commas and colons.
func readValue(decoder *json.Decoder, depth int) (*Node, error) {
	if depth > deepest {
		return nil, errTooMuch
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return readContent(decoder, Object(), depth, 2)
	case json.Delim('['):
		return readContent(decoder, List(), depth, 1)
	}
	return scalar(token), nil
}

// readContent reads up to the closing bracket, step values at a time.
func readContent(decoder *json.Decoder, n *Node, depth, step int) (*Node, error) {
	for decoder.More() {
		for range step {
			child, err := readValue(decoder, depth+1)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, child)
		}
	}
	_, err := decoder.Token()
	return n, err
}

func scalar(value any) *Node {
	switch v := value.(type) {
	case nil:
		return Null()
	case bool:
		return &Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(v)}
	case json.Number:
		return Number(string(v))
	case string:
		return Text(v)
	}
	return Number(fmt.Sprint(value))
}

// Number is a number as JSON writes it.
func Number(text string) *Node {
	tag := "!!int"
	if strings.ContainsAny(text, ".eE") {
		tag = "!!float"
	}
	return &Node{Kind: yaml.ScalarNode, Tag: tag, Value: text}
}

// Copy copies a node with its aliases written out.
func Copy(n *Node) (*Node, error) {
	return Expand(n, func(string) bool { return true }, func(text string) string { return text })
}

// Expand copies a node with its aliases written out, without the members whose key keep refuses, and with what text makes of keys and
// texts.
func Expand(n *Node, keep func(key string) bool, text func(string) string) (*Node, error) {
	e := &expander{keep: keep, text: text, budget: mostNodes}
	return e.expand(n, 0)
}

type expander struct {
	keep   func(string) bool
	text   func(string) string
	budget int
}

func (e *expander) expand(n *Node, depth int) (*Node, error) {
	if e.budget--; e.budget < 0 || depth > deepest {
		return nil, errTooMuch
	}
	switch n.Kind {
	case yaml.AliasNode:
		return e.expand(n.Alias, depth+1)
	case yaml.ScalarNode:
		return e.scalar(n), nil
	}
	c := &Node{Kind: n.Kind, Tag: n.Tag, Style: n.Style}
	for i := 0; i < len(n.Content); i++ {
		if n.Kind == yaml.MappingNode && i%2 == 0 && !e.keep(n.Content[i].Value) {
			i++ // the value goes with its key
			continue
		}
		child, err := e.expand(n.Content[i], depth+1)
		if err != nil {
			return nil, err
		}
		c.Content = append(c.Content, child)
	}
	return c, nil
}

// scalar copies a scalar; what YAML takes for a date is the text it is in JSON.
func (e *expander) scalar(n *Node) *Node {
	c := &Node{Kind: n.Kind, Tag: n.ShortTag(), Value: n.Value, Style: n.Style}
	switch c.Tag {
	case "!!null", "!!bool", "!!int", "!!float":
	default:
		c.Tag, c.Value = "!!str", e.text(n.Value)
	}
	return c
}
