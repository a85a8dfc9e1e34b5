package pdf

import (
	"html"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// letters says which characters the fonts have; the three have the same ones.
var letters = sync.OnceValue(func() func(rune) bool {
	f, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		panic(err) // the font is part of the program
	}
	var buffer sfnt.Buffer
	var lock sync.Mutex
	known := map[rune]bool{}
	return func(c rune) bool {
		lock.Lock()
		defer lock.Unlock()
		has, asked := known[c]
		if !asked {
			index, err := f.GlyphIndex(&buffer, c)
			has = err == nil && index != 0
			known[c] = has
		}
		return has
	}
})

// clean keeps what can be printed: tabs become spaces, what the fonts lack a question mark.
func clean(text string) string {
	has := letters()
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n':
			return c
		case c == '\t' || c == '\u00a0' || c == '\u2028':
			return ' '
		case c < ' ' || c == '\ufeff' || c == '\u200b' || c == '\r':
			return -1
		case !has(c):
			return '?'
		}
		return c
	}, strings.ToValidUTF8(text, "?"))
}

var (
	breaks   = regexp.MustCompile(`(?i)<(br|/p|/li|/h[1-6]|/tr|/ul|/ol)\s*/?>`)
	items    = regexp.MustCompile(`(?i)<li[^>]*>`)
	tags     = regexp.MustCompile(`(?i)</?(a|b|blockquote|br|center|code|details|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul)(\s[^<>]*)?/?>`)
	italics  = regexp.MustCompile(`\*([A-Za-z][^*\n]{0,60}[A-Za-z.])\*`)
	links    = regexp.MustCompile(`\[([^\]\[]+)\]\((https?://[^\s)]+)\)`)
	emphasis = regexp.MustCompile("\\*\\*|__|`|(?m)^#{1,6} +")
	empty    = regexp.MustCompile(`\n[ \t]*\n+`)
)

// paragraphs reads Markdown and the HTML people put into it as plain text, paragraph by paragraph. Lines of one paragraph are joined
// unless they begin like the items of a list.
func paragraphs(markdown string) (list []string) {
	text := breaks.ReplaceAllString(strings.ReplaceAll(markdown, "\r\n", "\n"), "\n\n")
	text = tags.ReplaceAllString(items.ReplaceAllString(text, "- "), "")
	text = links.ReplaceAllString(html.UnescapeString(text), "$1 ($2)")
	text = italics.ReplaceAllString(emphasis.ReplaceAllString(text, ""), "$1") // bold first: its marks look like those of italics
	for _, block := range empty.Split(text, -1) {
		if block = joinLines(block); block != "" {
			list = append(list, block)
		}
	}
	return list
}

func joinLines(block string) string {
	var out strings.Builder
	for line := range strings.SplitSeq(block, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			continue
		case out.Len() == 0:
		case strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* ") || strings.HasPrefix(line, "|"):
			out.WriteByte('\n')
		default:
			out.WriteByte(' ')
		}
		out.WriteString(line)
	}
	return out.String()
}
