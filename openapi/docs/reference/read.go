package reference

import (
	"strings"

	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// Read reads a document of OpenAPI 3.0 or 3.1, JSON or YAML. InvalidInput, with the JSON pointer of the fault as its field, where an
// import would reject it.
func Read(document []byte) (*Reference, error) {
	reading, err := catalog.Read(catalog.Document{Data: document})
	if err != nil {
		return nil, err
	}
	source, err := tree.Parse(document)
	if err != nil {
		return nil, err
	}
	r := &reader{Reading: reading, root: tree.Of(reading.Tree(), source), slugs: map[string]bool{}}
	return r.reference(), nil
}

// reader makes one reference.
type reader struct {
	*catalog.Reading
	root  *tree.Node
	slugs map[string]bool
}

// follow resolves references.
func (r *reader) follow(n *tree.Node) *tree.Node { return tree.Follow(r.root, n) }

func text(n *tree.Node, key string) string {
	return strings.TrimSpace(tree.Value(tree.Member(n, key)))
}

func (r *reader) reference() *Reference {
	info := tree.Member(r.root, "info")
	license := tree.Member(info, "license")
	ref := &Reference{Title: text(info, "title"), Version: text(info, "version"), Description: text(info, "description"),
		License: Link{text(license, "name"), text(license, "url")}, Root: r.root}
	for _, s := range tree.Items(tree.Member(r.root, "servers")) {
		ref.Servers = append(ref.Servers, serverOf(s))
	}
	tree.Members(tree.At(r.root, "components", "securitySchemes"), func(name string, n *tree.Node) {
		ref.Schemes = append(ref.Schemes, schemeOf(name, r.follow(n)))
	})
	tree.Members(tree.Member(r.root, "paths"), func(path string, item *tree.Node) {
		ref.Operations = append(ref.Operations, r.operations(path, r.follow(item))...)
	})
	ref.Tags = r.tags(ref.Operations)
	return ref
}

func serverOf(n *tree.Node) Server {
	url := text(n, "url")
	tree.Members(tree.Member(n, "variables"), func(name string, variable *tree.Node) {
		url = strings.ReplaceAll(url, "{"+name+"}", text(variable, "default"))
	})
	return Server{URL: strings.TrimRight(url, "/"), Description: text(n, "description")}
}

func schemeOf(name string, n *tree.Node) Scheme {
	return Scheme{Name: name, Type: text(n, "type"), Description: text(n, "description"),
		Scheme: strings.ToLower(text(n, "scheme")), In: text(n, "in"), Parameter: text(n, "name")}
}

// tags lists the declared ones first and then those only operations name.
func (r *reader) tags(operations []Operation) []Tag {
	var tags []Tag
	known := map[string]bool{}
	add := func(t Tag) {
		if !known[t.Name] {
			known[t.Name] = true
			tags = append(tags, t)
		}
	}
	for _, n := range tree.Items(tree.Member(r.root, "tags")) {
		add(Tag{text(n, "name"), text(n, "description")})
	}
	for _, o := range operations {
		for _, name := range o.Tags {
			add(Tag{Name: name})
		}
	}
	return tags
}
