package reference

import (
	"slices"
	"strings"

	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi/docs/tree"
)

func (r *reader) body(o Operation, n *tree.Node) *Body {
	if n == nil {
		return nil
	}
	return &Body{Description: text(n, "description"), Required: tree.IsTrue(tree.Member(n, "required")),
		Content: r.content(n, func(contentType string) (catalog.Example, bool) { return r.Request(o.Method, o.Path, contentType) })}
}

func (r *reader) answer(o Operation, status string, n *tree.Node) Answer {
	a := Answer{Status: status, Description: text(n, "description"),
		Content: r.content(n, func(contentType string) (catalog.Example, bool) {
			return r.Answer(o.Method, o.Path, status, contentType)
		})}
	tree.Members(tree.Member(n, "headers"), func(name string, header *tree.Node) {
		h := r.parameter(r.follow(header))
		h.Name, h.In = name, "header"
		a.Headers = append(a.Headers, h)
	})
	return a
}

// content lists the content types of a body, JSON first, and asks for an example of each.
func (r *reader) content(n *tree.Node, example func(string) (catalog.Example, bool)) (list []Content) {
	tree.Members(tree.Member(n, "content"), func(contentType string, media *tree.Node) {
		schema := tree.Member(r.follow(media), "schema")
		c := Content{Type: contentType, Fields: r.fields(schema)}
		if e, ok := example(contentType); ok {
			c.Example, c.Valid, c.Generated = e.Body, e.Valid, e.Generated
		}
		if (c.JSON() || c.Multipart()) && len(c.Example) > 0 {
			c.Example = r.arranged(c.Example, schema)
		}
		if c.Multipart() {
			c.Parts = r.parts(c.Example, schema)
		}
		list = append(list, c)
	})
	slices.SortStableFunc(list, func(a, b Content) int { return rank(a.Type) - rank(b.Type) })
	return list
}

func rank(contentType string) int {
	if (Content{Type: contentType}).JSON() {
		return 0
	}
	return 1
}

// JSON says whether bodies of this content type are JSON.
func (c Content) JSON() bool {
	base := c.base()
	return base == "application/json" || strings.HasSuffix(base, "+json") || base == "*/*"
}
