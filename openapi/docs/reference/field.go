package reference

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pontage/pontage/openapi/docs/tree"
)

// flattener makes the lines of one body.
type flattener struct {
	*reader
	list []Field
	// open are the components being described, so that recursive ones end.
	open []string
}

// fields describes a schema line by line. A body that is no object has a first line of its own, with an empty path.
func (r *reader) fields(n *tree.Node) []Field {
	if n == nil {
		return nil
	}
	f := &flattener{reader: r}
	s := r.merged(n)
	if !f.plainObject(s) || s.text("description") != "" || s.nullable() {
		f.line(s, Field{})
	}
	f.below(s, Field{Depth: -1})
	return f.list
}

func (f *flattener) plainObject(s schema) bool {
	return strings.HasPrefix(f.typeName(s, 0), "object") && len(s.alternatives()) == 0
}

// line appends what is said of one schema; own is what its owner says.
func (f *flattener) line(s schema, own Field) {
	own.Type, own.Description, own.Rules = f.typeName(s, 0), s.text("description"), f.rules(s)
	own.Nullable, own.Outdated = s.nullable(), s.is("deprecated")
	own.ReadOnly, own.WriteOnly = s.is("readOnly"), s.is("writeOnly")
	if example := s.member("example"); example != nil {
		own.Example = short(example, false)
	} else if list := tree.Items(s.member("examples")); len(list) > 0 {
		own.Example = short(list[0], false)
	}
	if s.name != "" && slices.Contains(f.open, s.name) {
		own.Type += ", again " + s.name
	}
	f.list = append(f.list, own)
}

// below describes the parts of a schema whose line is parent.
func (f *flattener) below(s schema, parent Field) {
	if parent.Depth >= deepest || len(f.list) >= mostFields {
		return
	}
	if s.name != "" {
		if slices.Contains(f.open, s.name) {
			return
		}
		f.open = append(f.open, s.name)
		defer func() { f.open = f.open[:len(f.open)-1] }()
	}
	required := s.required()
	for _, part := range s.parts {
		tree.Members(tree.Member(part, "properties"), func(name string, n *tree.Node) {
			f.member(n, Field{Path: join(parent.Path, name), Name: name, Depth: parent.Depth + 1, Required: required[name]})
		})
	}
	if extra := s.member("additionalProperties"); isMapping(extra) {
		f.member(extra, Field{Path: join(parent.Path, "{name}"), Name: "{name}", Depth: parent.Depth + 1})
	}
	if items := s.member("items"); isMapping(items) {
		f.items(f.merged(items), Field{Path: parent.Path + "[]", Depth: parent.Depth})
	}
	f.options(s, parent)
}

func (f *flattener) member(n *tree.Node, own Field) {
	if len(f.list) >= mostFields {
		return
	}
	s := f.merged(n)
	f.line(s, own)
	f.below(s, own)
}

// items describes what a list holds; its type stands in the line of the list already.
func (f *flattener) items(s schema, own Field) {
	f.below(s, own)
}

// options describes the objects of a choice; other alternatives are in the type already.
func (f *flattener) options(s schema, parent Field) {
	choices := s.alternatives()
	for i, n := range choices {
		one := f.merged(n)
		if len(choices) == 1 {
			f.below(one, parent)
			return
		}
		if !f.hasParts(one) {
			continue
		}
		name := one.text("title")
		if name == "" {
			name = one.name
		}
		if name == "" {
			name = "option " + strconv.Itoa(i+1)
		}
		own := Field{Path: parent.Path, Name: name, Depth: parent.Depth + 1, Option: true}
		f.line(one, own)
		f.below(one, own)
	}
}

// hasParts says whether there is more to say of a schema than its type.
func (f *flattener) hasParts(s schema) bool {
	return s.member("properties") != nil || isMapping(s.member("items")) || isMapping(s.member("additionalProperties")) || len(s.alternatives()) > 0
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
