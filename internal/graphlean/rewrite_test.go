package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// generated reads what is committed.
func generated(t *testing.T) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../../graph/generated/*.generated.go")
	if err != nil || len(names) < 10 {
		t.Fatal(names, err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		if files[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// dear is what must be rewritten; a field with a directive keeps gqlgen's way.
var dear = regexp.MustCompile(`MarshalSliceConcurrently\(|graphql\.NewFieldSet\(|ProcessDeferredGroup\(|BuildUnmarshalerMap\(|` +
	`\(any, error\) \{\n\t\t\treturn obj\.[^\n]*\n\t\t\},\n\t\tnil,`)

// What is committed must be rewritten throughout: where one place kept gqlgen's way, a page of a hundred entries would pay for it.
func TestWhatIsCommittedIsLean(t *testing.T) {
	for name, text := range generated(t) {
		if found := dear.Find(text); found != nil {
			t.Errorf("%s holds %q", filepath.Base(name), found)
		}
	}
}

// Another version of gqlgen writes other code. Then nothing must be half rewritten in silence.
func TestWhatFitsNowhereIsAnError(t *testing.T) {
	files := generated(t)
	before := maps.Clone(files)
	err := rewrite(files)
	if err == nil {
		t.Fatal("what is rewritten is rewritten again")
	}
	for _, e := range edits {
		if !strings.Contains(err.Error(), e.name) {
			t.Errorf("%q is not missed", e.name)
		}
	}
	for name := range files {
		if string(files[name]) != string(before[name]) {
			t.Errorf("%s was changed", name)
		}
	}
}

// Each kind of edit, on the smallest code that holds it.
func TestEditsKeepWhatIsThere(t *testing.T) {
	for _, e := range edits {
		sample := placeholder.ReplaceAllStringFunc(e.before, func(name string) string { return "X" + strings.Trim(name, "<>") })
		files := map[string][]byte{"a": []byte("before\n" + sample + "after\n")}
		want := placeholder.ReplaceAllStringFunc(e.after, func(name string) string { return "X" + strings.Trim(name, "<>") })
		if n := e.make(files); n != 1 || string(files["a"]) != "before\n"+want+"after\n" {
			t.Errorf("%s: %d times, %s", e.name, n, files["a"])
		}
	}
}

func TestObjectsInListsAreNotCopied(t *testing.T) {
	files := map[string][]byte{"a": []byte(`
func (ec *executionContext) marshalNThing2Thing(ctx context.Context, sel ast.SelectionSet, v Thing) graphql.Marshaler {
	return ec._Thing(ctx, sel, &v)
}
		return ec.marshalNThing2Thing(ctx, sel, v[i])
		return ec.marshalNThing2Thing(ctx, sel, obj.Made())
		return ec.marshalNOther2Other(ctx, sel, v[i])
`)}
	byPointer(files)
	for _, want := range []string{"return ec._Thing(ctx, sel, &v[i])", "marshalNThing2Thing(ctx, sel, obj.Made())", "marshalNOther2Other(ctx, sel, v[i])"} {
		if !strings.Contains(string(files["a"]), want) {
			t.Errorf("%s is missing in %s", want, files["a"])
		}
	}
}

func TestImportsAreThoseInUse(t *testing.T) {
	text, err := withImports("a.go", []byte("package p\n\nimport (\n\t\"math\"\n\tnamed \"strings\"\n\n\t\"example.com/other\"\n)\n\nvar _ = named.Cut\nvar _ = execution.List\n"))
	if err != nil || string(text) != "package p\n\nimport (\n\tnamed \"strings\"\n\n\t\"github.com/pontage/pontage/graph/execution\"\n)\n\nvar _ = named.Cut\nvar _ = execution.List\n" {
		t.Errorf("%s, %v", text, err)
	}
}
