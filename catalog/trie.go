package catalog

import (
	"strings"

	"github.com/pontage/pontage"
)

// target is what a path leads to.
type target struct {
	operation *pontage.Operation
	scope     *pontage.Scope
}

// node is one segment deep in the path templates of a method. Static text goes before templates with text in them, and these
// before bare parameters; where a choice leads nowhere the next one is tried.
type node struct {
	static    map[string]*node
	mixed     []mixedEdge
	parameter *node
	target    *target
}

// mixedEdge is a segment such as "report.{format}": the texts around its parameters, one more than there are parameters.
type mixedEdge struct {
	texts []string
	next  *node
}

// insert adds a template; the document's validation made sure that no two templates mean the same paths.
func (n *node) insert(template string, t *target) {
	for _, segment := range strings.Split(template[1:], "/") {
		n = n.child(segment)
	}
	n.target = t
}

// child finds or makes the node behind one template segment.
func (n *node) child(segment string) *node {
	texts, parameters := splitTemplate(segment)
	switch {
	case parameters == 0:
		return n.staticChild(segment)
	case parameters == 1 && texts[0] == "" && texts[1] == "":
		if n.parameter == nil {
			n.parameter = &node{}
		}
		return n.parameter
	}
	for _, m := range n.mixed {
		if strings.Join(m.texts, "\x00") == strings.Join(texts, "\x00") {
			return m.next
		}
	}
	n.mixed = append(n.mixed, mixedEdge{texts: texts, next: &node{}})
	return n.mixed[len(n.mixed)-1].next
}

// staticChild goes by the decoded text, as find does.
func (n *node) staticChild(segment string) *node {
	text, ok := decodeSegment(segment)
	if !ok {
		text = segment
	}
	if n.static == nil {
		n.static = map[string]*node{}
	}
	if n.static[text] == nil {
		n.static[text] = &node{}
	}
	return n.static[text]
}

// find gives the target of the decoded segments, or nil.
func (n *node) find(segments []string) *target {
	if len(segments) == 0 {
		return n.target
	}
	head, rest := segments[0], segments[1:]
	if next := n.static[head]; next != nil {
		if t := next.find(rest); t != nil {
			return t
		}
	}
	if head == "" {
		return nil // a parameter is never empty
	}
	for _, m := range n.mixed {
		if !fits(m.texts, head) {
			continue
		}
		if t := m.next.find(rest); t != nil {
			return t
		}
	}
	if n.parameter != nil {
		return n.parameter.find(rest)
	}
	return nil
}

// splitTemplate cuts a template segment at its parameters: "a{b}c" gives a, c and 1.
func splitTemplate(segment string) (texts []string, parameters int) {
	for {
		open := strings.IndexByte(segment, '{')
		end := strings.IndexByte(segment, '}')
		if open < 0 || end < open {
			return append(texts, segment), parameters
		}
		texts = append(texts, segment[:open])
		segment = segment[end+1:]
		parameters++
	}
}

// fits says whether text is the given texts with something not empty between each two.
func fits(texts []string, text string) bool {
	last := len(texts) - 1
	if !strings.HasPrefix(text, texts[0]) {
		return false
	}
	text = text[len(texts[0]):]
	for _, middle := range texts[1:last] {
		at := -1
		if len(text) > 0 {
			at = strings.Index(text[1:], middle)
		}
		if at < 0 {
			return false
		}
		text = text[1+at+len(middle):]
	}
	return len(text) > len(texts[last]) && strings.HasSuffix(text, texts[last])
}
