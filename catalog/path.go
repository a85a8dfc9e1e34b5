package catalog

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/pontage/pontage"
)

// maxPath bounds the path of a request in bytes, maxSegments the depth of one.
const (
	maxPath     = 8 << 10
	maxSegments = 64
)

// errPath is what every path that could mean two things gets (R9).
var errPath = pontage.E(pontage.InvalidInput, "The path holds a sequence that is not allowed.").At("path")

// hexDigit marks the bytes that may follow a percent sign.
var hexDigit = [256]bool{'0': true, '1': true, '2': true, '3': true, '4': true, '5': true, '6': true, '7': true, '8': true,
	'9': true, 'a': true, 'b': true, 'c': true, 'd': true, 'e': true, 'f': true, 'A': true, 'B': true, 'C': true, 'D': true,
	'E': true, 'F': true}

// checkPath refuses what two readers may read differently: dot segments, escaped slashes and backslashes, parameters after a
// semicolon, control characters, empty segments, and escapes of escapes. The empty path is the root.
func checkPath(raw string) error {
	if len(raw) > maxPath || raw != "" && raw[0] != '/' {
		return errPath
	}
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c <= ' ' || c == 0x7f || c == '\\' || c == ';' || c == '?' || c == '#':
			return errPath
		case c == '/' && i > 0 && raw[i-1] == '/':
			return errPath
		case c == '%':
			if i+2 >= len(raw) || !safeEscape(raw[i+1], raw[i+2], raw[i+3:]) {
				return errPath
			}
			i += 2
		}
	}
	return nil
}

// safeEscape says whether %<high><low> may stand in a path; rest is what follows it.
func safeEscape(high, low byte, rest string) bool {
	if !hexDigit[high] || !hexDigit[low] {
		return false
	}
	switch c := unhex(high)<<4 | unhex(low); {
	case c < ' ' || c == 0x7f || c == '/' || c == '\\':
		return false
	case c == '%':
		return len(rest) < 2 || !hexDigit[rest[0]] || !hexDigit[rest[1]]
	}
	return true
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}

// decodeSegment undoes the escapes of one segment and refuses dot segments and text that is not UTF-8: an overlong slash is how
// such text is used. Without escapes it allocates nothing.
func decodeSegment(raw string) (string, bool) {
	text := raw
	if strings.IndexByte(raw, '%') >= 0 {
		decoded, err := url.PathUnescape(raw)
		if err != nil {
			return "", false
		}
		text = decoded
	}
	return text, text != "." && text != ".." && utf8.ValidString(text) && !escapedTwice(text)
}

// escapedTwice finds a percent sign that would be read as an escape once more, however it was put together ("%2%35" and the like).
func escapedTwice(text string) bool {
	for i := 0; i+2 < len(text); i++ {
		if text[i] == '%' && hexDigit[text[i+1]] && hexDigit[text[i+2]] {
			return true
		}
	}
	return false
}

// plainPath says whether a path of ours, a server's or an upstream's, has one meaning only.
func plainPath(path string) bool {
	if checkPath(path) != nil {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		if _, ok := decodeSegment(segment); !ok {
			return false
		}
	}
	return true
}

// canonicalSegment escapes a decoded segment the one way we send upstream.
func canonicalSegment(text string) string { return url.PathEscape(text) }
