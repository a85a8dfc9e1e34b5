//go:build e2e

package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pontage/pontage/openapi/docs/samples"
)

// uploads is a document of two operations: one takes a form with a file, the other the bytes of a picture.
const uploads = `{"openapi":"3.0.3","info":{"title":"T","version":"1"},"servers":[{"url":"%s"}],
"components":{"securitySchemes":{"b":{"type":"http","scheme":"bearer"}}},"security":[{"b":[]}],
"paths":{"/form":{"post":{"requestBody":{"content":{"multipart/form-data":{"schema":{"type":"object","required":["title","document"],
	"properties":{"title":{"type":"string","example":"it's \"new\" @x; $HOME"},"copies":{"type":"integer","example":2},"document":{"type":"string","format":"binary"}}}}}},
	"responses":{"200":{"description":"x"}}}},
"/picture":{"put":{"requestBody":{"content":{"image/png":{"schema":{"type":"string","format":"binary"}}}},"responses":{"200":{"description":"x"}}}}}}`

// What is sent as files is sent whole, in every language: a form with its parts, and bytes as they are.
func TestSamplesSendFiles(t *testing.T) {
	bytes := "\x89PNG\r\n\x1a\n\x00\xff\xfe bytes\n"
	arrived := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived = r.Method + " " + r.Header.Get("Authorization") + " "
		if r.URL.Path == "/picture" {
			data, _ := io.ReadAll(r.Body)
			arrived += r.Header.Get("Content-Type") + " " + string(data)
		} else if file, header, err := r.FormFile("document"); err != nil {
			arrived += err.Error()
		} else {
			data, _ := io.ReadAll(file)
			arrived += fmt.Sprint(r.FormValue("title"), " ", r.FormValue("copies"), " ", header.Filename, " ", string(data))
		}
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	defer s.Close()
	ref := readReference(t, fmt.Appendf(nil, uploads, s.URL))
	for path, want := range map[string]string{
		"/form":    "POST Bearer secret it's \"new\" @x; $HOME 2 file.bin " + bytes,
		"/picture": "PUT Bearer secret image/png " + bytes,
	} {
		for _, sample := range eachLanguage(ref, operation(t, ref, path)) {
			arrived = ""
			output := runWithFiles(t, sample, bytes)
			if !strings.Contains(output, `{"ok":true}`) || arrived != want {
				t.Errorf("%s %s: %s\n got %q\nwant %q\n%s", path, sample.Lang, output, arrived, want, sample.Source)
			}
		}
	}
}

// runWithFiles runs a sample beside the files it names.
func runWithFiles(t *testing.T, s samples.Sample, bytes string) string {
	t.Helper()
	folder, runner := t.TempDir(), runners[s.Lang]
	write(t, filepath.Join(folder, runner.file), s.Source)
	for _, name := range []string{"file.bin", "file.png"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(bytes), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := append(append([]string{}, runner.command...), runner.file)
	if s.Lang == "Go" {
		command[0] = goCommand()
	}
	return run(t, folder, []string{"PONTAGE_TOKEN=secret"}, command[0], command[1:]...)
}
