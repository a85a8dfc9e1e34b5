package catalog

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever a document holds, it is compiled or refused with a reason of one line, and what comes out can be matched.
func FuzzCompile(f *testing.F) {
	for _, name := range []string{"testdata/library.json", "testdata/weather.yaml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("openapi: 3.1.0\ninfo: {title: a, version: b}\nservers: [{url: 'http://a'}]\npaths: {/a: {get: {responses: {default: {description: a}}}}}"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, wrong := compile(Document{Name: "fuzz", Data: data})
		if wrong != nil {
			if wrong.reason == "" || strings.Contains(wrong.reason, "\n") || strings.Contains(wrong.reason, "cannot be read: runtime error") {
				t.Fatalf("refused with %q", wrong.reason)
			}
			return
		}
		if !validHost(c.host) || len(c.operations) == 0 {
			t.Fatalf("%q has %d operations", c.host, len(c.operations))
		}
		for _, o := range c.operations {
			if !validSegment(o.segment) || o.path[0] != '/' || len(o.answers) == 0 || !utf8.ValidString(o.path) {
				t.Fatalf("operation %+v", o)
			}
		}
	})
}
