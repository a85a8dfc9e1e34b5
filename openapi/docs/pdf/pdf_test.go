package pdf_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pontage/pontage/openapi/docs/pdf"
	"github.com/pontage/pontage/openapi/docs/reference"
)

func documents(t testing.TB) map[string][]byte {
	t.Helper()
	files := []string{"../../token/openapi.yaml", "../../../catalog/testdata/library.json", "../../../catalog/testdata/weather.yaml"}
	if folder := os.Getenv("PONTAGE_APIS"); folder != "" {
		more, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil || len(more) == 0 {
			t.Fatalf("PONTAGE_APIS=%s has no documents: %v", folder, err)
		}
		files = append(files, more...)
	}
	all := map[string][]byte{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(file)] = data
	}
	return all
}

func printed(t testing.TB, document []byte) ([]byte, *reference.Reference) {
	t.Helper()
	ref, err := reference.Read(document)
	if err != nil {
		t.Fatal(err)
	}
	data, err := pdf.Print(ref)
	if err != nil {
		t.Fatal(err)
	}
	return data, ref
}

// Every document becomes a PDF with pages, an outline entry for each operation and a link to it; the end-to-end tests read its text.
func TestEveryDocumentIsPrinted(t *testing.T) {
	for name, document := range documents(t) {
		data, ref := printed(t, document)
		pages := bytes.Count(data, []byte("/Type /Page\n"))
		entries, links := bytes.Count(data, []byte("/Title (")), bytes.Count(data, []byte("/Subtype /Link"))
		if pages < 3 || entries < len(ref.Operations) || links < len(ref.Operations) || !bytes.HasPrefix(data, []byte("%PDF-")) {
			t.Errorf("%s: %d pages, %d outline entries, %d links for %d operations", name, pages, entries, links, len(ref.Operations))
		}
	}
}

// An import that changed nothing must not say anything else. Only the fonts' files may differ: the library packs their letters in any order.
func TestTheSameDocumentGivesTheSamePages(t *testing.T) {
	document := documents(t)["library.json"]
	first, _ := printed(t, document)
	second, _ := printed(t, document)
	end := []byte("endobj")
	one, other := bytes.Split(first, end), bytes.Split(second, end)
	if len(one) != len(other) {
		t.Fatalf("%d and %d objects", len(one), len(other))
	}
	for i := range one[:len(one)-1] { // the last part has the places of the others
		if font := []byte("/Length1 "); !bytes.Equal(one[i], other[i]) && !(bytes.Contains(one[i], font) && bytes.Contains(other[i], font)) {
			t.Errorf("object %d differs: %.200q and %.200q", i, one[i], other[i])
		}
	}
}

// Whatever a stranger writes into a description is printed, or shown as a question mark, and stops nothing.
func TestAnyTextIsPrinted(t *testing.T) {
	nasty := `{"openapi":"3.0.3","info":{"title":"T \ud83d\ude00 \u4e2d\u6587","version":"1","description":"` +
		strings.Repeat("x", 5000) + ` \u0000\u0007\t( ) \\ <b>bold</b> <unknown> \ufeff\u202e {slug} [a](https://example.com) \r\n\r\n* item"},
"paths":{"/` + strings.Repeat("very-long-", 40) + `":{"get":{"summary":"` + strings.Repeat("long ", 200) + `","responses":{"200":{"description":"",
"content":{"text/plain":{"schema":{"type":"string"},"example":"a\u0000b"}}}}}}}}`
	printed(t, []byte(nasty))
}
