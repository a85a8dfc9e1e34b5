package reference

import (
	"strings"

	"github.com/pontage/pontage/openapi/docs/tree"
)

// deepest bounds how far schemas are followed, mostFields how many lines one body has.
const (
	deepest    = 12
	mostFields = 1500
)

// schema is a schema with its references followed and its allOf laid together, as far as people need it.
type schema struct {
	// parts are the schema itself and what it is made of; what stands first is said first.
	parts []*tree.Node
	// name is that of the component, where it is one.
	name string
}

// merged follows a schema.
func (r *reader) merged(n *tree.Node) schema {
	s := schema{}
	r.collect(&s, n, 0)
	return s
}

func (r *reader) collect(s *schema, n *tree.Node, depth int) {
	for ; n != nil && depth <= deepest; depth++ {
		ref := tree.Value(tree.Member(n, "$ref"))
		if ref == "" {
			break
		}
		if s.name == "" {
			s.name = ref[strings.LastIndexByte(ref, '/')+1:]
		}
		if len(n.Content) > 2 { // 3.1 lets a description stand beside the reference
			s.parts = append(s.parts, n)
		}
		n = r.follow(tree.Object("$ref", tree.Text(ref)))
	}
	if n == nil || depth > deepest {
		return
	}
	s.parts = append(s.parts, n)
	parts := tree.Items(tree.Member(n, "allOf"))
	for _, part := range parts {
		inner := schema{name: s.name}
		if len(parts) == 1 {
			inner.name = ""
		}
		r.collect(&inner, part, depth+1)
		if len(parts) == 1 && s.name == "" {
			s.name = inner.name
		}
		s.parts = append(s.parts, inner.parts...)
	}
}

// member gives the first that says something of key, nil where none does.
func (s schema) member(key string) *tree.Node {
	for _, part := range s.parts {
		if n := tree.Member(part, key); n != nil {
			return n
		}
	}
	return nil
}

func (s schema) text(key string) string { return strings.TrimSpace(tree.Value(s.member(key))) }
func (s schema) is(key string) bool     { return tree.IsTrue(s.member(key)) }

// types are the types it allows, "null" left out.
func (s schema) types() []string {
	n := s.member("type")
	if one := tree.Value(n); one != "" && one != "null" {
		return []string{one}
	}
	var list []string
	for _, item := range tree.Items(n) {
		if v := tree.Value(item); v != "null" && v != "" {
			list = append(list, v)
		}
	}
	return list
}

// nullable knows both versions' ways to say it.
func (s schema) nullable() bool {
	if s.is("nullable") {
		return true
	}
	for _, item := range append(tree.Items(s.member("type")), s.member("type")) {
		if item != nil && item.Value == "null" {
			return true
		}
	}
	for _, n := range append(tree.Items(s.member("oneOf")), tree.Items(s.member("anyOf"))...) {
		if isNull(n) {
			return true
		}
	}
	return false
}

func isNull(n *tree.Node) bool {
	kind := tree.Member(n, "type")
	return kind != nil && kind.Value == "null"
}

// alternatives are the choices of oneOf and anyOf but null.
func (s schema) alternatives() []*tree.Node {
	var list []*tree.Node
	for _, part := range s.parts {
		for _, key := range []string{"oneOf", "anyOf"} {
			for _, n := range tree.Items(tree.Member(part, key)) {
				if !isNull(n) {
					list = append(list, n)
				}
			}
		}
	}
	return list
}

// required are the names of the members that must be there.
func (s schema) required() map[string]bool {
	names := map[string]bool{}
	for _, part := range s.parts {
		for _, n := range tree.Items(tree.Member(part, "required")) {
			names[tree.Value(n)] = true
		}
	}
	return names
}
