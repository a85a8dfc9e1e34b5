package reference

import (
	"slices"
	"strings"

	"github.com/pontage/pontage/openapi/docs/tree"
)

// typeName says the type in words.
func (r *reader) typeName(s schema, depth int) string {
	types := s.types()
	switch {
	case depth > 3 || len(s.parts) == 0:
		return "any"
	case len(types) == 1:
		return r.oneType(types[0], s, depth)
	case len(types) > 1:
		return strings.Join(types, " or ")
	}
	if choices := s.alternatives(); len(choices) > 0 {
		return r.choiceName(choices, depth)
	}
	switch {
	case s.member("properties") != nil || s.member("additionalProperties") != nil:
		return r.oneType("object", s, depth)
	case s.member("items") != nil:
		return r.oneType("array", s, depth)
	}
	return "any"
}

func (r *reader) oneType(name string, s schema, depth int) string {
	format := s.text("format")
	switch {
	case name == "array" && s.member("items") != nil:
		return "array of " + r.typeName(r.merged(s.member("items")), depth+1)
	case name == "object" && s.member("properties") == nil && isMapping(s.member("additionalProperties")):
		return "map of " + r.typeName(r.merged(s.member("additionalProperties")), depth+1)
	case name == "string" && format != "" || name != "object" && name != "array" && format != "" && !strings.HasPrefix(format, "int"):
		return name + " (" + format + ")"
	}
	return name
}

// choiceName joins the types of a choice, or calls it one where they are all objects.
func (r *reader) choiceName(choices []*tree.Node, depth int) string {
	var names []string
	for _, n := range choices {
		if name := r.typeName(r.merged(n), depth+1); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

func isMapping(n *tree.Node) bool { return n != nil && len(n.Content) > 0 }

// bound is a keyword whose number says what a value must keep to.
type bound struct{ keyword, before, after string }

var bounds = []bound{
	{"minimum", "at least ", ""}, {"maximum", "at most ", ""}, {"exclusiveMinimum", "more than ", ""}, {"exclusiveMaximum", "less than ", ""},
	{"multipleOf", "a multiple of ", ""}, {"minLength", "at least ", " characters"}, {"maxLength", "at most ", " characters"},
	{"minItems", "at least ", " items"}, {"maxItems", "at most ", " items"}, {"minProperties", "at least ", " members"},
	{"maxProperties", "at most ", " members"}, {"pattern", "matches ", ""}, {"default", "default ", ""}, {"const", "always ", ""},
}

// rules says what a value must keep to, each rule once.
func (r *reader) rules(s schema) (list []string) {
	for _, b := range bounds {
		n := s.member(b.keyword)
		if n == nil || n.Tag == "!!bool" && strings.HasPrefix(b.keyword, "exclusive") {
			continue
		}
		before := b.before
		if b.keyword == "minimum" && s.is("exclusiveMinimum") {
			before = "more than "
		}
		if b.keyword == "maximum" && s.is("exclusiveMaximum") {
			before = "less than "
		}
		list = append(list, before+short(n, b.keyword == "pattern")+b.after)
	}
	if s.is("uniqueItems") {
		list = append(list, "no item twice")
	}
	if allowed := tree.Items(s.member("enum")); len(allowed) > 0 {
		list = append(list, "one of "+choices(allowed))
	}
	return list
}

func choices(allowed []*tree.Node) string {
	const most = 60
	var names []string
	for _, n := range allowed[:min(len(allowed), most)] {
		names = append(names, short(n, false))
	}
	if len(allowed) > most {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

// short is a value as JSON, cut where it is long; bare is a text without its quotes.
func short(n *tree.Node, bare bool) string {
	const most = 200
	data, err := tree.JSON(n)
	value := string(data)
	if err != nil {
		value = n.Value
	}
	if bare {
		value = n.Value
	}
	if len(value) > most {
		value = strings.ToValidUTF8(value[:most], "") + "…"
	}
	return value
}
