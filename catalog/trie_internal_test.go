package catalog

import (
	"strings"
	"testing"

	"github.com/pontage/pontage"
)

// Templates compete: static text wins, then text with a parameter, then the parameter, and a wrong choice is taken back.
func TestTheTrieTakesTheNearestTemplate(t *testing.T) {
	root := &node{}
	for _, template := range []string{"/", "/a/", "/a/b/c", "/a/{x}/d", "/a/v{x}/e", "/a/v{x}.{y}/e", "/{p}/b/{q}", "/{p}/{q}/{r}/z", "/{a}{b}/end", "/caf%C3%A9"} {
		root.insert(template, &target{operation: &pontage.Operation{Path: template}})
	}
	for path, want := range map[string]string{
		"/": "/", "/a/": "/a/", "/a/b/c": "/a/b/c", "/a/b/d": "/a/{x}/d", "/a/b/x": "/{p}/b/{q}", "/a/b/c/z": "/{p}/{q}/{r}/z",
		"/a/v1/e": "/a/v{x}/e", "/a/v1.2/e": "/a/v{x}/e", "/a/v1/d": "/a/{x}/d", "/a/v/e": "", "/xy/end": "/{a}{b}/end", "/x/end": "",
		"/café": "/caf%C3%A9", "/a": "", "/b/b/": "", "/a/b/c/": "", "/a/b": "", "//b/c": "",
	} {
		got := ""
		if found := root.find(strings.Split(path[1:], "/")); found != nil {
			got = found.operation.Path
		}
		if got != want {
			t.Errorf("%s finds %q, want %q", path, got, want)
		}
	}
}

// A text with parameters in it fits where each parameter has something to stand for.
func TestTextsWithParametersFit(t *testing.T) {
	for _, c := range []struct {
		template, text string
		want           bool
	}{
		{"report.{f}", "report.pdf", true}, {"report.{f}", "report.", false}, {"report.{f}", "xreport.pdf", false},
		{"{a}.json", "x.json", true}, {"{a}.json", ".json", false}, {"{a}-{b}", "1-2", true}, {"{a}-{b}", "1-", false}, {"{a}-{b}", "-2", false},
		{"{a}-{b}-{c}", "1-2-3", true}, {"{a}-{b}-{c}", "1-2", false}, {"{a}--{b}", "1---2", true}, {"{a}{b}", "xy", true}, {"{a}{b}", "x", false}, {"x{a}", "x", false},
	} {
		texts, _ := splitTemplate(c.template)
		if got := fits(texts, c.text); got != c.want {
			t.Errorf("%s and %s: %v", c.template, c.text, got)
		}
	}
}
