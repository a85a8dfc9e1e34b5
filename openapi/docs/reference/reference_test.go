package reference_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi/docs/reference"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// documents are the repository's own, and the ones in the folder PONTAGE_APIS names.
func documents(t testing.TB) map[string][]byte {
	t.Helper()
	files := []string{"../../token/openapi.yaml", "../../../catalog/testdata/library.json", "../../../catalog/testdata/weather.yaml"}
	if folder := os.Getenv("PONTAGE_APIS"); folder != "" {
		more, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil || len(more) == 0 {
			t.Fatalf("PONTAGE_APIS=%s has no documents: %v", folder, err)
		}
		files = append(files, more...)
	}
	all := map[string][]byte{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(file)] = data
	}
	return all
}

func read(t testing.TB, document string) *reference.Reference {
	t.Helper()
	ref, err := reference.Read([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// Whoever copies an example from the documentation must get past validation with it, and find every operation under a name of its own.
func TestEveryOperationHasValidExamples(t *testing.T) {
	for name, data := range documents(t) {
		ref, slugs := read(t, string(data)), map[string]bool{}
		if len(ref.Operations) == 0 || len(ref.Servers) == 0 {
			t.Errorf("%s: %d operations, %d servers", name, len(ref.Operations), len(ref.Servers))
		}
		for _, o := range ref.Operations {
			where := fmt.Sprint(name, " ", o.Method, " ", o.Path)
			if slugs[o.Slug] || o.Slug == "" || o.Summary == "" {
				t.Errorf("%s: slug %q, summary %q", where, o.Slug, o.Summary)
			}
			slugs[o.Slug] = true
			for _, p := range o.Parameters {
				if p.Example == nil || p.Type == "" {
					t.Errorf("%s: parameter %s has no example or no type", where, p.Name)
				}
			}
			checkContents(t, where, o)
		}
	}
}

func checkContents(t *testing.T, where string, o reference.Operation) {
	t.Helper()
	var all []reference.Content
	if o.Body != nil {
		all = append(all, o.Body.Content...)
	}
	for _, a := range o.Answers {
		all = append(all, a.Content...)
	}
	for _, c := range all {
		if !c.Valid || len(c.Example) == 0 {
			t.Errorf("%s: the example of %s is not valid: %s", where, c.Type, c.Example)
		}
		if c.JSON() && !json.Valid(c.Example) {
			t.Errorf("%s: not JSON: %s", where, c.Example)
		}
		for _, f := range c.Fields {
			if f.Type == "" || f.Name == "" && f.Path != "" {
				t.Errorf("%s: field %+v", where, f)
			}
		}
	}
}

const head = `{"openapi":"3.0.3","info":{"title":"T","version":"1"},"servers":[{"url":"https://{h}.example.com/","variables":{"h":{"default":"api"}}}],`

const shop = head + `"security":[{"key":[]}],"tags":[{"name":"b"}],
"paths":{"/z/{id}":{"parameters":[{"$ref":"#/components/parameters/Id"}],"put":{"tags":["a"],"operationId":"putThing",
	"parameters":[{"name":"tags","in":"query","schema":{"type":"array","items":{"type":"string"}},"example":["x","y"]}],
	"requestBody":{"required":true,"content":{"text/plain":{"schema":{"type":"string"}},"application/json":{"schema":{"$ref":"#/components/schemas/Thing"}}}},
	"responses":{"204":{"description":"Done."},"4XX":{"description":"Not done.","content":{"application/json":{"schema":{"oneOf":[{"$ref":"#/components/schemas/Thing"},{"type":"array","items":{"type":"integer"}}]}}}}}},
	"get":{"security":[],"responses":{"default":{"description":"All."}}}},
"/a":{"post":{"responses":{"200":{"description":"x"}}},"get":{"responses":{"200":{"description":"x"}}}}},
"components":{"securitySchemes":{"key":{"type":"apiKey","in":"header","name":"X-Key"}},
"parameters":{"Id":{"name":"id","in":"path","required":true,"schema":{"type":"integer","minimum":7}}},
"schemas":{"Base":{"type":"object","required":["zeta"],"properties":{"zeta":{"type":"string","maxLength":3,"example":"z"}}},
"Thing":{"allOf":[{"$ref":"#/components/schemas/Base"},{"type":"object","properties":{
	"alpha":{"type":"integer","nullable":true,"readOnly":true},
	"parts":{"type":"array","maxItems":2,"items":{"$ref":"#/components/schemas/Thing"}},
	"prices":{"type":"object","additionalProperties":{"type":"number"}},
	"state":{"type":"string","enum":["on","off"]}}}]}}}}`

// The reference reads like the document: in its order, with what path and document say for all their operations.
func TestTheModelFollowsTheDocument(t *testing.T) {
	ref := read(t, shop)
	var names []string
	for _, o := range ref.Operations {
		names = append(names, o.Slug)
	}
	if diff := cmp.Diff([]string{"put-thing", "get-z-id", "post-a", "get-a"}, names); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]reference.Tag{{Name: "b"}, {Name: "a"}}, ref.Tags); diff != "" {
		t.Error(diff)
	}
	if ref.Servers[0].URL != "https://api.example.com" {
		t.Errorf("server %q", ref.Servers[0].URL)
	}
	put, get := ref.Operations[0], ref.Operations[1]
	if diff := cmp.Diff([][]string{{"key"}}, put.Security); diff != "" || len(get.Security) != 0 {
		t.Errorf("%s %v", diff, get.Security)
	}
	if p := put.Parameters; len(p) != 2 || p[0].Name != "id" || fmt.Sprint(p[0].Example) != "7" || p[0].Offered || !p[1].Offered || !p[1].Explode {
		t.Errorf("parameters %+v", p)
	}
	if c := put.Body.Content; c[0].Type != "application/json" || !strings.HasPrefix(string(c[0].Example), `{"zeta":"z","parts":[`) {
		t.Errorf("body %+v %s", c, c[0].Example)
	}
}

// The fields of a body are one flat list that ends, however the schema contains itself.
func TestFieldsAreFlat(t *testing.T) {
	put := read(t, shop).Operations[0]
	got := ""
	for _, f := range put.Body.Content[0].Fields {
		got += fmt.Sprintf("%d %s: %s %v required=%v null=%v read=%v\n", f.Depth, f.Path, f.Type, f.Rules, f.Required, f.Nullable, f.ReadOnly)
	}
	want := `0 zeta: string [at most 3 characters] required=true null=false read=false
0 alpha: integer [] required=false null=true read=true
0 parts: array of object [at most 2 items] required=false null=false read=false
0 prices: map of number [] required=false null=false read=false
1 prices.{name}: number [] required=false null=false read=false
0 state: string [one of "on", "off"] required=false null=false read=false
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	options := 0
	for _, f := range put.Answers[1].Content[0].Fields {
		if f.Option {
			options++
		}
	}
	if options != 2 {
		t.Errorf("%d options in %+v", options, put.Answers[1].Content[0].Fields)
	}
}

// What an import repairs is repaired here too, and what it rejects is rejected, with the place.
func TestReadRepairsAndRejectsAsAnImport(t *testing.T) {
	ref := read(t, head+`"paths":{"/b/{id}":{"get":{"responses":{"200":{"description":"x"}}}}}}`)
	if p := ref.Operations[0].Parameters; len(p) != 1 || p[0].Name != "id" {
		t.Errorf("parameters %+v", p)
	}
	text, err := tree.JSON(ref.Root)
	if err != nil || !strings.Contains(string(text), `"in":"path"`) || !strings.HasPrefix(string(text), `{"openapi":`) {
		t.Errorf("%v %s", err, text)
	}
	for document, pointer := range map[string]string{
		head + `"paths":{"/b":{"get":{"responses":{"200":{"$ref":"#/components/responses/none"}}}}}}`: "/paths/~1b/get/responses/200/$ref",
		`{"openapi":"2.0"}`: "/openapi",
		`{`:                 "",
	} {
		_, err := reference.Read([]byte(document))
		var e *pontage.Error
		if !errors.As(err, &e) || e.Code != pontage.InvalidInput || e.Field != pointer {
			t.Errorf("%s: %v", document, err)
		}
	}
}

// A document may be anything a stranger wrote: it must be answered, never crash, and always read the same.
func FuzzRead(f *testing.F) {
	f.Add([]byte(shop))
	for _, data := range documents(f) {
		if len(data) < 30_000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		one, err := reference.Read(data)
		if err != nil {
			return
		}
		other, err := reference.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(one.Operations, other.Operations); diff != "" {
			t.Error(diff)
		}
	})
}
