package samples_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage/openapi/docs/reference"
	"github.com/pontage/pontage/openapi/docs/samples"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// echo is a document of one operation whose examples hold the text wherever a text can stand.
func echo(t testing.TB, text string) *reference.Reference {
	t.Helper()
	value, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	document := fmt.Sprintf(`{"openapi":"3.0.3","info":{"title":"T","version":"1"},"servers":[{"url":"https://api.example.com"}],
"components":{"securitySchemes":{"b":{"type":"http","scheme":"bearer"}}},"security":[{"b":[]}],
"paths":{"/echo/{segment}":{"post":{"parameters":[
	{"name":"segment","in":"path","required":true,"schema":{"type":"string"},"example":%[1]s},
	{"name":"q","in":"query","required":true,"schema":{"type":"string"},"example":%[1]s},
	{"name":"X-Text","in":"header","required":true,"schema":{"type":"string"},"example":%[1]s}],
"requestBody":{"content":{"application/json":{"schema":{"type":"object"},"example":{"text":%[1]s,%[1]s:[1,2.5,true,null,{},[]],"long":12345678901234567890}}}},
"responses":{"200":{"description":"x"}}}}}}`, value)
	ref, err := reference.Read([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// nasty are texts that end a string, start another thing, or are taken apart somewhere.
var nasty = []string{"", "plain", `'`, `"`, "`", `\`, `\\'`, "$HOME $(id) `id` !!", "a\nb\r\nc", "\x00\x01\x7f", "é 😀 \u2028\u2029\ufeff",
	"JSON", "\nJSON\n", "</script>", "${x} #{x} %s %(x)s {{x}}", `";//`, "@file", "-x", "a/b;c?d#e&f=g+h", ". .. ...", "__proto__", "<?php ?>", "\u202e"}

// A sample must send the example, whatever characters it holds: here a shell and Go's parser say what a program of it holds.
func TestSamplesHoldTheValueExactly(t *testing.T) {
	for _, text := range nasty {
		checkQuoting(t, text)
	}
}

func FuzzQuoting(f *testing.F) {
	for _, text := range nasty {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if utf8.ValidString(text) {
			checkQuoting(t, text)
		}
	})
}

func checkQuoting(t *testing.T, text string) {
	t.Helper()
	ref := echo(t, text)
	all := map[string]string{}
	for _, s := range samples.Of(ref, ref.Operations[0]) {
		all[s.Lang] = s.Source
	}
	var want any
	if err := json.Unmarshal(ref.Operations[0].Body.Content[0].Example, &want); err != nil {
		t.Fatal(err)
	}
	arguments := shellArguments(t, all["Shell"])
	literals := goLiterals(t, all["Go"])
	for name, got := range map[string]string{"shell": arguments[len(arguments)-1], "Go": bodyAmong(literals)} {
		var have any
		if err := json.Unmarshal([]byte(got), &have); err != nil {
			t.Fatalf("%s with %q: %v in %q", name, text, err, got)
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s with %q: %s", name, text, diff)
		}
	}
	url := arguments[3]
	if !strings.Contains(strings.Join(literals, "\x01"), "\x01"+url+"\x01") {
		t.Errorf("with %q: the URL is %q for the shell, Go has %q", text, url, literals)
	}
	if strings.ContainsAny(url, " '\"\\\n`") {
		t.Errorf("with %q: URL %q", text, url)
	}
}

// shellArguments runs a sample with a curl that only says what it was given; the first argument is curl.
func shellArguments(t *testing.T, source string) []string {
	t.Helper()
	script := "curl() { for a in curl \"$@\"; do printf '%s\\0' \"$a\"; done; }\n" + source
	command := exec.Command("sh", "-c", script)
	command.Env = []string{"PONTAGE_TOKEN=secret"}
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, script)
	}
	return strings.Split(strings.TrimSuffix(string(output), "\x00"), "\x00")
}

// goLiterals are the strings of a program that must be as gofmt writes it.
func goLiterals(t *testing.T, source string) []string {
	t.Helper()
	formatted, err := format.Source([]byte(source + "\n"))
	if err != nil {
		t.Fatalf("%v: %s", err, source)
	}
	if diff := cmp.Diff(string(formatted), source+"\n"); diff != "" {
		t.Errorf("gofmt: %s", diff)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "main.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, text)
		}
		return true
	})
	return all
}

func bodyAmong(literals []string) string {
	for _, l := range literals {
		if strings.HasPrefix(l, "{") {
			return l
		}
	}
	return ""
}

// Every operation of every document has samples in all languages, and none holds a secret.
func TestEveryOperationHasSamples(t *testing.T) {
	files := []string{"../../token/openapi.yaml", "../../../catalog/testdata/library.json", "../../../catalog/testdata/weather.yaml"}
	if folder := os.Getenv("PONTAGE_APIS"); folder != "" {
		more, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil || len(more) == 0 {
			t.Fatalf("PONTAGE_APIS=%s has no documents: %v", folder, err)
		}
		files = append(files, more...)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ref, err := reference.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		root, err := samples.Add(ref)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range ref.Operations {
			checkOperation(t, filepath.Base(file), ref, o, root)
		}
	}
}

func checkOperation(t *testing.T, file string, ref *reference.Reference, o reference.Operation, root *tree.Node) {
	t.Helper()
	languages := map[string]int{}
	for _, s := range samples.Of(ref, o) {
		languages[s.Lang]++
		if s.Lang == "Go" {
			goLiterals(t, s.Source)
		}
		if s.Lang == "Shell" && shellArguments(t, s.Source)[0] != "curl" {
			t.Errorf("%s %s: %s", file, o.Slug, s.Source)
		}
		if len(o.Security) > 0 && !strings.Contains(s.Source, "PONTAGE_") {
			t.Errorf("%s %s: the sample shows no credentials: %s", file, o.Slug, s.Source)
		}
	}
	if len(languages) != 5 || languages["Shell"] != max(1, len(o.Security)) {
		t.Errorf("%s %s: %v", file, o.Slug, languages)
	}
	added := tree.Items(tree.At(root, "paths", o.Path, strings.ToLower(o.Method), "x-codeSamples"))
	if len(added) != len(samples.Of(ref, o)) {
		t.Errorf("%s %s: the document has %d samples", file, o.Slug, len(added))
	}
}
