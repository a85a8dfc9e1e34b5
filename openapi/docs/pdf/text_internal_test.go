package pdf

import (
	"strings"
	"testing"
)

// Whoever reads on paper sees words, not the marks that make them bold: a price that reads "*Price* 0.05" looks like a misprint.
func TestMarkdownLeavesNoMarks(t *testing.T) {
	for markdown, want := range map[string]string{
		"**Scope** `GET:x/y` · **Price** 0.05 EUR": "Scope GET:x/y · Price 0.05 EUR",
		"*once* and __twice__":                     "once and twice",
		"***Both.*** *:*/* stays":                  "Both. *:*/* stays",
		"# A title\n\nText":                        "A title|Text",
		"[a page](https://example.com/x) <b>b</b>": "a page (https://example.com/x) b",
	} {
		if got := strings.Join(paragraphs(markdown), "|"); got != want {
			t.Errorf("%q became %q, want %q", markdown, got, want)
		}
	}
}
