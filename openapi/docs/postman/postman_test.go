package postman_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/pontage/pontage/openapi/docs/postman"
	"github.com/pontage/pontage/openapi/docs/reference"
)

// references are of the repository's own documents and of those in the folder PONTAGE_APIS names.
func references(t testing.TB) map[string]*reference.Reference {
	t.Helper()
	files := []string{"../../token/openapi.yaml", "../../../catalog/testdata/library.json", "../../../catalog/testdata/weather.yaml"}
	if folder := os.Getenv("PONTAGE_APIS"); folder != "" {
		more, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil || len(more) == 0 {
			t.Fatalf("PONTAGE_APIS=%s has no documents: %v", folder, err)
		}
		files = append(files, more...)
	}
	all := map[string]*reference.Reference{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if all[filepath.Base(file)], err = reference.Read(data); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// collectionSchema says what the format asks of a collection, and allows no member it does not know.
func collectionSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	schema, err := compiler.Compile("testdata/collection.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// A collection that the tool cannot import helps nobody; every operation must be in it.
func TestCollectionsHaveTheFormat(t *testing.T) {
	schema := collectionSchema(t)
	for name, ref := range references(t) {
		data, err := postman.Collection(ref)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		again, err := postman.Collection(ref)
		if err != nil || !bytes.Equal(data, again) {
			t.Errorf("%s: the second collection is another one: %v", name, err)
		}
		for _, o := range ref.Operations {
			if want := `"{{baseUrl}}` + regexp.MustCompile(`\{([^{}/]+)\}`).ReplaceAllString(o.Path, ":$1"); !bytes.Contains(data, []byte(want)) {
				t.Errorf("%s: %s %s is missing", name, o.Method, o.Path)
			}
		}
	}
}

// The schema itself must be able to say no.
func TestTheSchemaRefuses(t *testing.T) {
	for _, bad := range []string{`{}`, `{"info":{"name":"x","schema":"y"},"item":[]}`,
		`{"info":{"name":"x","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[{"name":"a","requets":{}}]}`} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if collectionSchema(t).Validate(value) == nil {
			t.Errorf("%s is accepted", bad)
		}
	}
}

// What one request made the next one uses, and the chain begins with the account and goes on with what it made.
func TestTheWalkthroughIsChained(t *testing.T) {
	data, err := postman.Collection(references(t)["openapi.yaml"])
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Item []struct {
			Name string
			Item []struct {
				Event   []struct{ Script struct{ Exec []string } }
				Request struct {
					Method string
					Auth   struct {
						Type   string
						Bearer []struct{ Value string }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range c.Item[0].Item {
		line := i.Request.Method + " " + i.Request.Auth.Type
		for _, b := range i.Request.Auth.Bearer {
			line += " " + b.Value
		}
		if strings.Contains(strings.Join(i.Event[0].Script.Exec, "\n"), `set("refreshToken"`) {
			line += " keeps"
		}
		got = append(got, line)
	}
	want := "POST basic keeps, GET bearer {{token}}, PATCH bearer {{refreshToken}} keeps, GET bearer {{token}}, GET basic, DELETE basic"
	if strings.Join(got, ", ") != want {
		t.Errorf("steps %q, want %q", got, want)
	}
}

// An environment names what is to be filled in and holds no secret.
func TestEnvironmentsAreEmpty(t *testing.T) {
	data, err := postman.Environment(references(t)["openapi.yaml"], "Sandbox", "https://test.oauth.example.com")
	if err != nil {
		t.Fatal(err)
	}
	var e struct {
		ID, Name string
		Values   []struct{ Key, Value, Type string }
	}
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, v := range e.Values {
		got += v.Key + "=" + v.Value + ":" + v.Type + " "
	}
	if e.Name != "Sandbox" || got != "baseUrl=https://test.oauth.example.com:default email=:default key=:secret refreshToken=:secret token=:secret " {
		t.Errorf("%s: %s", e.Name, got)
	}
}

// Every operation is a file of Bruno's, under a name that any file system takes.
func TestBrunoHasEveryOperation(t *testing.T) {
	for name, ref := range references(t) {
		data, err := postman.Bruno(ref, []reference.Server{{URL: "https://api.example.com", Description: "Production"}})
		if err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		requests, names := "", map[string]bool{}
		for _, f := range z.File {
			if names[strings.ToLower(f.Name)] || strings.ContainsAny(f.Name, `<>:"\|?*`) || strings.Contains(f.Name, "..") || strings.HasPrefix(f.Name, "/") {
				t.Errorf("%s: file %q", name, f.Name)
			}
			names[strings.ToLower(f.Name)] = true
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			requests += string(text)
		}
		for _, o := range ref.Operations {
			want := strings.ToLower(o.Method) + " {\n  url: {{baseUrl}}" + regexp.MustCompile(`\{([^{}/]+)\}`).ReplaceAllString(o.Path, ":$1")
			if !strings.Contains(requests, want) {
				t.Errorf("%s: %s %s is missing", name, o.Method, o.Path)
			}
		}
	}
}
