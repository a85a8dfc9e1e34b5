package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/pontage/pontage"
)

// maxBody bounds a request's body, in bytes.
const maxBody = 64 << 10

// params are what a request asks, by GraphQL over HTTP.
type params struct {
	query         string
	operationName string
	// variables are parsed with exact numbers; rawVariables are their text.
	variables    map[string]any
	rawVariables []byte
	// hash is the SHA-256 of the document in hexadecimal, where the request names it so.
	hash string
	// file is what came beside a multipart request.
	file []byte
}

var (
	errForm  = pontage.E(pontage.InvalidInput, "The body must be one JSON object with the text `query`.")
	errLarge = pontage.E(pontage.TooLarge, "A request has at most %d bytes.", maxBody)
	errMedia = pontage.E(pontage.UnsupportedMedia, "A POST carries application/json in UTF-8, or multipart/form-data with a file.")
)

// readParams reads a GET's or POST's parameters.
func readParams(w http.ResponseWriter, r *http.Request, x *exchange) (*params, error) {
	if r.Method == http.MethodGet {
		q := r.URL.Query()
		return newParams(func(name string) ([]byte, bool) {
			text := q.Get(name)
			if name != "variables" && name != "extensions" && q.Has(name) {
				quoted, _ := json.Marshal(text)
				return quoted, true
			}
			return []byte(text), text != ""
		})
	}
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		return readUpload(w, r, x)
	}
	charset := parameters["charset"]
	if err != nil || kind != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, errMedia
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, errLarge
	}
	if err != nil {
		return nil, errForm
	}
	return parseBody(body)
}

// parseBody reads the parameters of a JSON object.
func parseBody(body []byte) (*params, error) {
	if !utf8.Valid(body) {
		return nil, errForm
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || fields == nil {
		return nil, errForm
	}
	return newParams(func(name string) ([]byte, bool) { v, ok := fields[name]; return v, ok && string(v) != "null" })
}

// newParams checks the types: get gives a parameter's JSON.
func newParams(get func(name string) ([]byte, bool)) (*params, error) {
	p := &params{}
	var extensions struct {
		PersistedQuery *struct {
			Version    int    `json:"version"`
			Sha256Hash string `json:"sha256Hash"`
		} `json:"persistedQuery"`
	}
	var document string
	for name, into := range map[string]any{
		"query": &p.query, "operationName": &p.operationName, "variables": &p.variables, "extensions": &extensions, "documentId": &document,
	} {
		raw, there := get(name)
		if !there {
			continue
		}
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		if err := decoder.Decode(into); err != nil || decoder.More() {
			return nil, pontage.E(pontage.InvalidInput, "The parameter is not of its type.").At(name)
		}
		if name == "variables" {
			p.rawVariables = raw
		}
	}
	if extensions.PersistedQuery != nil {
		document = "sha256:" + extensions.PersistedQuery.Sha256Hash
	}
	if document != "" {
		hash, known := strings.CutPrefix(document, "sha256:")
		if len(hash) != 64 || !known {
			return nil, pontage.E(pontage.InvalidInput, "A document is named sha256: and 64 hexadecimal digits.").At("documentId")
		}
		p.hash = strings.ToLower(hash)
	}
	if p.query == "" && p.hash == "" {
		return nil, errForm.At("query")
	}
	return p, nil
}
