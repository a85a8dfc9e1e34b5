package samples

import (
	"bytes"
	"embed"
	"fmt"
	"strings"
	"text/template"

	"github.com/pontage/pontage/openapi/docs/reference"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// Sample is one request as a program.
type Sample struct {
	// Lang is the language as viewers of x-codeSamples know it: "Shell", "JavaScript", "Python", "Go" or "PHP".
	Lang string
	// Label tells the samples of one operation apart.
	Label  string
	Source string
}

// language is one way to write a request.
type language struct{ lang, label, template string }

// languages come in the order they are shown.
var languages = []language{
	{"Shell", "curl", "curl.tmpl"}, {"JavaScript", "JavaScript", "javascript.tmpl"}, {"Python", "Python", "python.tmpl"},
	{"Go", "Go", "go.tmpl"}, {"PHP", "PHP", "php.tmpl"},
}

//go:embed *.tmpl
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"shell": shell, "text": text, "quote": quote, "golang": golang, "php": php, "indent": indent, "python": python,
}).ParseFS(files, "*.tmpl"))

// Of writes an operation in every language with the first way to authenticate the document names, and with curl in each other way.
// The requests go to the document's first server. They hold what must be there, and the body.
func Of(ref *reference.Reference, o reference.Operation) []Sample {
	r := requestOf(ref, o)
	ways := authorizations(ref, o)
	var list []Sample
	for _, l := range languages {
		r.Authorization = ways[0]
		list = append(list, Sample{l.lang, l.label, l.write(r)})
		if l.lang != "Shell" {
			continue
		}
		for _, way := range ways[1:] {
			r.Authorization = way
			list = append(list, Sample{l.lang, l.label + " with " + way.article(), l.write(r)})
		}
	}
	return list
}

func (l language) write(r request) string {
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, l.template, r); err != nil {
		panic(err) // the templates are ours, and writing to memory does not fail
	}
	return strings.TrimRight(out.String(), "\n")
}

// Add gives a copy of the document in which every operation has its samples as x-codeSamples.
func Add(ref *reference.Reference) (*tree.Node, error) {
	root, err := tree.Copy(ref.Root)
	if err != nil {
		return nil, fmt.Errorf("samples: %w", err)
	}
	paths := tree.Member(root, "paths")
	for _, o := range ref.Operations {
		var list []*tree.Node
		for _, s := range Of(ref, o) {
			list = append(list, tree.Object("lang", tree.Text(s.Lang), "label", tree.Text(s.Label), "source", tree.Text(s.Source)))
		}
		if n := tree.Member(tree.Follow(root, tree.Member(paths, o.Path)), strings.ToLower(o.Method)); n != nil {
			tree.Set(n, "x-codeSamples", tree.List(list...))
		}
	}
	return root, nil
}
