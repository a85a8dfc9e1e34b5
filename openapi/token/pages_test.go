package token_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"

	"github.com/pontage/pontage/openapi/token"
	"github.com/pontage/pontage/storage/storagetest"
)

func (c *client) page(path string) (*http.Response, string) {
	c.t.Helper()
	response, err := c.http.Get(c.url + path)
	must(c.t, err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	must(c.t, err)
	if response.StatusCode != http.StatusOK {
		c.t.Fatalf("%s: status %d", path, response.StatusCode)
	}
	return response, string(data)
}

// Tools load the document from any of its three addresses and find the instance's own URL in it.
func TestTheDocumentsAreServed(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLite(t)), func(c *token.Config) { c.PublicURL = "http://localhost:8080" })
	var asJSON, asYAML any
	for _, path := range []string{"/openapi.json", "/oauthv2.openapi.json"} {
		response, text := w.client.page(path)
		must(t, json.Unmarshal([]byte(text), &asJSON))
		if response.Header.Get("Content-Type") != "application/json" || !strings.Contains(text, `"servers":[{"url":"http://localhost:8080"}]`) {
			t.Errorf("%s: %v", path, response.Header)
		}
	}
	_, text := w.client.page("/openapi.yaml")
	must(t, yaml.Unmarshal([]byte(text), &asYAML))
	one, err := json.Marshal(asJSON)
	must(t, err)
	other, err := json.Marshal(asYAML)
	must(t, err)
	if string(one) != string(other) {
		t.Error("JSON and YAML differ")
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
	must(t, err)
	must(t, doc.Validate(t.Context()))
}

// Who mounts the API learns at once what is missing.
func TestNewNamesAllThatIsMissing(t *testing.T) {
	_, err := token.New(token.Config{})
	if err == nil || !strings.Contains(err.Error(), "OAuth") || !strings.Contains(err.Error(), "PlatformHost") {
		t.Errorf("error: %v", err)
	}
}
