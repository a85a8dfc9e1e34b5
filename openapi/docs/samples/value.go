package samples

import (
	"strings"

	"github.com/pontage/pontage/openapi/docs/tree"
	"go.yaml.in/yaml/v4"
)

// indented writes JSON for people; exact says that its values mean the same in JavaScript and Python.
func indented(body []byte) (text string, exact bool) {
	n, err := tree.ParseJSON(body)
	if err != nil {
		return string(body), false
	}
	out, err := tree.Indented(n)
	if err != nil {
		return string(body), false
	}
	return string(out), exactly(n)
}

// exactly looks for what a program would change: numbers of many digits, and a key that JavaScript takes for something else.
func exactly(n *tree.Node) bool {
	const digits = 15
	switch n.Kind {
	case yaml.ScalarNode:
		return n.Tag != "!!int" && n.Tag != "!!float" ||
			len(n.Value) <= digits && !strings.ContainsAny(n.Value, "eE") && n.Value != "-0"
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Value == "__proto__" || !exactly(n.Content[i+1]) {
				return false
			}
		}
		return true
	}
	for _, item := range n.Content {
		if !exactly(item) {
			return false
		}
	}
	return true
}

// python writes JSON as a value of Python; prefix stands before every line but the first.
func python(body, prefix string) string {
	n, err := tree.ParseJSON([]byte(body))
	if err != nil {
		return text(body)
	}
	var out strings.Builder
	writePython(&out, n, prefix)
	return out.String()
}

func writePython(out *strings.Builder, n *tree.Node, prefix string) {
	switch n.Kind {
	case yaml.MappingNode:
		writeAll(out, n, prefix, "{}", 2)
	case yaml.SequenceNode:
		writeAll(out, n, prefix, "[]", 1)
	default:
		out.WriteString(pythonScalar(n))
	}
}

// writeAll writes what a mapping or a sequence holds, one member a line.
func writeAll(out *strings.Builder, n *tree.Node, prefix, brackets string, step int) {
	out.WriteString(brackets[:1])
	for i := 0; i < len(n.Content); i += step {
		out.WriteString("\n" + prefix + "    ")
		if step == 2 {
			out.WriteString(text(n.Content[i].Value) + ": ")
		}
		writePython(out, n.Content[i+step-1], prefix+"    ")
		out.WriteString(",")
	}
	if len(n.Content) > 0 {
		out.WriteString("\n" + prefix)
	}
	out.WriteString(brackets[1:])
}

func pythonScalar(n *tree.Node) string {
	switch n.Tag {
	case "!!null":
		return "None"
	case "!!bool":
		return map[string]string{"true": "True", "false": "False"}[n.Value]
	case "!!int", "!!float":
		return n.Value
	}
	return text(n.Value)
}
