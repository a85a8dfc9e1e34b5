package docs

import (
	"strings"

	"github.com/pontage/pontage/openapi/docs/reference"
)

// sample is a request as a page shows and sends it.
type sample struct {
	// ID is unique on its page.
	ID, Method string
	// Target is the path below the instance that is sent; {tokenId} in it is the token the reader made. Shown is what people read.
	Target, Shown string
	// Auth is "basic", "token" or "refresh".
	Auth string
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
	s := sample{ID: o.Slug, Method: o.Method, Target: r.base + target(o), Shown: o.Path, Auth: "token", Verb: "Send it", Main: true}
	if r.offer.API.Platform {
		s.Auth = "basic"
	} else if scope := r.scope(o); scope != nil {
		s.Price = l.Terms.Price(scope)
	}
	if o.Body != nil {
		if c := reference.Preferred(o.Body.Content); c != nil {
			s.Body, s.Type = string(c.Example), c.Type
		}
	}
	s.Samples = l.programs(s)
	return s
}

// programs writes the request in every language.
func (l *Library) programs(s sample) []program {
	return []program{{"shell", "curl", l.curl(s)}}
}

func (l *Library) curl(s sample) string {
	var out strings.Builder
	out.WriteString("curl")
	if s.Method != "GET" {
		out.WriteString(" -X " + s.Method)
	}
	out.WriteString(" " + quoted(strings.ReplaceAll(l.PublicURL+s.Target, "{tokenId}", "$PONTAGE_TOKEN_ID")) + " \\\n  ")
	out.WriteString(map[string]string{"basic": `-u "$PONTAGE_EMAIL:$PONTAGE_KEY"`, "token": `-H "Authorization: Bearer $PONTAGE_TOKEN"`,
		"refresh": `-H "Authorization: Bearer $PONTAGE_REFRESH_TOKEN"`}[s.Auth])
	if s.Body != "" {
		out.WriteString(" \\\n  -H " + quoted("Content-Type: "+s.Type) + " \\\n  -d " + quoted(s.Body))
	}
	return out.String()
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
