package edition_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pontage/pontage/openapi/docs/edition"
	"github.com/pontage/pontage/openapi/docs/tree"
)

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
