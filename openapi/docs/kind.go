package docs

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// kind is one form in which an API's document can be had.
type kind struct {
	// Name is its file's name, under which it is kept too.
	Name        string
	contentType string
	// Label is what people call it.
	Label string
	// binary ones are kept as they are, the others compressed.
	binary bool
	make   func(ctx context.Context, l *Library, offer catalog.Offer) ([]byte, error)
}

// kinds are what can be downloaded, in the order of the page.
var kinds = []kind{
	{Name: "openapi.json", contentType: "application/json", Label: "OpenAPI, JSON", make: publish},
}

// published is the kind that all others are made from.
func published() *kind { return &kinds[0] }

func init() {
	kinds = append(kinds, derived("openapi.yaml", "application/yaml", "OpenAPI, YAML", false, asYAML))
}

// derived makes a kind from the published document alone.
func derived(name, contentType, label string, binary bool, from func(document []byte) ([]byte, error)) kind {
	return kind{Name: name, contentType: contentType, Label: label, binary: binary,
		make: func(ctx context.Context, l *Library, offer catalog.Offer) ([]byte, error) {
			document, err := l.read(ctx, offer, published())
			if err != nil {
				return nil, err
			}
			return from(document)
		}}
}

func kindNamed(name string) *kind {
	for i := range kinds {
		if kinds[i].Name == name {
			return &kinds[i]
		}
	}
	return nil
}

// publish makes the document that partners read.
func publish(ctx context.Context, l *Library, offer catalog.Offer) ([]byte, error) {
	kept, err := l.Store.APIDocument(ctx, offer.API.ID, pontage.SourceDocument)
	if pontage.CodeOf(err) == pontage.NotFound {
		return nil, errNoSource
	}
	if err != nil {
		return nil, err
	}
	source, err := catalog.Source(kept.Data)
	if err != nil {
		return nil, err
	}
	return Publish(source, offer, l.PublicURL, l.Terms)
}

func asYAML(document []byte) ([]byte, error) {
	root, err := tree.Parse(document)
	if err != nil {
		return nil, err
	}
	return tree.YAML(root)
}

func compress(data []byte) ([]byte, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}

func unpack(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
