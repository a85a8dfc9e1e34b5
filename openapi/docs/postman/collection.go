package postman

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/pontage/pontage/openapi/docs/reference"
)

// format is how a collection says which format it has.
const format = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

// The format's objects, as far as they are used.
type (
	collection struct {
		Info     info       `json:"info"`
		Item     []any      `json:"item"`
		Auth     *auth      `json:"auth,omitempty"`
		Variable []variable `json:"variable"`
	}
	info struct {
		ID          string `json:"_postman_id"`
		Name        string `json:"name"`
		Description string `json:"description,omitempty"`
		Version     string `json:"version,omitempty"`
		Schema      string `json:"schema"`
	}
	folder struct {
		Name        string `json:"name"`
		Description string `json:"description,omitempty"`
		Item        []item `json:"item"`
	}
	item struct {
		Name     string    `json:"name"`
		Event    []event   `json:"event,omitempty"`
		Request  request   `json:"request"`
		Response []example `json:"response"`
	}
	event struct {
		Listen string `json:"listen"`
		Script script `json:"script"`
	}
	script struct {
		Type string   `json:"type"`
		Exec []string `json:"exec"`
	}
	request struct {
		Method      string     `json:"method"`
		Description string     `json:"description,omitempty"`
		Auth        *auth      `json:"auth"`
		Header      []variable `json:"header"`
		Body        *body      `json:"body,omitempty"`
		URL         address    `json:"url"`
	}
	address struct {
		Raw      string     `json:"raw"`
		Host     []string   `json:"host"`
		Path     []string   `json:"path"`
		Query    []variable `json:"query,omitempty"`
		Variable []variable `json:"variable,omitempty"`
	}
	body struct {
		Mode    string      `json:"mode"`
		Raw     string      `json:"raw,omitempty"`
		Options bodyOptions `json:"options,omitzero"`
		// FormData and File are in place of Raw where the mode is "formdata" or "file".
		FormData []formPart `json:"formdata,omitempty"`
		File     *fileBody  `json:"file,omitempty"`
	}
	formPart struct {
		Key   string `json:"key"`
		Value string `json:"value,omitempty"`
		Src   string `json:"src,omitempty"`
		// Type is "text" or "file".
		Type string `json:"type"`
	}
	fileBody struct {
		Src string `json:"src"`
	}
	bodyOptions struct {
		Raw struct {
			Language string `json:"language"`
		} `json:"raw"`
	}
	example struct {
		Name            string     `json:"name"`
		OriginalRequest request    `json:"originalRequest"`
		Status          string     `json:"status"`
		Code            int        `json:"code"`
		Header          []variable `json:"header"`
		Body            string     `json:"body"`
	}
	variable struct {
		Key         string `json:"key"`
		Value       string `json:"value"`
		Type        string `json:"type,omitempty"`
		Description string `json:"description,omitempty"`
		Disabled    bool   `json:"disabled,omitempty"`
	}
	auth struct {
		Type   string     `json:"type"`
		Basic  []variable `json:"basic,omitempty"`
		Bearer []variable `json:"bearer,omitempty"`
		APIKey []variable `json:"apikey,omitempty"`
	}
)

// Collection makes the collection of a document. Its variable baseUrl is the document's first server; an environment may say another.
func Collection(ref *reference.Reference) ([]byte, error) {
	b := newBuilder(ref)
	c := collection{Item: []any{}, Info: info{ID: identifier("collection", ref.Title), Name: ref.Title, Description: ref.Description,
		Version: ref.Version, Schema: format}}
	for _, f := range b.folders() {
		one := folder{Name: f.name, Description: f.description, Item: []item{}}
		for _, s := range f.steps {
			one.Item = append(one.Item, b.item(s))
		}
		c.Item = append(c.Item, one)
	}
	c.Variable = b.variables()
	return encoded(c)
}

// encoded writes JSON for people, without the escapes meant for HTML.
func encoded(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(value)
	return out.Bytes(), err
}

// Environment makes an environment for the collection of a document: where the instance is, and empty places for the credentials.
// name is what the tool shows, such as "Pontage Token API, sandbox"; baseURL has no slash at its end.
func Environment(ref *reference.Reference, name, baseURL string) ([]byte, error) {
	type value struct {
		Key     string `json:"key"`
		Value   string `json:"value"`
		Type    string `json:"type"`
		Enabled bool   `json:"enabled"`
	}
	values := []value{{"baseUrl", baseURL, "default", true}}
	for _, c := range newBuilder(ref).credentials() {
		values = append(values, value{c.name, "", c.kind(), true})
	}
	return encoded(struct {
		ID     string  `json:"id"`
		Name   string  `json:"name"`
		Values []value `json:"values"`
		Scope  string  `json:"_postman_variable_scope"`
	}{identifier("environment", name+" "+baseURL), name, values, "environment"})
}

// identifier makes a UUID that is the same for the same thing, so that importing again replaces it.
func identifier(kind, name string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + name))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // version 8, free for such use
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
