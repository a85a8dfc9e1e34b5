package reference

import (
	"slices"

	"github.com/pontage/pontage/openapi/docs/tree"
)

// places are where parameters stand, in the order they are listed.
var places = []string{"path", "query", "header", "cookie"}

// parameters are the operation's own and those of its path that it does not replace.
func (r *reader) parameters(o Operation, item, n *tree.Node) []Parameter {
	var all []Parameter
	declared := map[string]bool{}
	for _, owner := range []*tree.Node{n, item} {
		for _, p := range tree.Items(tree.Member(owner, "parameters")) {
			p = r.follow(p)
			one := r.parameter(p)
			key := one.In + " " + one.Name
			if declared[key] || !slices.Contains(places, one.In) {
				continue
			}
			declared[key] = true
			value, offered, ok := r.Parameter(o.Method, o.Path, one.In, one.Name)
			if one.Example, one.Offered = value, offered && ok; !ok {
				one.Example = nil
			}
			all = append(all, one)
		}
	}
	slices.SortStableFunc(all, func(a, b Parameter) int {
		return slices.Index(places, a.In) - slices.Index(places, b.In)
	})
	return all
}

// parameter reads what is said of it; headers of answers are read the same way.
func (r *reader) parameter(n *tree.Node) Parameter {
	schema := r.merged(tree.Member(n, "schema"))
	p := Parameter{Name: text(n, "name"), In: text(n, "in"), Description: text(n, "description"), Style: text(n, "style"),
		Required: tree.IsTrue(tree.Member(n, "required")), Deprecated: tree.IsTrue(tree.Member(n, "deprecated")),
		Type: r.typeName(schema, 0), Rules: r.rules(schema)}
	if p.Description == "" {
		p.Description = schema.text("description")
	}
	if p.Style == "" {
		p.Style = "simple"
		if p.In == "query" || p.In == "cookie" {
			p.Style = "form"
		}
	}
	p.Explode = p.Style == "form"
	if explode := tree.Member(n, "explode"); explode != nil {
		p.Explode = tree.IsTrue(explode)
	}
	return p
}
