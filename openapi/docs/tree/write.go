package tree

import (
	"bytes"
	"encoding/json"
	"fmt"

	"go.yaml.in/yaml/v4"
)

// JSON writes a node as compact JSON in its own order.
func JSON(n *Node) ([]byte, error) {
	var out bytes.Buffer
	err := write(&out, n)
	return out.Bytes(), err
}

// Indented is JSON for people to read.
func Indented(n *Node) ([]byte, error) {
	compact, err := JSON(n)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = json.Indent(&out, compact, "", "  ")
	return out.Bytes(), err
}

// YAML writes a node as YAML in its own order.
func YAML(n *Node) ([]byte, error) {
	c, err := Copy(n) // the library takes the tags off what it writes
	if err != nil {
		return nil, err
	}
	return yaml.Marshal(c)
}

func write(out *bytes.Buffer, n *Node) error {
	switch n.Kind {
	case yaml.MappingNode:
		out.WriteByte('{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			comma(out, i)
			if err := writeText(out, n.Content[i].Value); err != nil {
				return err
			}
			out.WriteByte(':')
			if err := write(out, n.Content[i+1]); err != nil {
				return err
			}
		}
		out.WriteByte('}')
	case yaml.SequenceNode:
		out.WriteByte('[')
		for i, child := range n.Content {
			comma(out, i)
			if err := write(out, child); err != nil {
				return err
			}
		}
		out.WriteByte(']')
	default:
		return writeScalar(out, n)
	}
	return nil
}

func comma(out *bytes.Buffer, i int) {
	if i > 0 {
		out.WriteByte(',')
	}
}

func writeScalar(out *bytes.Buffer, n *Node) error {
	switch n.Tag {
	case "!!null":
		out.WriteString("null")
	case "!!bool", "!!int", "!!float":
		if !json.Valid([]byte(n.Value)) {
			return fmt.Errorf("%q is not a JSON value", n.Value)
		}
		out.WriteString(n.Value)
	default:
		return writeText(out, n.Value)
	}
	return nil
}

func writeText(out *bytes.Buffer, value string) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	out.Truncate(out.Len() - 1) // Encode ends in a new line
	return nil
}
