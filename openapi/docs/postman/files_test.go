package postman_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/pontage/pontage/openapi/docs/postman"
	"github.com/pontage/pontage/openapi/docs/reference"
)

// Whoever opens an operation that takes files must be asked for them by the tool, not shown a body that no server reads.
func TestFilesAreAskedFor(t *testing.T) {
	ref, err := reference.Read([]byte(`{"openapi":"3.0.3","info":{"title":"T","version":"1"},"servers":[{"url":"https://api.example.com"}],"paths":{
"/form":{"post":{"requestBody":{"content":{"multipart/form-data":{"schema":{"type":"object","required":["title","document"],"properties":{
	"title":{"type":"string","example":"News"},"document":{"type":"string","format":"binary"}}}}}},"responses":{"200":{"description":"x"}}}},
"/picture":{"put":{"requestBody":{"content":{"image/png":{"schema":{"type":"string","format":"binary"}}}},"responses":{"200":{"description":"x"}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	collection, err := postman.Collection(ref)
	if err != nil {
		t.Fatal(err)
	}
	flat := strings.Join(strings.Fields(string(collection)), "")
	for _, want := range []string{`"mode":"formdata"`, `{"key":"title","value":"News","type":"text"}`, `{"key":"document","src":"file.bin","type":"file"}`,
		`"mode":"file"`, `"file":{"src":"file.png"}`, `"value":"image/png"`} {
		if !strings.Contains(flat, want) {
			t.Errorf("the collection lacks %s", want)
		}
	}
	if strings.Contains(flat, `"value":"multipart/form-data"`) {
		t.Error("the collection names a content type without its boundary")
	}
	packed, err := postman.Bruno(ref, ref.Servers)
	if err != nil {
		t.Fatal(err)
	}
	text := unpacked(t, packed)
	for _, want := range []string{"body: multipartForm", "body:multipart-form {", "  title: News", "  document: @file(file.bin)", "body: file", "body:file {", "  file: @file(file.png)"} {
		if !strings.Contains(text, want) {
			t.Errorf("the folder lacks %q in\n%s", want, text)
		}
	}
}

// unpacked is all that is in an archive, one file behind the other.
func unpacked(t *testing.T, packed []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range archive.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, in); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
