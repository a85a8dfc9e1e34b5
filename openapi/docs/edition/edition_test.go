package edition_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage/openapi/docs/edition"
	"github.com/pontage/pontage/openapi/docs/tree"
)

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

// Tools read every edition, and the YAML says what the JSON says.
func TestEditionsAreDocuments(t *testing.T) {
	for name, data := range documents(t) {
		e, err := edition.Rehosted(data, "https://gateway.example.com/apis/x")
		if err != nil {
			t.Fatal(err)
		}
		for version, pair := range map[string][2][]byte{"3.0.": {e.JSON, e.YAML}, "3.1.": {e.Newer, e.NewerYAML}} {
			checkDocument(t, name, pair[0])
			n, err := tree.Parse(pair[1])
			if err != nil {
				t.Fatal(err)
			}
			asJSON, err := tree.JSON(n)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(pair[0]), string(asJSON)); diff != "" {
				t.Errorf("%s: YAML differs", name)
			}
			if is := tree.Value(tree.Member(n, "openapi")); !strings.HasPrefix(is, version) && !strings.HasPrefix(is, "3.1.") {
				t.Errorf("%s: version %s, want %s", name, is, version)
			}
		}
	}
}

func checkDocument(t *testing.T, name string, data []byte) {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := doc.Validate(t.Context(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaPatternValidation()); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if len(doc.Servers) != 1 || doc.Servers[0].URL != "https://gateway.example.com/apis/x" || len(doc.Components.SecuritySchemes) != 1 {
		t.Errorf("%s: servers %v, schemes %v", name, doc.Servers, doc.Components.SecuritySchemes)
	}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			if o.Security != nil || o.Servers != nil || o.Extensions["x-codeSamples"] == nil {
				t.Errorf("%s: %s %s has security or servers of its own, or no samples", name, method, path)
			}
		}
	}
}

// What 3.0 said in its own words is said in JSON Schema's, and names that look like words stay names.
func TestUpgrade(t *testing.T) {
	for before, after := range map[string]string{
		`{"type":"string","nullable":true,"example":"x"}`:                                        `{"type":["string","null"],"examples":["x"]}`,
		`{"type":"string","nullable":false}`:                                                     `{"type":"string"}`,
		`{"nullable":true}`:                                                                      `{}`,
		`{"type":"integer","minimum":1,"exclusiveMinimum":true,"maximum":9}`:                     `{"type":"integer","exclusiveMinimum":1,"maximum":9}`,
		`{"type":"number","maximum":1.50,"exclusiveMaximum":false}`:                              `{"type":"number","maximum":1.50}`,
		`{"$ref":"#/components/schemas/B","description":"unread","nullable":true}`:               `{"$ref":"#/components/schemas/B"}`,
		`{"type":"string","format":"binary"}`:                                                    `{"type":"string","contentMediaType":"application/octet-stream"}`,
		`{"type":"string","format":"byte"}`:                                                      `{"type":"string","contentEncoding":"base64"}`,
		`{"properties":{"example":{"type":"string","example":1},"nullable":{"type":"boolean"}}}`: `{"properties":{"example":{"type":"string","examples":[1]},"nullable":{"type":"boolean"}}}`,
		`{"type":"array","items":{"oneOf":[{"type":"integer","nullable":true}]}}`:                `{"type":"array","items":{"oneOf":[{"type":["integer","null"]}]}}`,
		`{"type":"object","default":{"nullable":true,"example":1},"enum":[{"example":2}]}`:       `{"type":"object","default":{"nullable":true,"example":1},"enum":[{"example":2}]}`,
		`{"additionalProperties":{"type":"string","nullable":true}}`:                             `{"additionalProperties":{"type":["string","null"]}}`,
	} {
		document := `{"openapi":"3.0.3","components":{"schemas":{"A":` + before + `}},"paths":{"/x":{"post":{"parameters":[{"name":"p","schema":` + before +
			`,"example":{"nullable":1}}],"requestBody":{"content":{"application/json":{"schema":` + before + `,"example":{"nullable":1}}}}}}}}`
		n, err := tree.Parse([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		edition.Upgrade(n)
		got, err := tree.JSON(n)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.ReplaceAll(strings.Replace(document, "3.0.3", "3.1.1", 1), before, after)
		if diff := cmp.Diff(plain(t, want), plain(t, string(got))); diff != "" {
			t.Errorf("%s: %s", before, diff)
		}
	}
}

// plain does away with the order of members.
func plain(t *testing.T, text string) (value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}
