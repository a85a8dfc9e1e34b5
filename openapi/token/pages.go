package token

import (
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/docs/edition"
	"github.com/pontage/pontage/openapi/docs/tree"
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
		var rendered []byte
		if rendered, err = openapi.Render(document, scheme+"://"+host, exampleHost, host); err == nil {
			return rendered
		}
	}
	panic(err) // the document is part of the program, and New checks it too
}

// partial is the document with some of its parts; left names the operations of the others.
type partial struct {
	document []byte
	left     []string
}

// partials are those that were asked for, by their parts.
var partials sync.Map

// sourceWith gives the partial document with these parts, made once.
func sourceWith(with ...Part) (document []byte, left []string, err error) {
	key := fmt.Sprint(with)
	if known, ok := partials.Load(key); ok {
		return known.(partial).document, known.(partial).left, nil
	}
	if document, left, err = leaveOut(with); err == nil {
		partials.Store(key, partial{document, left})
	}
	return document, left, err
}

func leaveOut(with []Part) (document []byte, left []string, err error) {
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
	if slices.Contains(with, Play) {
		document, err = simulable(document)
	}
	return document, left, err
}

// simulable says on every operation that there the header makes it meet something else.
func simulable(document []byte) ([]byte, error) {
	root, err := tree.Parse(document)
	if err != nil {
		return nil, fmt.Errorf("openapi document: %w", err)
	}
	edition.Simulable(root, "What this request is to meet in place of the truth, so that it can be rehearsed: `rate-limit`, `unavailable`, `internal-error` and "+
		"`slow=2s`; with a token also `token-invalid`, `token-expired`, `token-revoked`, `scope` and `ip`. `GET /sandbox` lists what calls to the APIs take.")
	return tree.YAML(root)
}

// pages puts the documents beside the operations. They are made for their first reader.
type pages struct {
	operations http.Handler
	editions   func() (*edition.Edition, error)
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch path := r.URL.Path; {
	case !reading:
		p.operations.ServeHTTP(w, r)
	case path == "/openapi.json" || path == "/oauthv2.openapi.json":
		p.serve(w, r, "application/json", func(e *edition.Edition) []byte { return e.JSON })
	case path == "/openapi.yaml":
		p.serve(w, r, "application/yaml", func(e *edition.Edition) []byte { return e.YAML })
	default:
		p.operations.ServeHTTP(w, r)
	}
}

// serve writes a document; it is public, so tools on any page may read it.
func (p *pages) serve(w http.ResponseWriter, r *http.Request, contentType string, choose func(*edition.Edition) []byte) {
	editions, err := p.editions()
	if err != nil { // the document is part of the program
		http.Error(w, "Internal server error.", http.StatusInternalServerError)
		return
	}
	data, h := choose(editions), w.Header()
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
