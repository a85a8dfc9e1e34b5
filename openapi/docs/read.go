package docs

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/openapi/docs/reference"
)

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
