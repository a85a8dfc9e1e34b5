package docs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi/docs/tree"
	"github.com/pontage/pontage/storage/storagetest"
)

// bringAll imports the documents of PONTAGE_APIS, or the repository's own.
func (w *world) bringAll() {
	w.Helper()
	folder := os.Getenv("PONTAGE_APIS")
	if folder == "" {
		folder = "../../catalog/testdata"
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		w.Fatalf("no documents in %s: %v", folder, err)
	}
	in := catalog.ImportInput{Prices: []byte("scopes: {\"*:*/*\": {prices: {request: 0.01}}}")}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			w.Fatal(err)
		}
		in.Documents = append(in.Documents, catalog.Document{Name: f, Data: data})
	}
	w.bring(pontage.Operator(), in)
}

// Tools read every edition of every document, each leads through this instance with a token and samples, and the YAML says what the JSON
// says: somebody whose generator takes one of the four must not get another API.
func TestEditionsAreDocuments(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)))
	w.bringAll()
	for _, api := range w.catalog.APIs() {
		for version, name := range map[string]string{"3.0.": "openapi", "3.1.": "openapi-3.1"} {
			path := "/docs/apis/" + api.Host + "/" + name
			text := w.must(path + ".json")
			checkEdition(t, api, text)
			n, err := tree.Parse([]byte(w.must(path + ".yaml")))
			if err != nil {
				t.Fatal(err)
			}
			asJSON, err := tree.JSON(n)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(text, string(asJSON)); diff != "" {
				t.Errorf("%s: YAML differs", path)
			}
			if is := tree.Value(tree.Member(n, "openapi")); !strings.HasPrefix(is, version) && !strings.HasPrefix(is, "3.1.") {
				t.Errorf("%s: version %s, want %s", path, is, version)
			}
		}
	}
}

func checkEdition(t *testing.T, api *pontage.API, text string) {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", api.Host, err)
	}
	if err := doc.Validate(t.Context(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaPatternValidation()); err != nil {
		t.Errorf("%s: %v", api.Host, err)
	}
	if len(doc.Servers) != 1 || !strings.HasPrefix(doc.Servers[0].URL, publicURL) || !api.Platform && len(doc.Components.SecuritySchemes) != 1 {
		t.Errorf("%s: servers %v, schemes %v", api.Host, doc.Servers, doc.Components.SecuritySchemes)
	}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			if !api.Platform && o.Security != nil || o.Servers != nil || o.Extensions["x-codeSamples"] == nil {
				t.Errorf("%s: %s %s has security or servers of its own, or no samples", api.Host, method, path)
			}
		}
	}
}
