package explorer

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Path is where the files are served; the page itself is at the API's own address.
const Path = "/graphql/explorer/"

// policy lets only the instance's own scripts run and only it be asked. GraphiQL writes style elements, so those pass.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed files
var files embed.FS

//go:embed examples/*.graphql
var examples embed.FS

// Examples are the queries that are shown, in their order.
func Examples() ([]string, error) {
	names, err := fs.Glob(examples, "examples/*.graphql")
	if err != nil {
		return nil, err
	}
	all := make([]string, len(names))
	for i, name := range names {
		text, err := examples.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all[i] = string(text)
	}
	return all, nil
}

// Wants says whether a request is a browser that was given the API's address: the page is for it.
func Wants(r *http.Request) bool {
	return r.Method == http.MethodGet && r.URL.RawQuery == "" && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// New gives the handler of the page and its files; what is not one of them is 404.
func New() (http.Handler, error) {
	all, err := Examples()
	if err != nil {
		return nil, err
	}
	shown, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch name, ok := strings.CutPrefix(r.URL.Path, Path); {
		case !ok:
			serve(w, r, "index.html")
		case name == "examples.json":
			write(w, name, shown)
		default:
			serve(w, r, name)
		}
	}), nil
}

// serve sends a file, packed where it is stored so and the client takes it.
func serve(w http.ResponseWriter, r *http.Request, name string) {
	if data, err := files.ReadFile("files/" + name); err == nil && !strings.HasSuffix(name, ".gz") {
		write(w, name, data)
		return
	}
	packed, err := files.ReadFile("files/" + name + ".gz")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		write(w, name, packed)
		return
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err == nil {
		packed, err = io.ReadAll(reader)
	}
	if err != nil {
		http.NotFound(w, r)
		return
	}
	write(w, name, packed)
}

func write(w http.ResponseWriter, name string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	h["Vary"] = []string{"Accept, Accept-Encoding"}
	_, _ = w.Write(data) // who hung up does not read it
}
