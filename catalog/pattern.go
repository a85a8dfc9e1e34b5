package catalog

import (
	"strings"

	"github.com/pontage/pontage"
)

// maxPattern bounds the text of one pattern in bytes.
const maxPattern = 512

// rootSegment is the scope of the operations that have no static first segment.
const rootSegment = "root"

// pattern is a scope with stars: METHOD:host/segment, where a star stands for the method, the host, a leading part of the host
// ("*.example.com") or the segment.
type pattern struct {
	text string
	// method and segment are "*" or exact; host is "*", exact, or a suffix that starts with a dot.
	method, host, segment string
	// anyHost and hostSuffix say how host is meant.
	anyHost, hostSuffix bool
}

// parsePattern reads one pattern. The error says what is wrong and leaves the field to the caller.
func parsePattern(text string) (pattern, *pontage.Error) {
	malformed := pontage.E(pontage.InvalidInput, "Scope %q is not of the form METHOD:host/path.", clip(text))
	if len(text) > maxPattern {
		return pattern{}, malformed
	}
	method, rest, ok := strings.Cut(text, ":")
	host, segment, ok2 := strings.Cut(rest, "/")
	if !ok || !ok2 || !validMethodPattern(method) || !validSegmentPattern(segment) {
		return pattern{}, malformed
	}
	p := pattern{text: text, method: method, segment: segment, host: strings.ToLower(host)}
	switch {
	case host == "*":
		p.anyHost = true
	case strings.HasPrefix(host, "*."):
		p.hostSuffix, p.host = true, p.host[1:]
	}
	if !p.anyHost && !validHost(strings.TrimPrefix(p.host, ".")) {
		return pattern{}, malformed
	}
	return p, nil
}

// literal says whether the pattern names one scope and nothing else.
func (p pattern) literal() bool {
	return p.method != "*" && p.segment != "*" && !p.anyHost && !p.hostSuffix
}

// matches says whether the pattern means the scope; its host counts with and without the instance's prefix.
func (p pattern) matches(sc *pontage.Scope, prefix string) bool {
	if p.method != "*" && p.method != sc.Method || p.segment != "*" && p.segment != sc.Segment {
		return false
	}
	return p.matchesHost(sc.Host, prefix)
}

func (p pattern) matchesHost(host, prefix string) bool {
	bare := strings.TrimPrefix(host, prefix)
	switch {
	case p.anyHost:
		return true
	case p.hostSuffix:
		return strings.HasSuffix(host, p.host) || strings.HasSuffix(bare, p.host)
	}
	return host == p.host || bare == p.host
}

// scopeName is the text of a scope.
func scopeName(method, host, segment string) string { return method + ":" + host + "/" + segment }

func validMethodPattern(method string) bool {
	if method == "*" {
		return true
	}
	for _, c := range []byte(method) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return method != "" && len(method) <= 16
}

func validSegmentPattern(segment string) bool { return segment == "*" || validSegment(segment) }

// validSegment says whether text may stand in a scope: what a path segment may hold but for the comma, which separates scopes in
// lists, and the star.
func validSegment(text string) bool {
	for _, c := range []byte(text) {
		if !isAlphanumeric(c) && strings.IndexByte("-._~!$&'()+=:@%", c) < 0 {
			return false
		}
	}
	return text != ""
}

// validHost says whether text is a DNS name in lower case; a single label such as "localhost" is one.
func validHost(text string) bool {
	if len(text) == 0 || len(text) > 253 {
		return false
	}
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range []byte(label) {
			if !isAlphanumeric(c) && c != '-' && c != '_' || c >= 'A' && c <= 'Z' {
				return false
			}
		}
	}
	return true
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// clip keeps a stranger's text short in messages.
func clip(text string) string {
	const most = 80
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
