package docs

import (
	"strings"

	"github.com/pontage/pontage/openapi/docs/reference"
	"github.com/pontage/pontage/openapi/docs/samples"
)

// sample is a request as a page shows and sends it.
type sample struct {
	// ID is unique on its page.
	ID, Method string
	// Target is the path below the instance that is sent; {tokenId} in it is the token the reader made. Shown is what people read.
	Target, Shown string
	Auth          samples.Way
	// Body and Type are empty where there is none.
	Body, Type string
	// Keep names what the page remembers of the answer: "token", "forget" or nothing.
	Keep string
	// Verb is what the button says, Price what pressing it costs.
	Verb, Price string
	// Main marks the one that a page is about.
	Main    bool
	Samples []program
}

// program is the request in one language.
type program struct{ Language, Label, Source string }

// sampleOf makes an operation's request.
func (l *Library) sampleOf(r *reading, o *reference.Operation) sample {
	way := samples.Token
	if r.offer.API.Platform {
		way = samples.Account
	}
	c := samples.CallOf(r.Reference, *o, way)
	s := sample{ID: o.Slug, Method: o.Method, Target: strings.TrimPrefix(c.URL, l.PublicURL), Shown: o.Path, Auth: way, Body: c.Body, Type: c.Type,
		Verb: "Send it", Main: true, Samples: programs(c)}
	if c.Files() {
		s.Verb = "" // a page has no file to send: Swagger UI asks for one
	}
	if scope := r.scope(o); scope != nil && !r.offer.API.Platform {
		s.Price = l.Terms.Price(scope)
	}
	return s
}

// programs writes the request in every language.
func programs(c samples.Call) []program {
	var all []program
	for _, s := range c.Write() {
		all = append(all, program{strings.ToLower(s.Lang), s.Label, s.Source})
	}
	return all
}
