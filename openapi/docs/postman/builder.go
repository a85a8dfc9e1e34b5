package postman

import (
	"slices"
	"strings"

	"github.com/pontage/pontage/openapi/docs/reference"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// builder knows what the requests of one document share.
type builder struct {
	ref     *reference.Reference
	schemes map[string]reference.Scheme
	// remembered are the variables that some request sets.
	remembered map[string]bool
}

// step is one request: an operation, and what is particular to it here.
type step struct {
	reference.Operation
	name string
	// security is the scheme it is shown with, empty for none.
	security string
	// remember has variables and the pointers of their values in the answer, in order.
	remember []memory
	// must says that it succeeds wherever it stands in the order.
	must bool
}

type memory struct{ variable, pointer string }

type group struct {
	name, description string
	steps             []step
}

func newBuilder(ref *reference.Reference) *builder {
	b := &builder{ref: ref, schemes: map[string]reference.Scheme{}, remembered: map[string]bool{}}
	for _, s := range ref.Schemes {
		b.schemes[s.Name] = s
	}
	for _, f := range b.folders() {
		for _, s := range f.steps {
			for _, m := range s.remember {
				b.remembered[m.variable] = true
			}
		}
	}
	return b
}

// folders are the walkthrough and then one per tag; operations without a tag come last.
func (b *builder) folders() []group {
	var all []group
	if walk := b.walkthrough(); len(walk.steps) > 0 {
		all = append(all, walk)
	}
	for _, tag := range append(slices.Clone(b.ref.Tags), reference.Tag{}) {
		f := group{name: tag.Name, description: tag.Description}
		if tag.Name == "" {
			f.name = "Other"
		}
		for _, o := range b.ref.Operations {
			if len(o.Tags) > 0 && o.Tags[0] == tag.Name || len(o.Tags) == 0 && tag.Name == "" {
				f.steps = append(f.steps, b.plain(o))
			}
		}
		if len(f.steps) > 0 {
			all = append(all, f)
		}
	}
	return all
}

// plain is an operation as the document describes it.
func (b *builder) plain(o reference.Operation) step {
	s := step{Operation: o, name: o.Summary}
	if len(o.Security) > 0 && len(o.Security[0]) > 0 {
		s.security = o.Security[0][0]
	}
	item := tree.Follow(b.ref.Root, tree.At(b.ref.Root, "paths", o.Path))
	s.remember = memories(tree.At(item, strings.ToLower(o.Method), "x-remember"))
	return s
}

func (b *builder) walkthrough() group {
	walk := tree.Member(b.ref.Root, "x-walkthrough")
	f := group{name: tree.Value(tree.Member(walk, "name")), description: tree.Value(tree.Member(walk, "description"))}
	for _, n := range tree.Items(tree.Member(walk, "steps")) {
		at := slices.IndexFunc(b.ref.Operations, func(o reference.Operation) bool {
			return o.ID == tree.Value(tree.Member(n, "operation"))
		})
		if at < 0 {
			continue
		}
		s := b.plain(b.ref.Operations[at])
		s.must = true
		if name := tree.Value(tree.Member(n, "name")); name != "" {
			s.name = name
		}
		if scheme := tree.Value(tree.Member(n, "security")); scheme != "" {
			s.security = scheme
		}
		if remember := tree.Member(n, "remember"); remember != nil {
			s.remember = memories(remember)
		}
		f.steps = append(f.steps, s)
	}
	return f
}

func memories(n *tree.Node) (list []memory) {
	tree.Members(n, func(name string, pointer *tree.Node) {
		list = append(list, memory{name, tree.Value(pointer)})
	})
	return list
}

// variableOf names the variable of a path parameter: its own name, or for a bare "id" what stands before it, as in /scopes/{id}.
func variableOf(o reference.Operation, parameter string) string {
	if parameter != "id" {
		return parameter
	}
	before, _, _ := strings.Cut(o.Path, "/{id}")
	thing := before[strings.LastIndexByte(before, '/')+1:]
	if thing = strings.TrimSuffix(thing, "s"); thing == "" || strings.ContainsAny(thing, "{}") {
		return parameter
	}
	return thing + "Id"
}

// variables are what a collection starts with: its server, and an example for each path parameter.
func (b *builder) variables() []variable {
	list := []variable{{Key: "baseUrl", Value: b.baseURL(), Type: "string"}}
	known := map[string]bool{"baseUrl": true}
	for _, o := range b.ref.Operations {
		for _, p := range o.Parameters {
			if name := variableOf(o, p.Name); p.In == "path" && !known[name] {
				known[name] = true
				list = append(list, variable{Key: name, Value: strings.Join(p.Texts(), ","), Type: "string"})
			}
		}
	}
	return list
}

func (b *builder) baseURL() string {
	if len(b.ref.Servers) == 0 {
		return ""
	}
	return b.ref.Servers[0].URL
}
