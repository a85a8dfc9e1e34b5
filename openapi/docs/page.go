package docs

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

//go:embed templates
var templateFiles embed.FS

// policy lets a page load files of ours and nothing else, and talk to this instance alone.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'none'"

// page is what every page says beside its content.
type page struct {
	Title, Summary string
	// Root leads from the page to /docs/. Nav is the entry of the bar that stands for it.
	Root, Nav string
	Instance  string
	PublicURL string
	Content   any
}

var pages = map[string]*template.Template{}

func init() {
	layout := template.Must(template.New("").Funcs(template.FuncMap{"markdown": markdown, "letter": letter}).
		ParseFS(templateFiles, "templates/layout.html", "templates/entry.html"))
	for _, name := range []string{"home", "apis", "overview", "operation", "changes", "swagger", "redoc", "door", "outbox", "problem"} {
		pages[name] = template.Must(template.Must(layout.Clone()).ParseFS(templateFiles, "templates/"+name+".html"))
	}
}

// show renders a page whole before it sends the first byte.
func (l *Library) show(w http.ResponseWriter, r *http.Request, name string, status int, p page) {
	p.Root, p.Instance, p.PublicURL = rootOf(r.URL.Path), l.Instance, l.PublicURL
	var out bytes.Buffer
	if err := pages[name].ExecuteTemplate(&out, "layout", p); err != nil {
		l.Logger.Error("page", "name", name, "error", err)
		http.Error(w, "This page cannot be made.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	if h.Get("Content-Security-Policy") == "" {
		h.Set("Content-Security-Policy", policy)
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(out.Bytes()) // who hung up does not read it
	}
}

// rootOf leads from a path below /docs/ back there; empty where it is there.
func rootOf(path string) string {
	return strings.Repeat("../", strings.Count(strings.TrimPrefix(path, "/docs/"), "/"))
}

func (l *Library) problem(w http.ResponseWriter, r *http.Request, status int, title, text string) {
	l.show(w, r, "problem", status, page{Title: title, Summary: text, Content: text})
}

// reader renders Markdown without the HTML that may stand in it: documents are written by others.
var reader = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Linkify))

func markdown(text string) template.HTML {
	var out bytes.Buffer
	if err := reader.Convert([]byte(text), &out); err != nil {
		return template.HTML(template.HTMLEscapeString(text))
	}
	return template.HTML(out.String())
}
