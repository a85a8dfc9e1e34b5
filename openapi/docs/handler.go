package docs

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
)

// Serves says whether a path belongs to the pages.
func Serves(path string) bool {
	return path == "/docs" || strings.HasPrefix(path, "/docs/") || path == "/llms.txt"
}

// ServeHTTP answers everything at /docs and below, and /llms.txt, to everybody.
func (l *Library) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Pages are read only.", http.StatusMethodNotAllowed)
		return
	}
	if r.URL.Path == "/llms.txt" {
		l.llms(w, r)
		return
	}
	rest, below := strings.CutPrefix(r.URL.Path, "/docs/")
	if !below {
		redirect(w, "docs/")
		return
	}
	switch parts := strings.Split(rest, "/"); {
	case rest == "":
		l.home(w, r)
	case len(parts) == 1 && doors[rest].Title != "":
		l.door(w, r, doors[rest])
	case rest == "outbox":
		l.outbox(w, r)
	case rest == "llms.txt":
		l.llms(w, r)
	case parts[0] == "assets":
		serveAsset(w, r, strings.Join(parts[1:], "/"))
	case rest == "apis":
		redirect(w, "apis/")
	case rest == "apis/":
		l.apis(w, r)
	case parts[0] == "apis":
		l.api(w, r, parts[1], parts[2:])
	default:
		l.notFound(w, r)
	}
}

// api answers what is below an API: rest are the segments behind its host.
func (l *Library) api(w http.ResponseWriter, r *http.Request, host string, rest []string) {
	offer, ok := l.Catalog.Offer(host)
	if !ok || host != offer.API.Host {
		l.notFound(w, r)
		return
	}
	if len(rest) == 0 {
		redirect(w, host+"/")
		return
	}
	pages := map[string]func(http.ResponseWriter, *http.Request, catalog.Offer){
		"": l.overview, "swagger": l.swagger, "redoc": l.redoc, "changes": l.changes,
	}
	name, inside := rest[0], rest[1:]
	page, isPage := pages[name]
	switch k := kindNamed(name); {
	case k != nil && len(inside) == 0:
		l.download(w, r, offer, k)
	case isPage && name == "" && len(inside) == 0, isPage && slices.Equal(inside, []string{""}):
		page(w, r, offer)
	case name == "operations" && len(inside) > 0:
		l.operation(w, r, offer, inside)
	case name == "llms.txt" && len(inside) == 0:
		l.apiLLMs(w, r, offer)
	case isPage && len(inside) == 0:
		redirect(w, name+"/")
	default:
		l.notFound(w, r)
	}
}

// redirect leads to an address relative to the one that was asked for, so that a prefix a proxy took away stays.
func redirect(w http.ResponseWriter, to string) {
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
}

// download hands a document out.
func (l *Library) download(w http.ResponseWriter, r *http.Request, offer catalog.Offer, k *kind) {
	d, err := l.document(r.Context(), offer, k)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*") // documents are public: tools on any page may read them
	if k.binary {
		h.Set("Content-Disposition", `inline; filename="`+offer.API.Host+"-"+k.Name+`"`)
	}
	serveBytes(w, r, content{contentType: k.contentType, data: d.Data, packed: !k.binary, tag: d.Digest + "-" + k.Name})
}

// fail answers an error as a page.
func (l *Library) fail(w http.ResponseWriter, r *http.Request, err error) {
	public := pontage.Public(err)
	if public.Code == pontage.NotFound {
		l.problem(w, r, http.StatusNotFound, "Not there yet", public.Message)
		return
	}
	l.Logger.Error("page", "error", err)
	l.problem(w, r, http.StatusServiceUnavailable, "Not now", "This page cannot be made at the moment. Try again in a minute.")
}

func (l *Library) notFound(w http.ResponseWriter, r *http.Request) {
	l.problem(w, r, http.StatusNotFound, "Nothing here", "There is no page at this address.")
}
