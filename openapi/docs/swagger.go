package docs

import (
	_ "embed"
	"html/template"
	"net/http"
	"strings"

	"github.com/swaggest/swgui/v5emb"
)

var (
	//go:embed index.html
	indexText string
	//go:embed start.js
	start []byte

	index = template.Must(template.New("index").Parse(indexText))
)

// policy lets the page load from its own origin alone. Swagger UI writes style attributes and shows images from data URLs.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// New gives a handler for the paths below "/": the page, its script and Swagger UI's files. documentURL is where the page finds the
// document, relative to itself. The page sends its trial calls to the origin it was loaded from.
func New(title, documentURL string) http.Handler {
	assets := v5emb.New(title, documentURL, "/")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		switch strings.TrimPrefix(r.URL.Path, "/") {
		case "":
			h.Set("Content-Type", "text/html; charset=utf-8")
			_ = index.Execute(w, struct{ Title, Document string }{title, documentURL}) // who hung up does not read it
		case "start.js":
			h.Set("Content-Type", "text/javascript; charset=utf-8")
			_, _ = w.Write(start)
		default:
			assets.ServeHTTP(w, r)
		}
	})
}
