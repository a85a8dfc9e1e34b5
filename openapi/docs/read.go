package docs

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi/docs/reference"
)

// readings is the kind of what pages are made from; it is not for download.
var readings = kind{Name: "readings.json", make: func(ctx context.Context, l *Library, offer catalog.Offer) ([]byte, error) {
	document, err := l.read(ctx, offer, published())
	if err != nil {
		return nil, err
	}
	ref, err := reference.Read(document)
	if err != nil {
		return nil, err
	}
	ref.Root = nil
	return json.Marshal(ref)
}}

// reading gives an API's document as pages show it, and what it is offered for.
type reading struct {
	*reference.Reference
	offer catalog.Offer
	// base is the path of the server below this instance, such as "/apis/places.example".
	base string
}

func (l *Library) reading(ctx context.Context, offer catalog.Offer) (*reading, error) {
	data, err := l.read(ctx, offer, &readings)
	if err != nil {
		return nil, err
	}
	r := &reading{offer: offer, Reference: &reference.Reference{}}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(r.Reference); err != nil {
		return nil, pontage.E(pontage.Internal, "What is kept of the document cannot be read.").Because(err)
	}
	if len(r.Servers) > 0 {
		r.base = strings.TrimPrefix(r.Servers[0].URL, strings.TrimSuffix(l.PublicURL, "/"))
	}
	return r, nil
}

// scope gives the scope of an operation of the document; nil where the catalogue changed meanwhile.
func (r *reading) scope(o *reference.Operation) *pontage.Scope {
	base := strings.TrimPrefix(r.base, "/apis/"+r.offer.API.Host)
	if offered, ok := r.offer.Find(o.Method, base+o.Path); ok {
		return offered.Scope
	}
	return nil
}

// operation finds one by its slug.
func (r *reading) operation(slug string) *reference.Operation {
	at := slices.IndexFunc(r.Operations, func(o reference.Operation) bool { return o.Slug == slug })
	if at < 0 {
		return nil
	}
	return &r.Operations[at]
}

// target is the path and query of an operation's request with the document's examples: all of the path, and of the query what must be
// there or has an example of its own.
func target(o *reference.Operation) string {
	path, query := o.Path, url.Values{}
	for _, p := range o.Parameters {
		switch text := exampleText(p.Example); {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(text))
		case p.In == "query" && p.Required:
			query.Set(p.Name, text)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

func exampleText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}
