package token_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// scenario runs one file: sections "request" (a line with method and path, a line with the credential, a body), "response" (a line
// with the status, then JSON) and "call" (credential, method, path and upstream status of one call at the gateway, whose id is ${call} from then on). In expected JSON
// "*" stands for any value and "$name" for one that is remembered, or must be the same the second time; requests say ${name}.
type scenario struct {
	*world
	t     *testing.T
	known map[string]string
	last  *reply
}

// These are the flows a partner's integration goes through, step by step, on both databases.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenarios/*.txtar")
	must(t, err)
	if len(files) < 3 {
		t.Fatalf("%d scenarios", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			must(t, err)
			storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
				s := &scenario{world: newWorld(t, open()), t: t, known: map[string]string{}}
				s.credit(s.ann, "10")
				for i, section := range archive.Files {
					s.step(fmt.Sprintf("%s, section %d", file, i+1), section.Name, string(section.Data))
				}
			})
		})
	}
}

func (s *scenario) step(where, kind, text string) {
	s.t.Helper()
	switch kind {
	case "request":
		text = s.fill(text)
		first, rest, _ := strings.Cut(text, "\n")
		credential, body, _ := strings.Cut(rest, "\n")
		method, path, _ := strings.Cut(first, " ")
		s.last = s.client.do(method, path, s.credential(credential), strings.TrimSpace(body))
	case "response":
		status, body, _ := strings.Cut(text, "\n")
		if want, _ := strconv.Atoi(status); s.last.status != want {
			s.t.Fatalf("%s: status %d: %s", where, s.last.status, s.last.body)
		}
		var want, have any
		must(s.t, json.Unmarshal([]byte(body), &want))
		must(s.t, json.Unmarshal(s.last.body, &have))
		s.compare(where, want, have)
	case "call":
		f := strings.Fields(s.fill(text))
		status, err := strconv.Atoi(f[3])
		must(s.t, err)
		s.known["call"] = string(s.call(f[0], f[1], f[2], status).CallID)
	default:
		s.t.Fatalf("%s: %q is no kind of section", where, kind)
	}
}

func (s *scenario) credential(text string) string {
	switch kind, value, _ := strings.Cut(text, " "); kind {
	case "account":
		return basic(map[string]person{"ann": s.ann, "bob": s.bob}[value])
	case "bearer":
		return bearer(value)
	}
	return ""
}

var hole = regexp.MustCompile(`\$\{([a-z]+)\}`)

func (s *scenario) fill(text string) string {
	return hole.ReplaceAllStringFunc(text, func(m string) string {
		value, ok := s.known[m[2:len(m)-1]]
		if !ok {
			s.t.Fatalf("%s is not known yet", m)
		}
		return value
	})
}

func (s *scenario) compare(where string, want, have any) {
	s.t.Helper()
	switch w := want.(type) {
	case string:
		if name, ok := strings.CutPrefix(w, "$"); ok {
			text, isText := have.(string)
			if known, there := s.known[name]; !isText || there && known != text {
				s.t.Errorf("%s: want %s = %q, got %v", where, w, known, have)
			}
			s.known[name] = text
			return
		}
		if w == "*" {
			return
		}
	case map[string]any:
		h, ok := have.(map[string]any)
		if !ok || len(h) != len(w) {
			s.t.Errorf("%s: want %v, got %v", where, want, have)
			return
		}
		for key := range w {
			s.compare(where+"."+key, w[key], h[key])
		}
		return
	case []any:
		h, ok := have.([]any)
		if !ok || len(h) != len(w) {
			s.t.Errorf("%s: want %v, got %v", where, want, have)
			return
		}
		for i := range w {
			s.compare(fmt.Sprintf("%s[%d]", where, i), w[i], h[i])
		}
		return
	}
	if want != have {
		s.t.Errorf("%s: want %v, got %v", where, want, have)
	}
}
