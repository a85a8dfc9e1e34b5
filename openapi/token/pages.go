package token

import (
	_ "embed"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/docs/edition"
)

// source is the document everything here comes from.
//
//go:embed openapi.yaml
var source []byte

// exampleHost stands in the document where the instance's own host belongs.
const exampleHost = "oauth.example.com"

// Part names operations that not every instance has.
type Part string

// Play is what belongs to play money; the part's name is the tag of its operations.
const Play Part = "Sandbox"

// parts are all there are.
var parts = []Part{Play}

// Document is the API's own document as JSON for the catalogue, with the parts that are asked for: its server is host, under the scheme of
// publicURL.
func Document(publicURL, host string, with ...Part) []byte {
	scheme, _, ok := strings.Cut(publicURL, "://")
	if !ok {
		scheme = "https"
	}
	document, _, err := sourceWith(with...)
	if err == nil {
		var served *edition.Edition
		if served, err = openapi.Render(document, scheme+"://"+host, exampleHost, host); err == nil {
			return served.JSON
		}
	}
	panic(err) // the document is part of the program, and New checks it too
}

// sourceWith is the document with some of its parts; left names the operations of the others.
func sourceWith(with ...Part) (document []byte, left []string, err error) {
	document = source
	for _, part := range parts {
		if slices.Contains(with, part) {
			continue
		}
		var without []string
		if document, without, err = openapi.Without(document, string(part)); err != nil {
			return nil, nil, err
		}
		left = append(left, without...)
	}
	return document, left, nil
}

// pages puts the documents beside the operations.
type pages struct {
	operations http.Handler
	json, yaml []byte
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch path := r.URL.Path; {
	case !reading:
		p.operations.ServeHTTP(w, r)
	case path == "/openapi.json" || path == "/oauthv2.openapi.json":
		serve(w, r, "application/json", p.json)
	case path == "/openapi.yaml":
		serve(w, r, "application/yaml", p.yaml)
	default:
		p.operations.ServeHTTP(w, r)
	}
}

// serve writes a document; it is public, so tools on any page may read it.
func serve(w http.ResponseWriter, r *http.Request, contentType string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Cache-Control", "no-cache")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(data) // who hung up does not read it
	}
}
