package reference

import (
	"strconv"
	"strings"

	"github.com/pontage/pontage/openapi/docs/tree"
)

// methods are the keys of a path item that are operations.
var methods = map[string]bool{"get": true, "put": true, "post": true, "delete": true, "options": true, "head": true, "patch": true, "trace": true}

func (r *reader) operations(path string, item *tree.Node) (list []Operation) {
	tree.Members(item, func(method string, n *tree.Node) {
		if methods[method] {
			list = append(list, r.operation(strings.ToUpper(method), path, item, n))
		}
	})
	return list
}

func (r *reader) operation(method, path string, item, n *tree.Node) Operation {
	o := Operation{ID: text(n, "operationId"), Method: method, Path: path, Summary: text(n, "summary"),
		Description: text(n, "description"), Deprecated: tree.IsTrue(tree.Member(n, "deprecated")), Security: r.security(n)}
	o.Slug = r.slug(o)
	if o.Summary == "" {
		o.Summary = method + " " + path
	}
	for _, tag := range tree.Items(tree.Member(n, "tags")) {
		o.Tags = append(o.Tags, tree.Value(tag))
	}
	o.Parameters = r.parameters(o, item, n)
	o.Body = r.body(o, r.follow(tree.Member(n, "requestBody")))
	tree.Members(tree.Member(n, "responses"), func(status string, answer *tree.Node) {
		if !strings.HasPrefix(status, "x-") {
			o.Answers = append(o.Answers, r.answer(o, status, r.follow(answer)))
		}
	})
	return o
}

// security is the operation's own, else the document's.
func (r *reader) security(n *tree.Node) [][]string {
	list := tree.Member(n, "security")
	if list == nil {
		list = tree.Member(r.root, "security")
	}
	var all [][]string
	for _, together := range tree.Items(list) {
		set := []string{}
		tree.Members(together, func(name string, _ *tree.Node) { set = append(set, name) })
		all = append(all, set)
	}
	return all
}

// slug makes the operation's name for addresses.
func (r *reader) slug(o Operation) string {
	base := plain(o.ID)
	if base == "" {
		base = plain(strings.ToLower(o.Method) + " " + o.Path)
	}
	slug := base
	for i := 2; r.slugs[slug]; i++ {
		slug = base + "-" + strconv.Itoa(i)
	}
	r.slugs[slug] = true
	return slug
}

// plain keeps lower-case letters, digits and "_"; a capital within a word becomes "-" and its small letter, everything else one "-".
func plain(name string) string {
	var out strings.Builder
	gap := false
	for i, c := range []byte(name) {
		capital := c >= 'A' && c <= 'Z'
		if capital {
			gap = gap || i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z'
			c += 'a' - 'A'
		}
		if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			gap = true
			continue
		}
		if gap && out.Len() > 0 {
			out.WriteByte('-')
		}
		gap = false
		out.WriteByte(c)
	}
	return out.String()
}
