package storage

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
)

// Hosts, methods and outside call ids are written by strangers. Whatever they hold comes back as it was, or is refused as a whole;
// it never becomes part of the SQL.
func FuzzTextOfStrangersIsKeptOrRefused(f *testing.F) {
	stores := []*Store{openForTest(f, filepath.Join(f.TempDir(), "fuzz.db")), openForTest(f, pgtest.URL(f))}
	for _, text := range []string{"", "'", "''); DELETE FROM calls; --", "\\'", "E'\\x'", "$1 ?0 :a", "a\x00b", "\xff\xfe", "/* */", "Ünï", "\r\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range stores {
			id := pontage.NewCallID(testStart)
			err := waitBatch(t.Context(), s, pontage.BatchKeys{Calls: []pontage.CallID{pontage.CallID(text)}, Now: testStart},
				func(*pontage.BatchState) (*pontage.BatchChanges, error) {
					return &pontage.BatchChanges{Calls: []pontage.Call{{ID: id, Method: text, Host: text, Message: text,
						State: pontage.CallRefused, DecidedAt: testStart}}}, nil
				})
			if strings.ContainsRune(text, 0) {
				if pontage.CodeOf(err) != pontage.InvalidInput {
					t.Fatalf("a NUL gave %v", err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			c, _, err := s.Call(t.Context(), id)
			want := strings.ToValidUTF8(text, "\uFFFD")
			if err != nil || oneReplacement(c.Host) != oneReplacement(want) || c.Method != c.Host || c.Message != c.Host {
				t.Fatalf("%q came back as %q, %v", text, c.Host, err)
			}
		}
	})
}

// oneReplacement counts a run of broken bytes as one, since it does not matter how many replacements stand for them.
func oneReplacement(text string) string {
	for strings.Contains(text, "\uFFFD\uFFFD") {
		text = strings.ReplaceAll(text, "\uFFFD\uFFFD", "\uFFFD")
	}
	return text
}
